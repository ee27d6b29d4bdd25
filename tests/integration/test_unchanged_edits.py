"""Every form for editing, sent back as it was opened, changes nothing.

A select that does not show what is stored would change it in the hands of somebody who came for another field.
"""

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.extensions import db
from portal.models import AuditEntry, AuditValue
from tests.support.crawl import Walk
from tests.support.html import parse
from tests.support.page_forms import post_forms

# A draft is sent by the button that would send it; nothing of it is changed.
SENDS = {"reflections.edit"}
# How many forms each of them comes to at least: a walk that finds none shows nothing.
FORMS = {"bureau": 20, "lead": 30, "principal": 12, "teacher": 8}


def told() -> list[tuple]:
    """What the history holds: the kind of entry, the field, old and new."""
    db.session.rollback()
    found = sa.select(AuditEntry.action, AuditValue.field, AuditValue.old, AuditValue.new).join(
        AuditValue,
        sa.and_(AuditValue.district_id == AuditEntry.district_id, AuditValue.entry_id == AuditEntry.id),
    )
    return [tuple(row) for row in db.session.execute(found.order_by(AuditEntry.number, AuditValue.field))]


@pytest.mark.parametrize(
    "engine", ["sqlite"], indirect=True
)  # what a form shows is no matter of the database
@pytest.mark.parametrize("who", FORMS)
def test_a_form_sent_back_as_it_was_opened_changes_nothing(app, as_, populated, who):
    client = as_(who)
    walk = Walk(app, client)
    walk.everything("/")
    pages = [page.path for page in walk.pages if "edit" in page.endpoint and page.endpoint not in SENDS]
    assert len(pages) >= FORMS[who]
    changed = []
    for path in pages:
        tree, _faults = parse(client.get(path).get_data(as_text=True))
        for address, fields in post_forms(tree):
            if address.partition("?")[0] != path.partition("?")[0] or "version" not in dict(fields):
                continue
            before = told()
            answer = client.post(address, data=MultiDict(fields), token=False)
            after = told()
            if answer.status_code != 303 or after != before:
                changed.append((path, answer.status_code, [row for row in after if row not in before]))
    assert changed == []
