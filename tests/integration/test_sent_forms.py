"""A form for something new is carried out once, however often it arrives."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.actions import sent_forms
from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models import Meeting, SentForm
from tests.integration.test_meetings import NOTICE


def key_on(client, address: str) -> str:
    return re.search(r'name="sent_key" value="(\w{32})"', client.get(address).get_data(as_text=True))[1]


def titles() -> list[str]:
    return list(db.session.scalars(sa.select(Meeting.title).order_by(Meeting.id)))


@pytest.fixture
def address(world):
    return f"/plans/clusters/{world.cluster.id}/meetings/new"


def test_the_same_form_twice_makes_one_and_leads_to_it(as_, address):
    client = as_("principal")
    data = {**NOTICE, "sent_key": key_on(client, address)}
    first, second = client.post(address, data=data), client.post(address, data=data)
    assert (first.status_code, second.status_code, titles()) == (303, 303, [NOTICE["title"]])
    assert second.headers["Location"] == first.headers["Location"]
    assert "已经保存过，没有重复保存" in client.get(second.headers["Location"]).get_data(as_text=True)


def test_another_text_or_another_page_or_person_is_another_form(as_, address, world):
    client = as_("principal")
    key = key_on(client, address)
    client.post(address, data={**NOTICE, "sent_key": key})
    client.post(address, data={**NOTICE, "sent_key": key, "title": "11月成员校例会"})
    client.post(address, data={**NOTICE, "sent_key": key_on(client, address)})
    as_("lead").post(address, data={**NOTICE, "sent_key": key})
    assert titles() == [NOTICE["title"], "11月成员校例会", NOTICE["title"], NOTICE["title"]]


def test_a_refused_form_may_come_again(as_, address):
    client = as_("principal")
    data = {**NOTICE, "sent_key": key_on(client, address)}
    assert client.post(address, data={**data, "title": ""}).status_code == 422
    assert client.post(address, data=data).status_code == 303
    assert titles() == [NOTICE["title"]]


def test_forms_are_forgotten_after_days(world):
    old, new = uuid7(), uuid7()
    sent_forms.take(world.east.id, old, world.now - timedelta(days=4))
    db.session.commit()
    sent_forms.take(world.east.id, new, world.now)
    db.session.commit()
    assert list(db.session.scalars(sa.select(SentForm.id))) == [new]


def test_six_at_once_make_one(app, as_, address):
    data = {**NOTICE, "sent_key": key_on(as_("principal"), address)}
    clients = [app.test_client().log_in("principal") for _ in range(6)]
    db.session.commit()
    barrier = threading.Barrier(6)

    def send(client):
        barrier.wait(10)
        with app.app_context():
            return client.post(address, data=data).status_code

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, clients)) == [303] * 6
    db.session.rollback()
    assert titles() == [NOTICE["title"]]
