"""A term summary to print: names with rare characters, a table, both charts, light marks."""

from datetime import date

from portal.documents.charts import Chart
from portal.documents.paper import Section, SummaryDocument, Table

RARE_NAMES = "张喆、李堃、王昇、赵犇、陈彧、林婳、龚䶮、周𬭎"

BASICS = (
    "本学年片区应交流教师104人，按每年不低于10%并逐校向上取整，至少交流12人；已到岗10人、11人次，"
    "其中城区到农村3人、农村到城区2人、农村之间5人。另有2人已批准，下学期到岗。"
)

PRACTICE = f"""片区把“学科余缺”作为选派的第一依据，课务由教研组内部消化，没有增加代课费用。

（一）师资互派。麟峰小学选派{RARE_NAMES}等8名教师到成员校任教——这些教师均为骨干教师……每周不少于4节课。
1.语文组以“大单元教学设计”为主题，三校轮流承办；
## 师徒结对
- 结成师徒**26对**，全学期跟踪听课 312 节。
"""

TABLE = Table(
    "表1　交流教师分校统计",
    ("学校", "应交流", "已到岗（人）", "说明"),
    (
        ("麟峰小学", "28", "3", ""),
        ("拱辰中心小学", "21", "2", "1人跨两校"),
        ("石亭小学", "12", "0", "—"),
    ),
    ("left", "right", "right", "left"),
    ("合计", "61", "5", ""),
)

BARS = Chart("图1　联合教研活动", "bar", ("麟峰小学", "拱辰中心小学", "石亭小学"), (8, 5, 0), "次")
MONTHS = Chart("图2　片区月度会议", "strip", ("9月", "10月", "11月"), (1, 0, None), "次")


def summary_document(**changes) -> SummaryDocument:
    """A signed summary of five parts, with what the test changes."""
    values = {
        "title_lines": ("麟峰小学片区2025—2026学年", "第一学期工作总结"),
        "recipient": "区教育局基础教育科",
        "sections": (
            Section("基本情况", (BASICS,), "", (TABLE,), (BARS, MONTHS)),
            Section("主要做法", (), PRACTICE),
            Section("存在问题", (), "一是个别学校交接手续不全；二是青年教师参与率偏低。"),
        ),
        "issuer": "麟峰小学片区领导小组",
        "seal_note": "（麟峰小学代章）",
        "date": date(2026, 1, 28),
        "signatory": "陈怀瑾",
        "draft": False,
        "attachments": ("交流教师名单", "联合教研活动一览表"),
    }
    return SummaryDocument(**{**values, **changes})
