"""Making the entries of the search again, from the records as they are."""

from sqlalchemy import delete, select

from portal.extensions import db
from portal.models import SearchEntry
from portal.models.search_index import AT_ONCE, refresh
from portal.models.search_sources import SOURCES


def rebuild(district_id, *, done=lambda: None) -> int:
    """Read every record of a district again, and drop entries without one; returns how many there are.

    ``done`` is called after each few hundred records: a command commits there, so that others can write meanwhile.
    """
    number = 0
    for kind, (model, _read) in SOURCES.items():
        ids = db.session.scalars(select(model.id).where(model.district_id == district_id)).all()
        for begin in range(0, len(ids), AT_ONCE):
            refresh(db.session, kind, district_id, ids[begin : begin + AT_ONCE])
            done()
        here = select(model.id).where(
            model.district_id == SearchEntry.district_id, model.id == SearchEntry.id
        )
        db.session.execute(
            delete(SearchEntry)
            .where(SearchEntry.district_id == district_id, SearchEntry.kind == kind, ~here.exists())
            .execution_options(synchronize_session=False)
        )
        done()
        number += len(ids)
    return number
