"""Timetables that are pasted, uploaded or taken over from the term before: preview, then all or nothing."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
import xlsxwriter

from portal.extensions import db
from portal.models import (
    BellPeriod,
    BusyHour,
    Notification,
    TeacherLimit,
    TimetableImport,
    TravelTime,
    VisitingLesson,
    VisitingSession,
)
from tests.support.visiting import LESSON, dates, ring_bells, session_on

HEAD = ["工号", "学校", "班级", "学科", "星期", "节次", "类型", "锁定", "周次"]
ROW = ["T1", "拱辰中心小学", "三（1）班", "音乐", 2, 1, "走教", "否", None]
HOME = ["T1", "麟峰小学", "一（1）班", "音乐", 2, 4, "本校", "是", "单"]


@pytest.fixture
def known(world):
    """Bells, ways and staff numbers."""
    ring_bells(world)
    world.teacher.staff_no, world.mentor.staff_no = "T1", "T2"
    db.session.commit()


def text(answer) -> str:
    return answer.get_data(as_text=True)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(answer)))


def errors(answer) -> list[tuple]:
    return re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', text(answer))


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def paste(client, *rows, term="2025-2026-1"):
    lines = "\n".join("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return client.post("/visiting/timetable/import/", data={"term": term, "text": lines})


def workbook(**sheets) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as target:
        for name, rows in sheets.items():
            page = target.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return buffer.getvalue()


def upload(client, data: bytes, name="课表.xlsx"):
    form = {"term": "2025-2026-1", "file": (io.BytesIO(data), name)}
    return client.post("/visiting/timetable/import/", data=form, content_type="multipart/form-data")


def preview(client, answer):
    assert answer.status_code == 303, text(answer)
    return client.get(answer.headers["Location"])


def confirm(client, page, address):
    fields = dict(re.findall(r'<input type="hidden" name="(version|digest)" value="([^"]*)"', text(page)))
    return client.post(f"{address}/confirm", data=fields)


def problems(page) -> list[tuple[str, str]]:
    """(place, words) of each line that is an error."""
    found = re.findall(
        r'data-label="位置"><b>(.*?)</b></td>\s*<td data-label="轻重">(.*?)</td>\s*<td class="wide"[^>]*>(.*?)</td>',
        text(page),
        re.DOTALL,
    )
    return [(place, said) for place, tag, said in found if "错误" in tag]


# Pasting


def test_pasted_rows_become_lessons_after_the_confirmation(as_, known, world):
    client = as_("lead")
    kept = paste(client, HEAD, ROW, HOME)
    page = preview(client, kept)
    assert (problems(page), count(VisitingLesson)) == ([], 0)
    assert "要排的课 2 节" in words(page)
    assert confirm(client, page, kept.headers["Location"]).status_code == 303
    lessons = db.session.scalars(sa.select(VisitingLesson).order_by(VisitingLesson.period)).all()
    facts = [(row.class_name, row.weekday, row.period, row.starts, row.weeks, row.state) for row in lessons]
    assert facts == [("三（1）班", 2, 1, 490, "", "running"), ("一（1）班", 2, 4, 670, "单", "running")]
    assert dates(lessons[0])[:2] == ["11-25", "12-02"]
    assert dates(lessons[1])[:2] == ["11-25", "12-09"]
    told = db.session.scalars(sa.select(Notification)).all()
    said = sorted((row.words["what"], row.person_id == world.teacher.id) for row in told)
    assert said == [("林晓岚 ×1", False), ("林晓岚 拱辰中心小学 ×1", True)]
    history = text(client.get(f"/visiting/lessons/{lessons[0].id}"))
    assert "新建" in history[history.index('class="history"') :]


def test_the_same_rows_twice_change_nothing(as_, known):
    client, written = as_("lead"), []
    for expected in ("确认导入", "没有要写入的"):
        kept = paste(client, ROW, HOME)
        page = preview(client, kept)
        assert expected in text(page)
        if expected == "确认导入":
            confirm(client, page, kept.headers["Location"])
        written.append((count(VisitingLesson), count(VisitingSession)))
    assert written == [(2, 15), (2, 15)]


def test_names_stand_for_numbers_and_a_header_may_be_missing(as_, known):
    client = as_("lead")
    rows = [["林晓岚", *ROW[1:]], ["周以宁（麟峰小学）", *ROW[1:4], "周三", "第2节"]]
    kept = paste(client, *rows)
    page = preview(client, kept)
    assert problems(page) == []
    confirm(client, page, kept.headers["Location"])
    found = db.session.scalars(sa.select(VisitingLesson).order_by(VisitingLesson.weekday)).all()
    assert [(row.person.name, row.weekday, row.period) for row in found] == [
        ("林晓岚", 2, 1),
        ("周以宁", 3, 2),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["T9", *ROW[1:]]], [("课表 第1行", "没有工号（或姓名）是T9的在职教师")]),
        ([[ROW[0], "某某小学", *ROW[2:]]], [("课表 第1行", "没有某某小学这所学校，或还没有登记作息时间")]),
        ([[*ROW[:5], 9, *ROW[6:]]], [("课表 第1行", "拱辰中心小学没有第9节")]),
        ([[*ROW[:4], 8, *ROW[5:]]], [("课表 第1行", "“星期”看不懂：8")]),
        ([[*ROW[:8], "隔周"]], [("课表 第1行", "“周次”看不懂：隔周")]),
        ([[*ROW[:3], "", *ROW[4:]]], [("课表 第1行", "“学科”是空的")]),
        (
            [ROW, [*ROW[:2], "三（2）班", *ROW[3:]]],
            [
                (
                    "课表 第2行",
                    "同一教师周二两处有课：拱辰中心小学三（1）班音乐 08:10-08:50，"
                    "拱辰中心小学三（2）班音乐 08:10-08:50（与第1行）",
                )
            ],
        ),
        ([ROW, ROW], [("课表 第2行", "同一教师周二两处有课"), ("课表 第2行", "同一班级周二同时有两节课")]),
        ([["何思源", "南郊小学", *ROW[2:]]], []),
    ],
    ids="teacher school period weekday weeks subject clash twice directed".split(),
)
def test_each_problem_stands_at_its_row_and_nothing_is_written(as_, known, rows, expected):
    client = as_("lead")
    kept = paste(client, *rows)
    page = preview(client, kept)
    found = problems(page)
    assert [
        (place, said[: len(wanted)]) for (place, said), (_p, wanted) in zip(found, expected, strict=True)
    ] == expected
    answer = client.post(f"{kept.headers['Location']}/confirm", data={"digest": "x"})
    assert (answer.status_code, count(VisitingLesson)) == (422 if expected else 409, 0)


def test_a_paste_with_a_cell_beyond_measure_is_refused_at_the_field(as_, known, world):
    answer = as_("office").post(
        "/visiting/timetable/import/", data={"term": "2025-2026-1", "text": 'x"' * 100 + "x" * 200_000}
    )
    assert answer.status_code == 422
    assert "有一格太长" in answer.get_data(as_text=True)
    assert count(TimetableImport) == 0


def test_others_lessons_are_not_ones_own_to_paste(as_, known):
    client = as_("nanjiao_principal")
    kept = paste(client, ROW)
    page = preview(client, kept)
    assert problems(page) == [("课表 第1行", "只能排本校教师的课，或到本校来上的课")]
    for who, status in (("lead", 404), ("west_lead", 404), ("teacher", 404)):
        assert as_(who).get(kept.headers["Location"]).status_code == status, who
        assert as_(who).post(f"{kept.headers['Location']}/confirm").status_code == status, who
    assert as_("teacher").get("/visiting/timetable/import/").status_code == 403


def test_rows_meet_what_is_there_and_what_binds_the_teacher(as_, known, world):
    client = as_("lead")
    data = {**LESSON, "person": "周以宁", "school": str(world.gongchen.id)}
    assert client.post("/visiting/lessons/new", data=data).status_code == 303
    client.post(f"/visiting/limits/{world.teacher.id}", data={"half_days": ["2am"], "week_periods": "1"})
    kept = paste(client, ROW, [*ROW[:4], 3, *ROW[5:]])
    found = problems(preview(client, kept))
    assert [(place, said[:12]) for place, said in found] == [
        ("课表 第1行", "同一班级周二同时有两节课"),
        ("课表 第2行", "周三上午不在该教师可用的"),
        ("课表 第2行", "第12周共2节，超过每周"),
    ]


def test_a_date_that_somebody_stands_in_for_is_a_problem_of_its_row(as_, known, world):
    client = as_("lead")
    data = {**LESSON, "person": "周以宁", "school": str(world.gongchen.id), "class_name": "五（1）班"}
    client.post("/visiting/lessons/new", data=data)
    row = session_on(date(2025, 12, 9))
    row.state, row.substitute_id = "substituted", world.teacher.id
    db.session.commit()
    page = preview(client, paste(client, ROW))
    assert problems(page) == [("课表 第1行", "2025-12-09 这个时间已有安排")]


def test_rows_without_a_teacher_or_a_class_are_taken_hours(as_, known, world):
    client = as_("lead")
    meeting, other = ["T1", "麟峰小学", "", "教研", 4, 1], ["", "麟峰小学", "一（1）班", "语文", 1, 1]
    kept = paste(client, meeting, other)
    page = preview(client, kept)
    assert problems(page) == []
    confirm(client, page, kept.headers["Location"])
    found = db.session.scalars(sa.select(BusyHour).order_by(BusyHour.weekday)).all()
    assert [(row.person_id, row.class_name) for row in found] == [(None, "一（1）班"), (world.teacher.id, "")]
    assert "没有要写入的" in text(preview(client, paste(client, meeting, other)))
    assert problems(preview(client, paste(client, [*ROW[:4], 4, *ROW[5:]])))[0][1].startswith(
        "同一教师周四两处有课"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text": " \n"}, ("text", "请先粘贴课表的行")),
        ({"text": "T1\t麟峰小学\n" * 3001}, ("text", "一次最多 3000 行，这里有 3002 行：请按学校分开")),
        ({"text": "x", "file": b"<html>"}, ("file", "")),
    ],
    ids=["nothing", "too much", "no workbook"],
)
def test_what_is_no_timetable_is_refused(as_, known, data, expected):
    if "file" in data:
        data = {**data, "file": (io.BytesIO(data["file"]), "a.xlsx")}
    answer = as_("lead").post("/visiting/timetable/import/", data={"term": "2025-2026-1", **data})
    assert answer.status_code == 422
    assert errors(answer)[0][0] == expected[0]
    assert expected[1] in errors(answer)[0][1]
    assert count(TimetableImport) == 0


def test_an_import_is_given_up_and_its_rows_go(as_, known):
    client = as_("lead")
    kept = paste(client, ROW)
    made = db.session.scalars(sa.select(TimetableImport)).one()
    assert (
        client.post(f"{kept.headers['Location']}/cancel", data={"version": made.version}).status_code == 303
    )
    db.session.refresh(made)
    assert (made.state, made.content) == ("cancelled", None)
    assert client.post(f"{kept.headers['Location']}/confirm", data={"digest": ""}).status_code == 409
    assert "什么都没有写入" in text(client.get(kept.headers["Location"]))


def test_what_changed_since_the_preview_is_shown_again(as_, known, world):
    client = as_("lead")
    kept = paste(client, ROW, HOME)
    page = preview(client, kept)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}
    assert client.post("/visiting/lessons/new", data=data).status_code == 303
    answer = confirm(client, page, kept.headers["Location"])
    assert (answer.status_code, count(VisitingLesson)) == (409, 1)
    assert "预览之后课表有变动" in text(answer)
    assert confirm(client, answer, kept.headers["Location"]).status_code == 303
    assert count(VisitingLesson) == 2


@pytest.mark.promise(10)
def test_eight_confirmations_at_once_write_once(app, as_, known):
    client = as_("lead")
    places = [paste(client, ROW, HOME).headers["Location"] for _ in range(4)] * 2
    pages = {place: client.get(place) for place in set(places)}
    clients = [app.test_client().log_in("lead") for _ in places]
    db.session.commit()
    barrier = threading.Barrier(len(places))

    def send(one, place):
        with app.app_context():
            barrier.wait()
            return confirm(one, pages[place], place).status_code

    with ThreadPoolExecutor(len(places)) as pool:
        answers = list(pool.map(send, clients, places))
    assert sorted(answers) == [303] + [409] * 7
    assert count(VisitingLesson) == 2


# Workbooks


BELLS = [["学校", "节次", "开始", "结束"]]
TEACHERS = [["工号", "姓名", "本校", "学科", "周课时上限", "每周走教日上限", "可用半天"]]


def test_a_workbook_brings_bells_ways_and_limits_that_are_missing(as_, world):
    world.teacher.staff_no = "T1"
    db.session.commit()
    data = workbook(
        节次=[*BELLS, ["麟峰小学", 4, "11:10", "11:50"], ["拱辰中心小学", 1, "08:10", "08:50"]],
        路程=[["甲校", "乙校", "分钟"], ["麟峰小学", "拱辰中心小学", 25]],
        教师=[*TEACHERS, ["T1", "林晓岚", "麟峰小学", "音乐", 18, 2, "周二上;周四下"]],
        课表=[HEAD, ROW, HOME],
        说明=[["只是说明"]],
    )
    client = as_("lead")
    kept = upload(client, data)
    page = preview(client, kept)
    assert (problems(page), "说明" in text(page)) == ([], True)
    assert confirm(client, page, kept.headers["Location"]).status_code == 303
    assert (count(BellPeriod), count(TravelTime), count(VisitingLesson)) == (2, 1, 2)
    limit = db.session.scalars(sa.select(TeacherLimit)).one()
    assert (limit.week_periods, limit.visit_days, limit.half_days) == (18, 2, "周二上;周四下")
    assert "没有要写入的" in text(preview(client, upload(client, data)))
    assert "已导入" in text(client.get(kept.headers["Location"]))


def test_a_workbook_that_contradicts_what_is_registered_is_located(as_, known, world):
    data = workbook(
        节次=[*BELLS, ["拱辰中心小学", 1, "08:00", "08:40"], ["麟峰小学", 1, "08:30", "09:10"]],
        教师=[
            *TEACHERS,
            ["T1", "林小岚", "麟峰小学", "", "", "", ""],
            ["T2", "周以宁", "拱辰中心小学", "", "", "", ""],
            ["T3", "无此人", "麟峰小学", "", "", "", ""],
        ],
        课表=[HEAD, ["T3", *ROW[1:]]],
    )
    client = as_("lead")
    found = problems(preview(client, upload(client, data)))
    assert found == [
        ("节次 第2行", "拱辰中心小学第1节登记的是 08:10-08:50，表里不一样：请先改作息时间，或改表格"),
        ("教师 第2行", "工号T1登记的是林晓岚，表里写的是林小岚"),
        ("教师 第3行", "周以宁的本校登记的是麟峰小学"),
        ("教师 第4行", "没有工号是T3的在职教师"),
        ("课表 第2行", "没有工号是T3的在职教师"),
    ]


def test_limits_in_the_workbook_count_for_its_own_rows(as_, known):
    data = workbook(
        节次=[*BELLS, ["拱辰中心小学", 1, "08:10", "08:50"], ["麟峰小学", 1, "08:30", "09:10"]],
        教师=[*TEACHERS, ["T1", "林晓岚", "麟峰小学", "", "", 0, ""]],
        课表=[HEAD, ROW],
    )
    client = as_("lead")
    found = problems(preview(client, upload(client, data)))
    assert found == [("课表 第2行", "第12周有1天走教，超过每周上限0天")]


# From the term before


@pytest.fixture
def former(known, world):
    """Two lessons of the last term, one of which would meet what is there now."""
    made = {}
    for name, weekday, class_name in (("tuesday", 2, "三（1）班"), ("friday", 5, "五（1）班")):
        row = VisitingLesson(
            district_id=world.east.id,
            term_id=world.last_term.id,
            person_id=world.teacher.id,
            home_school_id=world.linfeng.id,
            school_id=world.gongchen.id,
            subject="音乐",
            class_name=class_name,
            weekday=weekday,
            period=1,
            starts=485,
            ends=525,
            state="ended",
        )
        db.session.add(row)
        db.session.flush()
        made[name] = row.id
    db.session.commit()
    return made


def test_lessons_of_last_term_are_previewed_and_taken_over(as_, former, world):
    client = as_("lead")
    address = f"/visiting/copy?teacher={world.teacher.id}"
    page = client.get(address)
    assert ("2 节可以沿用" in text(page), count(VisitingLesson)) == (True, 2)
    data = {"teacher": str(world.teacher.id), "term": "2025-2026-1", "row": [str(former["friday"])]}
    assert client.post("/visiting/copy", data=data).status_code == 303
    added = db.session.scalars(sa.select(VisitingLesson).filter_by(term_id=world.term.id)).one()
    assert (added.class_name, added.weekday, added.starts, added.state) == ("五（1）班", 5, 490, "running")
    assert dates(added)[:2] == ["11-21", "11-28"]
    page = text(client.get(address))
    assert ("已经有了" in page, "1 节可以沿用" in page) == (True, True)


def test_a_lesson_of_last_term_that_clashes_says_why_and_keeps_all_out(as_, former, world):
    client = as_("lead")
    data = {**LESSON, "person": "周以宁", "school": str(world.gongchen.id)}
    assert client.post("/visiting/lessons/new", data=data).status_code == 303
    assert "同一班级周二同时有两节课" in text(client.get(f"/visiting/copy?school={world.gongchen.id}"))
    rows = {"school": str(world.gongchen.id), "row": [str(key) for key in former.values()]}
    answer = client.post("/visiting/copy", data=rows)
    assert (answer.status_code, count(VisitingLesson)) == (422, 3)
    assert "林晓岚 拱辰中心小学三（1）班音乐：同一班级周二同时有两节课" in text(answer)
    empty = client.post("/visiting/copy", data={"school": str(world.gongchen.id)})
    assert (empty.status_code, "请先选要沿用的课" in text(empty)) == (422, True)


def test_only_what_one_may_schedule_is_taken_over(as_, former, world):
    assert as_("teacher").get("/visiting/copy").status_code == 403
    assert as_("west_lead").get(f"/visiting/copy?school={world.gongchen.id}").status_code == 404
    assert as_("nanjiao_principal").get(f"/visiting/copy?teacher={world.teacher.id}").status_code == 404
    data = {"school": str(world.gongchen.id), "row": [str(key) for key in former.values()]}
    assert as_("nanjiao_principal").post("/visiting/copy", data=data).status_code in (404, 422)
    assert count(VisitingLesson) == 2


def test_a_week_offers_to_take_over_only_what_its_reader_may(world, known, as_):
    """The receiving school sees a visitor's week; the lessons of the term before are asked for by school there."""
    client = as_("principal")
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}
    assert client.post("/visiting/lessons/new", data=data).status_code == 303
    offered = {}
    for role in ("principal", "lead"):
        page = text(as_(role).get(f"/visiting/?teacher={world.teacher.id}&term=2025-2026-1"))
        (offered[role],) = re.findall(r'href="(/visiting/copy[^"]*)"', page)
        assert as_(role).get(offered[role]).status_code == 200
    assert offered == {"principal": "/visiting/copy", "lead": f"/visiting/copy?teacher={world.teacher.id}"}
