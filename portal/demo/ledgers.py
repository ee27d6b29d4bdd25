"""Lines of the small ledgers: a few of each kind in the past terms, and in the present one as far as it has come."""

from datetime import timedelta

from portal.demo.scene import DemoCluster, Scene
from portal.domain.ids import uuid7
from portal.models import LedgerEntry

# kind, title, days after the term's first day, whether it is a school's own, facts
LINES = (
    ("training", "交流教师岗前培训", 4, False, {"category": "before_exchange", "place": "领衔学校报告厅", "days": 1, "persons": 18, "person_times": 18, "composition": "乡村教师 7 人"}),
    ("training", "大单元教学工作坊", 32, False, {"category": "teaching", "place": "领衔学校", "days": 2, "persons": 26, "person_times": 49, "composition": "骨干教师 9 人"}),
    ("training", "教师心理辅导", 60, True, {"category": "counselling", "days": 1, "persons": 12, "person_times": 12}),
    ("publicity", "片区联合教研周", 41, False, {"category": "wechat", "audience": "parents"}),
    ("publicity", "交流轮岗政策宣讲", 9, True, {"category": "meeting", "audience": "teachers"}),
    ("fund", "联合教研活动经费", 15, False, {"flow": "granted", "source": "allocation", "cents": 600000, "approver": "区教育局计财科"}),
    ("fund", "送教交通与资料", 38, False, {"flow": "spent", "source": "allocation", "cents": 186050, "voucher": "2-017"}),
    ("honour", "区优秀教研组", 55, True, {"level": "district", "recipient": "语文教研组", "issuer": "区教育局"}),
    ("measure", "走教教师午餐与休息室", 11, True, {"category": "care"}),
)  # fmt: skip


def load(scene: Scene, cluster: DemoCluster, term) -> None:
    """The lines of a cluster's term that lie in the past."""
    own = next((school for school in cluster.schools if school != cluster.lead), cluster.lead)
    lines = []
    for kind, title, after, is_own, facts in LINES:
        day = scene.school_day(term.first_day + timedelta(days=after))
        if day > min(scene.today, term.last_day):
            continue
        blank = dict.fromkeys(
            (
                "category",
                "last_day",
                "days",
                "persons",
                "person_times",
                "audience",
                "flow",
                "source",
                "cents",
                "level",
            )
        )
        blank |= dict.fromkeys(
            ("place", "composition", "approver", "voucher", "recipient", "issuer", "note"), ""
        )
        lines.append(
            blank
            | facts
            | {
                "id": uuid7(),
                "cluster_id": cluster.row.id,
                "term_id": term.id,
                "school_id": own.id if is_own else None,
                "created_by_id": cluster.principals[(own if is_own else cluster.lead).id],
                "kind": kind,
                "title": title,
                "held_on": day,
            }
        )
    scene.add_many(LedgerEntry, lines)
