"""Inspections and problems of the last term and of the one under way; assessment on its four levels."""

from datetime import timedelta

from portal.demo.scene import Scene
from portal.domain.ids import uuid7
from portal.domain.supervision import items_of
from portal.extensions import db
from portal.models import (
    AssessmentCase,
    AssessmentRound,
    AssessmentTemplate,
    ClusterGroup,
    Inspection,
    Person,
    Problem,
)

CLUSTER = "麟峰小学片区"
TEMPLATES = {
    "person": ("教师学期考核表", "教学水平｜40｜听课记录、教案\n工作态度｜30｜考勤、任务完成情况\n工作成绩｜30｜成果、师生评价"),
    "group": ("工作小组考核表", "工作计划｜20｜计划文本\n活动开展｜50｜活动记录、签到\n工作成效｜30｜总结、成果"),
    "school": ("成员校考核表", "组织管理｜30｜制度、会议纪要\n教学与教研｜40｜活动记录\n资源共享｜30｜共享资源目录\n交流轮岗｜｜交流名单"),
    "cluster": ("片区考核表", "师资互派｜25｜派出与接收名单\n资源共享｜25｜共享资源目录\n统一教学｜25｜进度与检测安排\n捆绑考核｜25｜考核结果"),
}  # fmt: skip
FINDINGS = (
    "走教教师的课有三周没有登记\n联合教研的小结缺两次\n音乐教室设备不够用",
    "走教课表开学第三周才发到教师手中\n两所学校的听课记录不全",
)


def load(scene: Scene) -> None:
    """The cluster of the demonstration accounts has everything; of the others each was inspected once."""
    made = {level: _template(scene, level) for level in TEMPLATES}
    last, present = scene.terms[-2], scene.terms[-1]
    for number, cluster in enumerate(scene.clusters):
        for term, findings in ((last, FINDINGS[0]), (present, FINDINGS[1])):
            day = scene.school_day(term.first_day + timedelta(days=35 + number % 20))
            if day < scene.today and (cluster.row.name == CLUSTER or term is last):
                _inspection(scene, cluster, term, day, findings, full=cluster.row.name == CLUSTER)
    _clusters(scene, made["cluster"], last)
    for cluster in scene.clusters:
        if cluster.row.name == CLUSTER:
            _schools(scene, made["school"], cluster, last)
            _people(scene, made["person"], cluster, present)
            _groups(scene, made["group"], cluster, present)


def _kept(scene, row):
    scene.add(row)
    db.session.flush()  # others point at it
    return row


def _template(scene, level: str) -> AssessmentTemplate:
    name, lines = TEMPLATES[level]
    row = AssessmentTemplate(family_id=uuid7(), level=level, name=name, items=list(items_of(lines).items))
    row.created_by_id = scene.named["supervision"].id
    return _kept(scene, row)


def _inspection(scene, cluster, term, day, findings: str, *, full: bool) -> None:
    school = cluster.schools[min(1, len(cluster.schools) - 1)]
    row = Inspection(
        cluster_id=cluster.row.id,
        term_id=term.id,
        school_id=school.id,
        created_by_id=scene.named["supervision"].id,
        body="bureau",
        held_on=day,
        title="走教与联合教研落实情况",
        inspectors="督导室 余致远",
        findings=findings,
        advice="教师参加联合教研的积极性高，共享资源更新及时。",
        state="published",
    )
    _kept(scene, row)
    states = ("confirmed", "mending", "open") if term is scene.terms[-2] else ("open", "closed")
    for number, (text, state) in enumerate(zip(row.lines, states if full else states[:1], strict=False)):
        _problem(scene, cluster, school, row, number, text, state)


def _problem(scene, cluster, school, inspection, number: int, text: str, state: str) -> None:
    principal = cluster.principals[school.id]
    due = inspection.held_on + timedelta(days=30 * (number + 1))
    row = Problem(
        cluster_id=cluster.row.id,
        school_id=school.id,
        owner_id=principal,
        inspection_id=inspection.id,
        finding=number,
        created_by_id=inspection.created_by_id,
        category=("timetable", "papers", "resources")[number % 3],
        text=text,
        found_on=inspection.held_on,
        due_on=due,
        state=state,
    )
    if state in ("closed", "confirmed"):
        row.result = "已补齐，由教导处每周五核对。"
        row.closed_by_id, row.closed_on = principal, min(due, scene.today)
    if state == "confirmed":
        row.confirmed_by_id, row.confirmed_on = scene.named["supervision"].id, min(due, scene.today)
    scene.add(row)


def _round(scene, template, term, title: str, due, by, **owner) -> AssessmentRound:
    return _kept(
        scene,
        AssessmentRound(
            template_id=template.id,
            term_id=term.id,
            level=template.level,
            title=title,
            due_on=due,
            created_by_id=by,
            **owner,
        ),
    )


def _case(scene, row, template, state: str, scorer, share: int, **subject) -> None:
    """A case as far as its state; each item got ``share`` percent of its points."""
    case = AssessmentCase(round_id=row.id, level=row.level, state=state, **subject)
    if state != "open":
        words = "按计划完成，过程有记录。"
        case.answers = {str(number): {"text": words, "url": ""} for number in range(len(template.items))}
    if state in ("scored", "published"):
        points = [item["points"] for item in template.items]
        case.scores = {
            str(n): {"tenths": most * share // 10 if most else None, "remark": ""}
            for n, most in enumerate(points)
        }
        case.scored_by_id = scorer
    if state == "published":
        case.published_at = scene.moment(min(scene.today, row.due_on + timedelta(days=7)), 10)
    scene.add(case)


def _clusters(scene, template, term) -> None:
    """Last term's assessment of the clusters, published."""
    due = term.last_day - timedelta(days=10)
    row = _round(scene, template, term, "片区学期考核", due, scene.named["supervision"].id, state="published")
    for number, cluster in enumerate(scene.clusters):
        subject = {"cluster_id": cluster.row.id, "subject_id": cluster.row.id}
        _case(
            scene, row, template, "published", scene.named["supervision"].id, 96 - 2 * (number % 8), **subject
        )


def _schools(scene, template, cluster, term) -> None:
    """Last term's assessment of the members. The cluster's share is not set: the district has not laid it down."""
    due = term.last_day - timedelta(days=14)
    lead = cluster.principals[cluster.lead.id]
    row = _round(
        scene, template, term, "成员校学期考核", due, lead, cluster_id=cluster.row.id, state="published"
    )
    for number, school in enumerate(cluster.schools):
        scorer = scene.named["supervision"].id if school == cluster.lead else lead
        subject = {"cluster_id": cluster.row.id, "school_id": school.id, "subject_id": school.id}
        _case(scene, row, template, "published", scorer, 92 - 3 * (number % 5), **subject)


def _people(scene, template, cluster, term) -> None:
    """The teachers of the lead school write about themselves; some have, the teacher of the demonstration has not."""
    school = cluster.lead
    principal = cluster.principals[school.id]
    due = scene.today + timedelta(days=10)
    row = _round(scene, template, term, "教师学期考核", due, principal, school_id=school.id)
    teacher = scene.named["teacher"].id
    keys = [
        teacher,
        *(key for key, *_rest in cluster.staff[school.id][1:7] if key not in (teacher, principal)),
    ]
    for number, key in enumerate(keys):
        if db.session.get(Person, (scene.district.id, key)) is None:
            continue
        subject = {"school_id": school.id, "person_id": key, "subject_id": key}
        _case(scene, row, template, ("open", "submitted", "scored")[number % 3], principal, 90, **subject)


def _groups(scene, template, cluster, term) -> None:
    """The working groups of the cluster; one has handed in."""
    groups = db.session.scalars(
        db.select(ClusterGroup).filter_by(district_id=scene.district.id, cluster_id=cluster.row.id)
    ).all()
    lead = cluster.principals[cluster.lead.id]
    due = scene.today + timedelta(days=14)
    row = _round(scene, template, term, "工作小组学期考核", due, lead, cluster_id=cluster.row.id)
    for number, group in enumerate(groups):
        subject = {"cluster_id": cluster.row.id, "group_id": group.id, "subject_id": group.id}
        _case(scene, row, template, "submitted" if number == 0 else "open", lead, 90, **subject)
