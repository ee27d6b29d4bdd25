"""What working groups wrote of the last complete term, and the circular that the bureau issued of it."""

from datetime import timedelta

from portal.actions import circulars
from portal.demo.scene import Scene
from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Activity, ClusterGroup, GroupSummary, Person

WORDS = {
    "working": "- 联合教研按月进行，教案集中存放\n- 试教后跟进听课，意见当周反馈\n- 缺的两次小结开学补齐",
    "subject": "- 两周一次共同备课，六所学校都参加\n- 共用单元教案十二份\n- 下学期加上作业设计",
}
OPENING = "各片区：\n现将本学期片区工作的数字通报如下。请各片区对照问题清单，逾期未整改的在两周内办结。"


def load_groups(scene: Scene) -> None:
    """Before the summaries are signed: the groups that there were in the last complete term have written theirs."""
    term = scene.terms[-2]
    rows = db.session.scalars(
        db.select(ClusterGroup).where(
            ClusterGroup.district_id == scene.district.id,
            ClusterGroup.kind.in_(WORDS),
            ClusterGroup.cluster_id.is_not(None),
            ClusterGroup.starts_on <= term.last_day,
        )
    )
    for group in rows:
        heads = sorted(group.heads_on(term.last_day), key=str)
        scene.add(
            GroupSummary(
                group_id=group.id,
                term_id=term.id,
                text=WORDS[group.kind],
                edited_by_id=heads[0] if heads else group.created_by_id,
            )
        )
        _held(group)


def _held(group: ClusterGroup) -> None:
    """Every second activity of the cluster was the working group's own."""
    if group.kind != "working" or group.ends_on:
        return
    rows = db.session.scalars(
        db.select(Activity)
        .where(Activity.district_id == group.district_id, Activity.cluster_id == group.cluster_id)
        .order_by(Activity.starts_at, Activity.id)
    ).all()
    for row in rows[::2]:
        if row.starts_at.date() >= group.starts_on:
            row.group_id = group.id
            row.improvement = "试教后一周内再听一次课，意见写进共同教案。" if row.summary else ""


def load_circular(scene: Scene) -> None:
    """One edition about the last complete term, through the same action as on the page."""
    term, person = scene.terms[-2], scene.named["supervision"]
    day = min(scene.today, term.last_day + timedelta(days=5))
    office = Actor(
        district_id=scene.district.id,
        person_id=person.id,
        account_id=None,
        name=db.session.get(Person, (scene.district.id, person.id)).name,
        offices=frozenset({"supervision"}),
    )
    number = f"教督〔{day.year}〕1号"
    circulars.issue(office, term, number=number, issued_on=day, opening=OPENING, now=scene.moment(day, 10))
