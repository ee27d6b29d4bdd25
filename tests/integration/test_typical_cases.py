"""Typical cases: proposed by the cluster, shown with consent, counted and listed in the summary (S0-14)."""

import pytest

from portal.actions import summaries as summary_actions
from portal.extensions import db
from portal.models import Notification, SummarySection, TypicalCase
from portal.queries import people, summaries
from tests.conftest import NOW
from tests.support.logs import share

WORDS = "先画旋律线再唱，后排也开口了"
CASE = {"title": "听画唱三步", "extract": WORDS, "reason": "别的学校也用得上"}


def the_case() -> TypicalCase:
    return db.session.scalars(db.select(TypicalCase)).one()


@pytest.fixture
def proposed(as_, world):
    """A log that the lead has proposed."""
    log = share(as_("teacher"), "cluster", experience=WORDS)
    assert as_("lead").post(f"/reflections/{log.id}/case", data=CASE).status_code == 303
    return log


def step(client, action: str, **more):
    case = the_case()
    data = {"action": action, "version": case.version, **more}
    return client.post(f"/reflections/cases/{case.id}/step", data=data).status_code


def told(person) -> list[str]:
    rows = db.session.scalars(
        db.select(Notification).filter_by(person_id=person.id).order_by(Notification.id)
    )
    return [row.kind for row in rows if row.kind.startswith("case")]


def content(world) -> dict:
    """The summary of the cluster as it stands today."""
    return summaries.draft_content(world.cluster, world.term, NOW.date())


def test_both_agree_before_a_case_counts_and_is_listed(as_, world, proposed):
    assert (told(world.teacher), content(world)["figures"]["logs_selected"]["value"]) == (
        ["case_proposed"],
        0,
    )
    assert "cases" not in content(world)
    assert "请您决定：听画唱三步 列为典型，好不好？" in as_("teacher").get("/").get_data(as_text=True)
    # Nobody but the writer answers; the others of the cluster do not even see the proposal.
    refused = {role: step(as_(role), "agree") for role in ("lead", "mentor", "principal", "bureau")}
    assert refused == {"lead": 403, "mentor": 404, "principal": 404, "bureau": 404}
    assert step(as_("teacher"), "agree") == 303
    found = content(world)
    case = the_case()
    assert (found["figures"]["logs_selected"]["value"], found["cases"]) == (
        1,
        [
            {
                "id": str(case.id),
                "title": "听画唱三步",
                "author": world.teacher.name,
                "school": world.linfeng.name,
                "extract": WORDS,
            }
        ],
    )
    results = next(part for part in found["sections"] if part["key"] == "results")
    assert results["tables"][-1]["rows"] == [["听画唱三步", world.teacher.name, world.linfeng.name, WORDS]]
    assert told(world.lead) == ["case_agreed"]
    assert "听画唱三步" in as_("bureau").get("/reflections/cases").get_data(as_text=True)


def test_the_figure_leads_to_the_case_by_name_and_logs_stay_numbers(as_, world, proposed):
    step(as_("teacher"), "agree")
    summary = summary_actions.begin(_lead(), world.cluster, world.term, now=NOW)
    db.session.commit()
    page = as_("lead").get(f"/summaries/{summary.id}/figures/logs_selected").get_data(as_text=True)
    assert f'href="/reflections/cases/{the_case().id}"' in page
    assert world.teacher.name in page
    others = as_("lead").get(f"/summaries/{summary.id}/figures/logs").get_data(as_text=True)
    assert (world.teacher.name in others, "听画唱三步" in others) == (False, False)


def _lead():
    return people.actor_of(people.account_by_username("lead"), NOW.date())


def test_what_a_signed_summary_prints_stays_until_it_is_corrected(as_, world, proposed):
    step(as_("teacher"), "agree")
    summary = summary_actions.begin(_lead(), world.cluster, world.term, now=NOW)
    for section in db.session.scalars(db.select(SummarySection).filter_by(summary_id=summary.id)):
        section.text, section.is_done = "写完了", True
    db.session.commit()
    summary_actions.take(_lead(), summary, "sign", note="", expected=None, now=NOW)
    db.session.commit()
    assert step(as_("teacher"), "withdraw") == 409
    assert step(as_("lead"), "take_back", note="换一篇") == 409
    assert the_case().state == "selected"
    summary_actions.take(_lead(), summary, "revise", note="更正", expected=None, now=NOW)
    db.session.commit()
    assert (step(as_("teacher"), "withdraw"), the_case().state) == (303, "withdrawn")
    assert (content(world)["figures"]["logs_selected"]["value"], told(world.lead)) == (
        0,
        ["case_agreed", "case_withdrawn"],
    )
    assert summary.snapshots[0].content["cases"][0]["title"] == "听画唱三步"


def test_the_writer_declines_without_a_reason_and_may_be_asked_again(as_, world, proposed):
    assert (step(as_("teacher"), "decline"), the_case().state, the_case().state_note) == (303, "declined", "")
    assert told(world.lead) == ["case_declined"]
    assert as_("lead").post(f"/reflections/{proposed.id}/case", data=CASE).status_code == 303
    again = as_("lead").post(f"/reflections/{proposed.id}/case", data=CASE)
    assert (again.status_code, db.session.query(TypicalCase).count()) == (422, 2)


@pytest.mark.parametrize(
    ("visibility", "role", "status"),
    [
        ("own", "lead", 404),
        ("mentor", "lead", 404),
        ("school", "lead", 403),
        ("cluster", "lead", 303),
        ("cluster", "principal", 403),
        ("cluster", "bureau", 404),
        ("cluster", "teacher", 403),
    ],
)
def test_only_the_lead_proposes_and_only_what_the_cluster_may_read(as_, visibility, role, status):
    log = share(as_("teacher"), visibility, experience=WORDS)
    assert as_(role).post(f"/reflections/{log.id}/case", data=CASE).status_code == status


def test_equal_partners_propose_each_others_logs_and_nobody_the_own(as_, world):
    log = share(as_("equal_teacher"), "cluster", experience=WORDS)
    assert as_("equal_member").post(f"/reflections/{log.id}/case", data=CASE).status_code == 303
    own = share(as_("equal_lead"), "cluster", experience=WORDS, once_key="f" * 32)
    assert as_("equal_lead").post(f"/reflections/{own.id}/case", data=CASE).status_code == 403


def test_an_extract_is_the_writers_own_words(as_, world):
    log = share(as_("teacher"), "cluster", experience=WORDS)
    made_up = as_("lead").post(f"/reflections/{log.id}/case", data={**CASE, "extract": "我认为应当大力推广"})
    page = made_up.get_data(as_text=True)
    assert (made_up.status_code, "我认为应当大力推广" in page, "一字不改" in page) == (422, True, True)


def test_a_selected_log_is_withdrawn_before_it_changes_and_a_proposed_one_lapses(as_, world, proposed):
    change = {
        "kind": "lesson",
        "title": "节奏游戏",
        "happened_on": "2025-11-18",
        "experience": "改过的话",
        "visibility": "cluster",
    }
    edited = as_("teacher").post(
        f"/reflections/{proposed.id}/edit", data={**change, "version": proposed.version}
    )
    assert (edited.status_code, the_case().state) == (303, "withdrawn")
    extract = {**CASE, "extract": "改过的话"}
    as_("lead").post(f"/reflections/{proposed.id}/case", data=extract)
    case = db.session.scalars(db.select(TypicalCase).filter_by(state="proposed")).one()
    address = f"/reflections/cases/{case.id}/step"
    as_("teacher").post(address, data={"action": "agree", "version": case.version})
    for visibility, text in (("school", "改过的话"), ("cluster", "又改了")):
        data = {**change, "visibility": visibility, "experience": text, "version": proposed.version}
        answer = as_("teacher").post(f"/reflections/{proposed.id}/edit", data=data)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "先撤回同意" in page, text in page) == (422, True, True)
    back = as_("teacher").post(
        f"/reflections/{proposed.id}/step", data={"action": "take_back", "version": proposed.version}
    )
    assert (back.status_code, proposed.state, case.state) == (409, "submitted", "selected")
