"""The receiving school: the week in one list, the code of the day, a dispute, the month, the list of subsidies."""

import io
import re
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from portal.models import School
from tests.factories import PASSWORD
from tests.support.visiting_story import key_of, load_confirmed, load_october, look, press, serve


def cells(page, caption: str) -> list[list[str]]:
    """The texts of a table by its caption, without what is only for the eye."""
    rows = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr").all()
    return [
        [re.sub(r"\s+", " ", cell.inner_text()).strip() for cell in row.locator("th, td").all()]
        for row in rows
    ]


def workbook(window, name: str) -> list[dict]:
    """The rows of the workbook behind a button, by their headings."""
    with window.page.expect_download() as download:
        window.page.get_by_role("link", name=name).first.click()
    content = Path(download.value.path()).read_bytes()
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if "教师" in row)
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


def test_a_school_confirms_its_week_and_settles_a_dispute(live_server, open_page):
    server = serve(live_server, load_october)
    host, teacher = open_page(server), open_page(server, phone=True)
    host.log_in("principal", PASSWORD)
    teacher.log_in("teacher", PASSWORD)

    # A week in one list: all are taken for given, only the exception is touched.
    host.goto("/visiting/confirm?day=2025-10-29")
    look(host)
    row = host.page.get_by_role("row", name="10月30日")
    row.locator("select").select_option("miss")
    row.locator("summary").click()
    row.get_by_label("原因").fill("没有来")
    press(host, "保存这一周")
    expect(host.page.get_by_text("这一周都已登记")).to_be_visible()
    missed = row.get_by_role("link").first.get_attribute("href")

    # The code of the day stands at the school; with it the teacher's lesson is given.
    host.page.get_by_role("link", name="今天的签到码").click()
    look(host)
    code = re.sub(r"\D", "", host.page.locator("#code h3").inner_text())
    teacher.goto("/visiting/code")
    teacher.page.locator("[name=code]").fill(code)
    press(teacher, "签到")
    expect(teacher.page.locator("main")).to_contain_text("已上")
    look(teacher)

    # The teacher says that the missed lesson was given: kept, contested again, agreed and put right.
    teacher.goto(missed)
    teacher.page.locator("#dispute-reason").fill("当天上了，有学生名单")
    press(teacher, "提出异议")
    expect(teacher.page.get_by_text("已提出，等接收学校答复").first).to_be_visible()
    look(teacher)
    host.goto(missed)
    with_reason(host, "维持登记", "门卫没有登记")
    teacher.goto(missed)
    with_reason(teacher, "仍有异议", "从北门进的，请问班主任")
    host.goto(missed)
    press(host, "同意教师的说法并更正")
    expect(host.page.locator("#dispute-1")).to_contain_text("双方一致")
    look(host)


def test_both_schools_close_a_month_and_report_it(live_server, open_page):
    server = serve(live_server, load_confirmed)
    here, there = (key_of(server, School, name) for name in ("拱辰中心小学", "麟峰小学"))
    host, home, bureau = open_page(server), open_page(server), open_page(server)
    teacher = open_page(server, phone=True)
    for window, name in ((host, "principal"), (home, "lead"), (bureau, "bureau"), (teacher, "teacher")):
        window.log_in(name, PASSWORD)

    # The month: checked here, closed there, where the periods at home are stated first.
    month = f"/visiting/schools/{here}/months?month=2025-10"
    host.goto(month)
    press(host, "核对无误")
    expect(host.page.get_by_text("已核对，等派出学校关账").first).to_be_visible()
    look(host)
    home.goto(f"/visiting/schools/{there}/months?month=2025-10")
    home.page.get_by_label("林晓岚的本校课时").fill("41")
    press(home, "保存本校课时")
    press(home, "关账")
    expect(home.page.get_by_text("已关账，这个月的数字不再变动").first).to_be_visible()
    before = cells(home.page, "麟峰小学 到 拱辰中心小学")
    look(home)

    # What is put right afterwards is an entry of its own; the closed figures stand.
    host.goto("/visiting/confirm?day=2025-10-29")
    host.page.get_by_role("row", name="10月30日").get_by_role("link").first.click()
    host.page.locator("[name=outcome]").select_option("miss")
    host.page.locator("#settle [name=note]").fill("核对课堂记录，当天确实没有上")
    press(host, "保存")
    expect(host.page.get_by_text("关账以后的更正").first).to_be_visible()
    look(host)
    host.goto(month)
    expect(host.page.get_by_role("heading", name=re.compile("本月关账以后的更正"))).to_be_visible()
    expect(host.page.locator("main")).to_contain_text("核对课堂记录，当天确实没有上")
    assert cells(host.page, "麟峰小学 到 拱辰中心小学") == before

    # The workbook of the month says what its page says.
    book = workbook(host, "导出 Excel")
    [line] = cells(host.page, "麟峰小学 到 拱辰中心小学")
    named = ("教师", "计入课时", "已上", "代别人上", "更正", "缺课", "别人代", "取消", "待确认")
    shown = [text if text != "—" else "0" for text in line]
    assert [[str(row[name]) for name in named] for row in book] == [shown]

    # The list of subsidies: checked by the school, accepted by the bureau, sent on as a workbook.
    sheet = f"/visiting/schools/{there}/subsidies?month=2025-10"
    home.goto(sheet)
    press(home, "核对无误，报教育局")
    expect(home.page.get_by_text("已核对，报区教育局").first).to_be_visible()
    look(home)
    bureau.goto(sheet)
    press(bureau, "受理")
    expect(bureau.page.get_by_text("已受理").first).to_be_visible()
    look(bureau)
    [[person, at, periods, _outcome, reasons, amount]] = cells(bureau.page, "走教和支教")
    [row] = [row for row in workbook(bureau, "导出 Excel") if row["教师"]]
    assert person.startswith(row["教师"])
    assert (row["任教学校"], f"{row['本校课时']} + {row['走教课时']}", str(row["金额（元）"])) == (
        at,
        periods,
        amount,
    )
    assert row["依据和原因"].split("；")[0] in reasons
    assert (periods, amount, row["名单状态"]) == ("41 + 5", "600", "已受理")
    bureau.goto("/visiting/subsidies?month=2025-10")
    look(bureau)
    teacher.goto("/visiting/workload?month=2025-10")
    expect(teacher.page.locator("main")).to_contain_text("本校 41 节加走教 5 节共 46 节")
    look(teacher)


def with_reason(window, step: str, reason: str) -> None:
    """Take a step that asks for its reason."""
    details = window.page.locator("details", has=window.page.locator("summary", has_text=step)).first
    details.locator("summary").click()
    details.locator("textarea").fill(reason)
    details.get_by_role("button", name=step).click()
