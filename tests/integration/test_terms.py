"""The calendar: terms that do not overlap, their weeks, unusual days, official holidays never guessed."""

from datetime import date

import pytest

from portal.actions import terms as actions
from portal.domain import calendar
from portal.extensions import db
from portal.models import AuditEntry, CalendarDay, Term
from portal.queries import terms

NEW = {
    "school_year": "2025", "number": "2",
    "first_day": "2026-02-25", "last_day": "2026-07-03", "week_one_monday": "2026-03-02",
}  # fmt: skip


def text(answer):
    return answer.get_data(as_text=True)


def days_of(district, year):
    return [(d.day, d.kind, d.follows_weekday, d.source) for d in terms.days_of_year(district.id, year)]


def test_bureau_registers_a_term_with_a_preparation_week(as_, world):
    answer = as_("bureau").post("/admin/terms/new", data=NEW)
    term = terms.by_code(world.east.id, "2025-2026-2")
    assert answer.location == f"/admin/terms/{term.id}"
    page = text(as_("teacher").get(f"/admin/terms/{term.id}"))
    assert "2025—2026学年第二学期" in page
    assert "预备周" in page
    weeks = terms.weeks(term)
    assert (weeks[0].number, weeks[0].taught, weeks[1].first, weeks[-1].last) == (
        0, 0, date(2026, 3, 2), date(2026, 7, 3),
    )  # fmt: skip
    assert len(weeks) == 19


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"school_year": "2025", "number": "1"}, "这个学期已经有了"),
        ({"first_day": "2026-01-19"}, "第一周的周一要在第一天那一周或下一周"),
        ({"first_day": "2026-01-30", "week_one_monday": "2026-02-02"}, "和 2025-2026-1 的日期重叠"),
        ({"last_day": "2026-02-20"}, "最后一天要在第一天之后"),
        ({"last_day": "2027-02-20"}, "一个学期不会超过 300 天"),
        ({"week_one_monday": "2026-03-03"}, "2026-03-03 不是周一"),
        ({"first_day": ""}, "请填写这一项"),
        ({"school_year": "1990"}, "请从列出的选项里选择"),
    ],
)
def test_a_term_that_cannot_be_is_refused(as_, world, change, words):
    answer = as_("bureau").post("/admin/terms/new", data={**NEW, **change})
    assert answer.status_code == 422
    assert words in text(answer)
    assert [t.code for t in terms.all_terms(world.east.id)] == ["2025-2026-1", "2024-2025-2"]


def test_the_same_code_in_another_district_is_another_term(as_, world):
    assert as_("west_bureau").post("/admin/terms/new", data=NEW).status_code == 303
    assert as_("bureau").post("/admin/terms/new", data=NEW).status_code == 303
    assert len(db.session.scalars(db.select(Term).where(Term.code == "2025-2026-2")).all()) == 2


def test_changed_days_are_on_record_and_a_stale_form_is_told(as_, world):
    term, stale = world.term, world.term.version
    days = {"first_day": "2025-09-01", "last_day": "2026-01-23", "week_one_monday": "2025-09-01"}
    address = f"/admin/terms/{term.id}/edit"
    assert as_("bureau").post(address, data={**days, "version": stale}).status_code == 303
    answer = as_("bureau").post(address, data={**days, "last_day": "2026-01-16", "version": stale})
    assert (answer.status_code, term.last_day) == (409, date(2026, 1, 23))
    assert "2026-01-23" in text(answer)
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "term.edit")).one()
    assert [(v.field, v.old, v.new) for v in entry.values] == [("last_day", "2026-01-30", "2026-01-23")]


@pytest.mark.parametrize("who", ["lead", "principal", "teacher", "personnel", "liaison"])
def test_everybody_reads_the_calendar_and_the_bureau_writes_it(as_, world, who):
    client = as_(who)
    reading = ["/admin/terms/", f"/admin/terms/{world.term.id}", "/admin/days/?year=2025"]
    writing = ["/admin/terms/new", f"/admin/terms/{world.term.id}/edit", "/admin/days/new"]
    assert [client.get(address).status_code for address in (*reading, *writing)] == [200] * 3 + [403] * 3
    assert client.post("/admin/days/import", data={"year": "2025"}).status_code == 403
    assert as_("west_bureau").get(f"/admin/terms/{world.term.id}").status_code == 404
    assert days_of(world.east, 2025) == []


def test_official_days_are_imported_once_and_swapped_days_stay_open(as_, world):
    bureau = as_("bureau")
    own = {"day": "2025-10-08", "kind": "local_off", "note": "校运会"}
    assert bureau.post("/admin/days/new", data=own).status_code == 303
    assert bureau.post("/admin/days/import", data={"year": "2025"}).location == "/admin/days/?year=2025"
    page = text(bureau.get("/admin/days/?year=2025"))
    assert "天已有、保持不变" in page
    found = days_of(world.east, 2025)
    assert (date(2025, 10, 1), "holiday", None, "national") in found
    assert (date(2025, 10, 8), "local_off", None, "local") in found  # the district's own day stays
    assert (date(2025, 9, 28), "swapped", None, "national") in found
    assert (date(2025, 10, 11), "swapped", None, "national") in found
    bureau.post("/admin/days/import", data={"year": "2025"})
    assert days_of(world.east, 2025) == found
    assert days_of(world.west, 2025) == []
    assert "还没有定按哪天的课表" in text(bureau.get("/admin/"))


def test_an_unpublished_year_imports_nothing(as_, world):
    answer = as_("bureau").post("/admin/days/import", data={"year": "2099"})
    assert answer.status_code == 422
    assert "2099年的放假安排未公布，什么都没有导入" in text(answer)
    assert days_of(world.east, 2099) == []
    assert "2099年未公布" in text(as_("bureau").get("/admin/days/?year=2099"))
    assert (actions.is_published(2025), actions.is_published(2099)) == (True, False)


def test_a_swapped_workday_teaches_the_weekday_that_the_district_set(as_, world):
    bureau = as_("bureau")
    bureau.post("/admin/days/import", data={"year": "2025"})
    day = db.session.scalars(db.select(CalendarDay).where(CalendarDay.day == date(2025, 10, 11))).one()
    week_six = next(w for w in terms.weeks(world.term) if w.first <= day.day <= w.last)
    assert week_six.taught == 2  # Thursday and Friday; the swapped Saturday is not counted yet
    data = {"day": "2025-10-11", "kind": "swapped", "follows_weekday": "2", "version": day.version}
    assert bureau.post(f"/admin/days/{day.id}/edit", data=data).status_code == 303
    swaps = terms.swap_days(world.east.id, world.term.first_day, world.term.last_day)
    assert calendar.teaching_weekday(date(2025, 10, 11), swaps) == 2
    assert (day.source, terms.weeks(world.term)[week_six.number - 1].taught) == ("local", 3)
    assert "上周二的课" in text(as_("teacher").get(f"/admin/terms/{world.term.id}"))


def test_a_day_off_follows_no_timetable(as_, world):
    as_("bureau").post(
        "/admin/days/new", data={"day": "2025-12-31", "kind": "holiday", "follows_weekday": "3"}
    )
    assert days_of(world.east, 2025) == [(date(2025, 12, 31), "holiday", None, "local")]


def test_a_day_is_registered_once_edited_and_deleted(as_, world):
    bureau = as_("bureau")
    data = {"day": "2025-12-31", "kind": "local_off", "follows_weekday": "", "note": "调研"}
    assert bureau.post("/admin/days/new", data=data).status_code == 303
    again = bureau.post("/admin/days/new", data={**data, "note": "另一次"})
    assert again.status_code == 422
    assert "这一天已经登记过" in text(again)
    assert "另一次" in text(again)
    day = db.session.scalars(db.select(CalendarDay)).one()
    stale = day.version
    change = {**data, "note": "全区调研", "version": stale}
    assert bureau.post(f"/admin/days/{day.id}/edit", data=change).status_code == 303
    late = bureau.post(f"/admin/days/{day.id}/edit", data={**change, "note": "别的"})
    assert (late.status_code, day.note) == (409, "全区调研")
    assert as_("west_bureau").post(f"/admin/days/{day.id}/delete").status_code == 404
    assert bureau.post(f"/admin/days/{day.id}/delete", data={"version": stale}).status_code == 409
    assert bureau.post(f"/admin/days/{day.id}/delete", data={"version": day.version}).status_code == 303
    assert days_of(world.east, 2025) == []


def test_the_district_has_the_names_of_its_documents(as_, world):
    bureau = as_("bureau")
    data = {"name": "东城区", "bureau_name": "东城区教育委员会", "version": world.east.version}
    assert bureau.post("/admin/district", data=data).status_code == 303
    assert world.east.bureau_name == "东城区教育委员会"
    assert "东城区教育委员会" in text(bureau.get("/admin/district"))
    assert bureau.post("/admin/district", data={**data, "bureau_name": "x"}).status_code == 409
    assert as_("personnel").get("/admin/district").status_code == 403
