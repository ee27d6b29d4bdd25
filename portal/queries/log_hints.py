"""Which words of a log look like a pupil's or a family's name: the hint before it is shared beyond the school."""

from sqlalchemy import select

from portal.domain.log_templates import PARTS
from portal.domain.third_party import Naming, namings
from portal.extensions import db
from portal.models import Person


def hints_of(district_id, texts: dict) -> list[tuple[str, Naming]]:
    """(part, phrase) of a log's texts by part. People of the district who work in it are no third parties."""
    found = [(name, each) for name in ("title", *PARTS, "lines") for each in namings(texts.get(name) or "")]
    names = {each.name for _, each in found if each.name}
    if not names:
        return found
    rows = select(Person.name).where(Person.district_id == district_id, Person.name.in_(names))
    known = set(db.session.scalars(rows))
    return [(part, each) for part, each in found if each.name not in known]


def hints_of_log(log) -> list[tuple[str, Naming]]:
    """The same of a log as it is kept."""
    texts = {name: getattr(log, name) for name in ("title", *PARTS)}
    return hints_of(log.district_id, {**texts, "lines": "\n".join(line["text"] for line in log.lines)})
