"""A circular is issued under a number and a day: its figures are frozen, readers told, a further one is new (S3-27)."""

import contextvars
import io
import threading
from datetime import UTC, datetime

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import CircularEdition, Meeting, Notification

ISSUED = {"number": "东教督〔2025〕7号", "issued_on": "2025-11-12", "opening": "各片区：现将情况通报如下。"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def issue(client, **changes):
    return client.post("/supervision/circular/issue", data={**ISSUED, **changes})


def hold_a_meeting(w) -> None:
    db.session.add(
        Meeting(
            district_id=w.east.id, cluster_id=w.cluster.id, term_id=w.term.id, kind="monthly", title="例会",
            starts_at=datetime(2025, 10, 16, 6, tzinfo=UTC), minutes="议定", state="confirmed",
            created_by_id=w.lead.id, confirmed_by_id=w.lead.id,
        )
    )  # fmt: skip
    db.session.commit()


def test_what_was_issued_stays_and_the_next_one_is_another_edition(as_, world):
    bureau = as_("bureau")
    assert [as_(who).get("/supervision/circular/issue").status_code for who in ("lead", "teacher")] == [
        403,
        403,
    ]
    answer = issue(bureau)
    assert answer.status_code == 303, text(answer)
    row = db.session.scalars(sa.select(CircularEdition)).one()
    frozen, address = dict(row.content), f"/supervision/circulars/{row.id}"
    assert [line["meetings"] for line in frozen["lines"] if line["cluster"] == world.cluster.name] == [0]
    told = db.session.scalars(sa.select(Notification.person_id).where(Notification.kind == "circular_issued"))
    assert set(told) == {
        each.id
        for each in (
            world.lead,
            world.principal,
            world.nanjiao_principal,
            world.equal_lead,
            world.equal_member,
        )
    }

    hold_a_meeting(world)
    page = text(as_("lead").get(address))
    assert ("现将情况通报如下" in page, "东教督〔2025〕7号" in page, "签发人" in page) == (True, True, True)
    workbook = as_("principal").get(f"{address}.xlsx").data
    lines = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    assert [line[1] for line in lines if line[0] == world.cluster.name] == [0]
    assert [as_(who).get(address).status_code for who in ("teacher", "west_bureau")] == [404, 404]

    # The number is used once, a day of the future is none, and what was typed comes back.
    taken = issue(bureau, opening="又写一遍")
    assert (taken.status_code, "这个文号已经用过" in text(taken), "又写一遍" in text(taken)) == (
        422,
        True,
        True,
    )
    early = issue(bureau, number="东教督〔2025〕8号", issued_on="2099-01-01")
    assert (early.status_code, "不晚于今天" in text(early)) == (422, True)
    assert issue(bureau, number="东教督〔2025〕8号").status_code == 303
    editions = db.session.scalars(sa.select(CircularEdition).order_by(CircularEdition.edition)).all()
    assert [each.edition for each in editions] == [1, 2]
    assert editions[0].content == frozen
    counts = [
        line["meetings"] for line in editions[1].content["lines"] if line["cluster"] == world.cluster.name
    ]
    assert counts == [1]
    assert "这一稿之后又签发了一稿" in text(bureau.get(address))


def test_two_who_issue_at_once_make_two_editions(app, as_, world):
    clients, barrier, answers = [as_("bureau"), as_("bureau")], threading.Barrier(2), []
    db.session.commit()
    db.session.remove()

    def send(client, number):
        with app.app_context():
            barrier.wait(10)
            answers.append(issue(client, number=number).status_code)

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(send, client, f"东教督〔2025〕{n}号"))
        for n, client in enumerate(clients, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [303, 303]
    assert sorted(db.session.scalars(sa.select(CircularEdition.edition))) == [1, 2]
