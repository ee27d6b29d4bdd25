"""The opinion boxes of the demonstration teachers' schools: some opinions, last term's collection with its answer."""

import uuid
from datetime import UTC, datetime, time, timedelta

from portal.models import Opinion, OpinionDigest, RoleAssignment

# Whoever stands third in the staff of these schools speaks for the teachers, the second wrote with the name.
SCHOOLS = ("麟峰小学", "拱辰中心小学")
# topic, text, days ago, with the name
OPINIONS = (
    ("visiting", "走教当天中午没有休息的地方，建议接收学校腾出一间办公室。", 2, False),
    ("activities", "联片教研常和班会撞在一起，希望固定在周四下午。", 5, True),
    ("pairing", "师徒听课希望能排进课表，不靠自己调课。", 9, False),
)
COLLECTED = """## 走教与课务
走教教师希望在接收学校有固定的办公和午休地方，课表尽量集中在上午。

## 片区活动
希望联片教研的时间一学期定一次，提前两周通知。"""
REPLY = """两条都采纳：
- 教务处已给走教教师安排二楼小会议室午休；
- 联片教研时间从下学期起写进片区计划，定在周四下午。"""


def load(scene) -> None:
    """Fill the boxes of two schools; the others show their empty pages."""
    before, term = scene.terms[-2:]
    for cluster, school in ((c, s) for c in scene.clusters for s in c.schools if s.name in SCHOOLS):
        (_head, _, _), (writer, _, _), (speaker, _, _), *_rest = cluster.staff[school.id]
        scene.add(
            RoleAssignment(
                person_id=speaker,
                role="representative",
                school_id=school.id,
                starts_on=before.first_day,
            )
        )
        for topic, text, ago, named in OPINIONS:
            day = scene.today - timedelta(days=ago)
            moment = datetime.combine(day, time(), UTC)
            scene.add(
                Opinion(
                    id=uuid.uuid4(),
                    school_id=school.id,
                    term_id=term.id,
                    created_by_id=writer if named else None,
                    topic=topic,
                    text=text,
                    written_on=day,
                    created_at=moment,
                    updated_at=moment,
                )
            )
        scene.add(
            OpinionDigest(
                school_id=school.id,
                term_id=before.id,
                created_by_id=speaker,
                text=COLLECTED,
                submitted_on=before.last_day - timedelta(days=14),
                reply=REPLY,
                replied_by_id=cluster.principals[school.id],
                replied_on=before.last_day - timedelta(days=7),
                state="answered",
            )
        )
