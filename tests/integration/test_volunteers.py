"""Volunteers without a post, offers of time, programmes with targets, certificates of service (S4-43)."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.domain.access import can
from portal.extensions import db
from portal.models import (
    AuditEntry,
    AuditValue,
    Delivery,
    Person,
    Posting,
    Programme,
    ServiceCertificate,
    TeachingOffer,
    Volunteer,
)
from portal.queries import deliveries, signups, volunteers
from tests.populate import populate
from tests.support.cast_names import ACCOUNTS
from tests.support.deliveries import FORM, add_volunteer, publish, states, take_place
from tests.support.pdf import lines_of, read

PEOPLE = "/visiting/volunteers/people"
OFFER = {
    "kind": "volunteer_service",
    "subject": "音乐、合唱",
    "stage": "",
    "starts_on": "2025-11-20",
    "ends_on": "",
    "times": "周二、周四下午",
    "details": "",
}


def only(model):
    return db.session.scalars(sa.select(model)).one()


def audit_text(row) -> str:
    """Everything that the history of a row tells."""
    values = db.session.scalars(
        sa.select(AuditValue)
        .join(AuditEntry, AuditEntry.id == AuditValue.entry_id)
        .filter_by(object_id=row.id)
    )
    return " ".join(f"{value.old} {value.new}" for value in values)


# Volunteers


def test_a_school_office_enters_a_volunteer_whose_number_is_sealed_and_masked(as_, world):
    data = {
        "name": "钟雅宁",
        "background": "退休教师",
        "subject_words": "音乐、合唱",
        "new_phone": "13800006101",
    }
    answer = as_("office").post(f"{PEOPLE}/new", data={**data, "school": str(world.gongchen.id)})
    assert answer.status_code == 303
    made = only(Volunteer)
    person = db.session.get(Person, (made.district_id, made.person_id))
    assert (person.name, person.subjects, person.employments, made.school_id, made.cluster_id) == (
        "钟雅宁",
        ["音乐", "合唱"],
        [],
        world.gongchen.id,
        world.cluster.id,
    )
    stored = db.session.scalar(sa.text("SELECT phone FROM person WHERE name = :name"), {"name": "钟雅宁"})
    assert "13800006101" not in stored
    page = as_("office").get(f"{PEOPLE}/{made.id}").get_data(as_text=True)
    assert "138****6101" in page
    assert "13800006101" not in page
    shown = as_("office").post(f"{PEOPLE}/{made.id}/phone").get_data(as_text=True)
    assert "13800006101" in shown
    told = sa.select(AuditEntry.action).filter_by(object_id=made.id).order_by(AuditEntry.number)
    actions = db.session.scalars(told).all()
    assert actions == ["volunteer.create", "volunteer.reveal"]
    assert "13800006101" not in audit_text(made)


def test_managers_of_the_cluster_see_a_volunteer_and_teachers_and_others_do_not(as_, world):
    path = f"{PEOPLE}/{add_volunteer(world).id}"
    answers = {name: as_(name).get(path).status_code for name in ("bureau", "lead", "principal", "teacher")}
    assert answers == {"bureau": 200, "lead": 200, "principal": 200, "teacher": 404}
    assert as_("equal_lead").get(path).status_code == 404
    assert as_("west_bureau").get(path).status_code == 404
    assert as_("lead").post(f"{path}/phone").status_code == 403
    assert as_("teacher").get(PEOPLE).status_code == 403


def test_what_the_bureau_enters_serves_every_school(as_, world):
    answer = as_("bureau").post(f"{PEOPLE}/new", data={"name": "白若兰", "background": "", "school": ""})
    assert answer.status_code == 303
    made = only(Volunteer)
    assert as_("equal_lead").get(f"{PEOPLE}/{made.id}").status_code == 200
    row = publish(world, is_open=True, direct=True)
    data = {"person": str(made.person_id)}
    assert as_("principal").post(f"/visiting/deliveries/{row.id}/join", data=data).status_code == 303
    assert states(row.id) == {"白若兰": ("taken", 1)}


def test_a_namesake_is_asked_about(as_, world):
    add_volunteer(world)
    data = {"name": "钟雅宁", "background": "", "school": str(world.gongchen.id)}
    refused = as_("office").post(f"{PEOPLE}/new", data=data)
    assert refused.status_code == 422
    assert "已有同名的志愿者" in refused.get_data(as_text=True)
    assert as_("office").post(f"{PEOPLE}/new", data={**data, "is_namesake": "y"}).status_code == 303


def test_an_edit_keeps_the_number_and_a_stale_one_is_a_conflict(as_, world):
    made = add_volunteer(world)
    data = {"name": "钟雅静", "background": "画家", "subject_words": "美术", "school": str(world.gongchen.id)}
    version = made.version
    path = f"{PEOPLE}/{made.id}/edit"
    assert as_("office").post(path, data={**data, "version": version}).status_code == 303
    db.session.rollback()
    person = db.session.get(Person, (made.district_id, made.person_id), populate_existing=True)
    assert (person.name, person.phone) == ("钟雅静", "13800001234")
    assert as_("principal").post(path, data={**data, "version": version}).status_code == 409


def test_both_sides_see_the_number_of_who_signed_up_and_others_do_not(as_, world):
    volunteer = add_volunteer(world)
    row = publish(world, school=world.nanjiao)
    person = db.session.get(Person, (volunteer.district_id, volunteer.person_id))
    signup = take_place(row, person, is_guest=True, home_school_id=world.gongchen.id)
    path = f"/visiting/signups/{signup.id}/phone"
    assert "13800001234" in as_("nanjiao_principal").post(path).get_data(as_text=True)
    assert "13800001234" in as_("office").post(path).get_data(as_text=True)
    assert as_("teacher").post(path).status_code == 403
    page = as_("teacher").get(f"/visiting/deliveries/{row.id}").get_data(as_text=True)
    assert "钟雅宁" in page
    assert "1234" not in page


# Offers


def test_a_teacher_offers_time_and_a_school_invites_with_a_call_for_help(as_, world):
    data = {**OFFER, "person": str(world.teacher.id), "schools": [str(world.gongchen.id)]}
    assert as_("teacher").post("/visiting/offers/new", data=data).status_code == 303
    offer = only(TeachingOffer)
    assert [row.school_id for row in offer.schools] == [world.gongchen.id]
    board = as_("principal").get("/visiting/volunteers").get_data(as_text=True)
    assert "周二、周四下午" in board
    row = publish(world)
    assert as_("teacher").post(f"/visiting/offers/{offer.id}/invite").status_code == 403
    data = {"delivery": str(row.id)}
    assert as_("principal").post(f"/visiting/offers/{offer.id}/invite", data=data).status_code == 303
    made = signups.signup_of(row, world.teacher.id)
    assert (made.state, made.offer_id) == ("invited", offer.id)


def test_a_call_for_help_in_answer_to_an_offer_invites_at_once(as_, world):
    as_("teacher").post("/visiting/offers/new", data={**OFFER, "person": str(world.teacher.id)})
    offer = only(TeachingOffer)
    path = f"/visiting/deliveries/new?offer={offer.id}"
    assert "音乐、合唱" in as_("principal").get(path).get_data(as_text=True)
    data = {**FORM, "school": str(world.gongchen.id), "from_school": ""}
    assert as_("principal").post(path, data=data).status_code == 303
    assert states(only(Delivery).id) == {"林晓岚": ("invited", None)}


def test_nobody_invites_to_the_call_of_another_school(as_, world):
    as_("teacher").post("/visiting/offers/new", data={**OFFER, "person": str(world.teacher.id)})
    offer, row = only(TeachingOffer), publish(world)
    data = {"delivery": str(row.id)}
    answer = as_("nanjiao_principal").post(f"/visiting/offers/{offer.id}/invite", data=data)
    assert answer.status_code == 409
    assert states(row.id) == {}


def test_offers_are_for_oneself_or_a_volunteer_in_hand(as_, world):
    data = {**OFFER, "person": str(world.mentor.id)}
    assert as_("teacher").post("/visiting/offers/new", data=data).status_code == 422
    volunteer = add_volunteer(world)
    data = {**OFFER, "person": str(volunteer.person_id)}
    assert as_("nanjiao_principal").post("/visiting/offers/new", data=data).status_code == 422
    assert as_("office").post("/visiting/offers/new", data=data).status_code == 303
    assert only(TeachingOffer).is_guest is True
    assert "先登记志愿者" in as_("liaison").get("/visiting/offers/new").get_data(as_text=True)


def test_an_offer_that_was_put_away_leaves_the_board(as_, world):
    as_("teacher").post("/visiting/offers/new", data={**OFFER, "person": str(world.teacher.id)})
    offer = only(TeachingOffer)
    data = {"action": "end", "version": offer.version}
    assert as_("mentor").post(f"/visiting/offers/{offer.id}/step", data=data).status_code == 403
    assert as_("teacher").post(f"/visiting/offers/{offer.id}/step", data=data).status_code == 303
    assert "周二、周四下午" not in as_("principal").get("/visiting/volunteers").get_data(as_text=True)
    stale = as_("teacher").post(f"/visiting/offers/{offer.id}/step", data={**data, "action": "resume"})
    assert stale.status_code == 409


# Programmes


def test_the_bureau_sets_targets_and_records_stand_against_them(as_, world):
    data = {
        "name": "百名志愿者支教",
        "starts_on": "2025-09-01",
        "ends_on": "2027-08-31",
        "target_volunteers": "100",
    }
    assert as_("lead").post("/visiting/programmes/new", data=data).status_code == 403
    assert as_("bureau").post("/visiting/programmes/new", data=data).status_code == 303
    programme = only(Programme)
    _serve(world, world.teacher)
    db.session.add(
        Posting(
            district_id=world.east.id,
            person_id=world.mentor.id,
            form="volunteer_teaching",
            home_school_id=world.linfeng.id,
            host_school_id=world.nanjiao.id,
            starts_on=date(2025, 9, 1),
            arrived_on=date(2025, 9, 1),
            is_volunteer=True,
            state="active",
            created_by_id=world.lead.id,
        )
    )
    signed_up = publish(world)
    take_place(signed_up, world.colleague, is_volunteer=True)
    assert volunteers.standing(programme) == [("volunteers", 2, 100)]
    page = as_("teacher").get(f"/visiting/programmes/{programme.id}").get_data(as_text=True)
    assert "2 人" in page
    assert "另有 1 人已排上名额，还没有服务，不计入" in page
    assert as_("west_bureau").get(f"/visiting/programmes/{programme.id}").status_code == 404


def test_a_programme_needs_a_target_and_none_is_filled_in_beforehand(as_, world):
    page = as_("bureau").get("/visiting/programmes/new").get_data(as_text=True)
    assert 'name="target_volunteers"' in page
    assert 'value="100"' not in page
    data = {"name": "空项目", "starts_on": "2025-09-01", "ends_on": "2027-08-31"}
    answer = as_("bureau").post("/visiting/programmes/new", data=data)
    assert answer.status_code == 422
    assert "至少填写一项目标" in answer.get_data(as_text=True)


def test_targets_change_with_their_history(as_, world):
    data = {"name": "项目", "starts_on": "2025-09-01", "ends_on": "2027-08-31", "target_volunteers": "100"}
    as_("bureau").post("/visiting/programmes/new", data=data)
    programme = only(Programme)
    path = f"/visiting/programmes/{programme.id}/edit"
    changed = {**data, "target_volunteers": "", "target_deliveries": "20", "version": programme.version}
    assert as_("bureau").post(path, data=changed).status_code == 303
    assert [(kind, target) for kind, _, target in volunteers.standing(programme)] == [("deliveries", 20)]
    assert '"volunteers": 100' in audit_text(programme)
    assert as_("bureau").post(path, data={**changed, "ends_on": "2024-01-01"}).status_code == 409


# Certificates


def _serve(world, person, minutes: int = 90, day=date(2025, 11, 12), **facts):
    """A confirmed service at 拱辰中心小学."""
    row = publish(
        world, starts_on=day, state="confirmed", held_on=day, confirmed_by_id=world.principal.id, **facts
    )
    return take_place(row, person, came=True, minutes=minutes, periods=0, is_volunteer=True)


def test_a_certificate_has_number_school_and_confirmed_hours(as_, world):
    signup = _serve(world, world.teacher)
    _serve(world, world.teacher, 60, date(2025, 10, 9), title="书法")
    answer = as_("teacher").post(f"/visiting/signups/{signup.id}/certificate")
    assert answer.status_code == 303
    made = only(ServiceCertificate)
    assert (made.year, made.number, made.content["minutes"], len(made.content["services"])) == (
        2025,
        1,
        150,
        2,
    )
    page = as_("teacher").get(f"/visiting/certificates/{made.id}").get_data(as_text=True)
    assert "拱辰中心小学服证〔2025〕1号" in page
    assert "请以新的证明为准" not in page
    pdf = as_("teacher").get(f"/visiting/certificates/{made.id}.pdf")
    assert pdf.mimetype == "application/pdf"
    text = "".join("".join(line.text for line in lines_of(read(pdf.data))).split())
    for words in (
        "服务证明",
        "拱辰中心小学服证〔2025〕1号",
        "林晓岚",
        "麟峰小学片区",
        "共2次",
        "2.5小时",
        "2025年11月19日",
    ):
        assert words in text
    as_("principal").post(f"/visiting/signups/{signup.id}/certificate")
    assert only(ServiceCertificate).id == made.id  # the same is not certified twice


def test_after_another_service_the_next_certificate_has_the_next_number(as_, world):
    signup = _serve(world, world.teacher)
    as_("teacher").post(f"/visiting/signups/{signup.id}/certificate")
    first = only(ServiceCertificate)
    _serve(world, world.teacher, 60, date(2025, 11, 13), title="书法")
    assert "请以新的证明为准" in as_("teacher").get(f"/visiting/certificates/{first.id}").get_data(
        as_text=True
    )
    as_("teacher").post(f"/visiting/signups/{signup.id}/certificate")
    rows = db.session.scalars(sa.select(ServiceCertificate).order_by(ServiceCertificate.number)).all()
    assert [(row.number, row.content["minutes"]) for row in rows] == [(1, 90), (2, 150)]


def test_nothing_is_certified_before_it_is_confirmed(as_, world):
    signup = take_place(publish(world), world.teacher)
    assert as_("teacher").post(f"/visiting/signups/{signup.id}/certificate").status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ServiceCertificate)) == 0


def test_a_certificate_is_for_the_person_the_school_and_the_bureau(as_, world):
    signup = _serve(world, world.teacher)
    as_("teacher").post(f"/visiting/signups/{signup.id}/certificate")
    path = f"/visiting/certificates/{only(ServiceCertificate).id}"
    answers = {
        name: as_(name).get(path).status_code
        for name in ("teacher", "principal", "bureau", "mentor", "lead", "equal_lead", "west_bureau")
    }
    assert answers == {
        "teacher": 200,
        "principal": 200,
        "bureau": 200,
        "mentor": 404,
        "lead": 404,
        "equal_lead": 404,
        "west_bureau": 404,
    }
    assert as_("mentor").post(f"/visiting/signups/{signup.id}/certificate").status_code == 403


@pytest.mark.parametrize(
    ("model", "permission", "visible"),
    [
        (Volunteer, "volunteer.view", volunteers.visible_to),
        (TeachingOffer, "offer.view", deliveries.offers_visible_to),
    ],
)
def test_lists_show_exactly_what_the_permission_shows(app, world, actor_of, model, permission, visible):
    populate(world)
    add_volunteer(world, of_bureau=True)
    rows = db.session.scalars(sa.select(model)).all()
    assert len(rows) >= 3
    for name in ACCOUNTS:
        who = actor_of(name)
        shown = {row.id for row in db.session.scalars(visible(who))}
        assert shown == {row.id for row in rows if can(who, permission, row)}, name
