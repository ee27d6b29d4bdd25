"""Committees and groups, the duty table, letters, and the plans of the last term and of the one under way."""

from datetime import date, timedelta

from portal.demo.scene import DemoCluster, Scene
from portal.domain.groups import rotation
from portal.domain.ids import uuid7
from portal.domain.schemes import due_day, load_scheme
from portal.domain.summary_content import content_hash
from portal.extensions import db
from portal.models import (
    ClusterGroup,
    DutyTurn,
    GroupMember,
    Person,
    PlanEdition,
    PlanItem,
    PlanPart,
    ResponsibilityLetter,
    TermPlan,
)
from portal.queries import term_plans

CLUSTER = "麟峰小学片区"
EXPERTS = (("沈知远", "市教育科学研究院"), ("贺兰亭", "师范学院教育系"))
# text, phase, days after the first day of term, counter, target, criteria
ITEMS = (
    ("核定各校走教需求和课表", "before", 14, "", None, "各校走教课表在开学两周内发到教师手中"),
    ("联合教研", "during", 120, "activities_held", 6, "每次有共同教案和小结，下周在各校试教"),
    ("成员校例会", "during", 130, "meetings_held", None, "每次有纪要，议定事项按期办结"),
    ("师徒结对听课评课", "during", 130, "pair_records", 40, "每对至少两周一次，徒弟独立上一节展示课"),
    ("青年教师教学展示", "during", 60, "activity:young_teacher_show", 1, "每校至少一人参加"),
    ("修订资源共享办法", "during", 45, "", None, "经例会讨论通过并印发各校"),
    ("汇编优秀反思日志", "after", 135, "", None, "入选不少于十篇，发到各校"),
)
TEXTS = {
    "strengths": "领衔学校语文、数学骨干教师多，教研组能独立承担片区培训；各校之间路程大多在半小时以内。",
    "weaknesses": "农村学校音乐、美术教师不足；各校进度不一，联合教研后的跟进不够。",
    "goals": "- 开齐音乐、美术课程，走教课上课率稳定\n- 联合教研围绕一个主题做深，青年教师人人上一节展示课\n"
    "- 议定事项按期办结，写入各校三年规划的目标逐项落实",
}
LESSONS = "集中备课效果好，本学期保留；走教课表开学后才定，今后提前到开学前。"


def load(scene: Scene) -> None:
    """Each cluster has its committee and plans; the one of the demonstration accounts has everything."""
    _district_group(scene)
    for number, cluster in enumerate(scene.clusters):
        team = _groups(scene, cluster)
        for term in scene.terms[-2:]:
            _plan(scene, cluster, term, number, team)
        if cluster.row.name == CLUSTER:
            _duties(scene, cluster)
            _letters(scene, cluster)


def _kept(scene, row):
    scene.add(row)
    db.session.flush()  # others point at it
    return row


def _group(
    scene, cluster: DemoCluster | None, kind, name, duties, author, *, since=None, ends=None, subject=""
):
    return _kept(
        scene,
        ClusterGroup(
            cluster_id=cluster.row.id if cluster else None,
            kind=kind,
            name=name,
            subject=subject,
            duties=duties,
            starts_on=since or scene.terms[0].first_day,
            ends_on=ends,
            created_by_id=author,
        ),
    )


def _join(
    scene, group, post, *, person=None, school=None, expert=None, duty="", since=None, until=None
) -> None:
    scene.add(
        GroupMember(
            group_id=group.id,
            person_id=person,
            school_id=school.id if school else None,
            name=expert[0] if expert else "",
            organisation=expert[1] if expert else "",
            post=post,
            duty=duty,
            starts_on=since or group.starts_on,
            ends_on=until,
        )
    )


def _district_group(scene) -> None:
    bureau = scene.named["bureau"].id
    group = _group(
        scene, None, "guidance", "全区教师交流指导小组", "指导各片区的交流、走教和结对工作。", bureau
    )
    _join(scene, group, "head", person=bureau, duty="总负责")
    _join(scene, group, "adviser", expert=EXPERTS[0], duty="政策咨询")


def _groups(scene, cluster: DemoCluster):
    """The leading group of the principals; in the cluster of the demonstration also others, one ended."""
    lead = cluster.principals[cluster.lead.id]
    word = load_scheme(cluster.row.scheme_code).labels["committee"] or "领导小组"
    group = _group(
        scene, cluster, "leading", f"{cluster.row.name}{word.removeprefix('片区')}", "统筹本片区工作。", lead
    )
    for number, school in enumerate(cluster.schools):
        person = cluster.principals.get(school.id)
        if person:
            _join(scene, group, "head" if number == 0 else "deputy", person=person, school=school)
    if cluster.row.name != CLUSTER:
        return None
    staff = [person_id for person_id, *_ in cluster.staff[cluster.lead.id]]
    team = _group(
        scene, cluster, "working", "联合教研工作小组", "一、排联合教研\n二、收集共同教案\n三、跟进试教", lead
    )
    _join(scene, team, "head", person=scene.named["teacher"].id, school=cluster.lead, duty="牵头")
    changed = scene.terms[-1].first_day
    _join(scene, team, "member", person=staff[5], school=cluster.lead, until=changed - timedelta(days=1))
    for number, school in enumerate(cluster.schools[1:5]):
        _join(
            scene,
            team,
            "member",
            person=cluster.staff[school.id][1][0],
            school=school,
            duty=f"第{number + 1}组",
        )
    chinese = _group(scene, cluster, "subject", "语文教研大组", "两周一次共同备课。", lead, subject="语文")
    _join(scene, chinese, "head", person=staff[6], school=cluster.lead)
    _join(
        scene,
        chinese,
        "secretary",
        person=cluster.staff[cluster.schools[1].id][2][0],
        school=cluster.schools[1],
    )
    tank = _group(scene, cluster, "think_tank", "片区智囊团", "为学期计划和评估提意见。", lead)
    for expert in EXPERTS:
        _join(scene, tank, "adviser", expert=expert)
    before = scene.terms[-2]
    old = _group(scene, cluster, "working", "走教筹备小组", "排定走教课表。", lead, ends=before.last_day)
    _join(scene, old, "head", person=staff[7], school=cluster.lead, until=before.last_day)
    return team


def _duties(scene, cluster: DemoCluster) -> None:
    term = scene.terms[-1]
    for turn in rotation(cluster.schools, term.first_day, term.last_day, "week"):
        scene.add(
            DutyTurn(
                cluster_id=cluster.row.id,
                school_id=turn.who.id,
                starts_on=turn.first,
                ends_on=turn.last,
                task="值周：片区简报",
            )
        )


def _letters(scene, cluster: DemoCluster) -> None:
    first = scene.terms[-1].first_day
    for number, school in enumerate(cluster.schools[1:4]):
        signer = cluster.principals[school.id] if number != 0 else None
        scene.add(
            ResponsibilityLetter(
                cluster_id=cluster.row.id,
                school_id=school.id,
                title=f"{first.year}年教师交流目标责任书",
                targets="- 按时派出交流教师\n- 走教课确认在当周完成\n- 青年教师每人一名导师",
                starts_on=first,
                ends_on=first + timedelta(days=300),
                state="signed" if signer else "drafted",
                signed_on=first + timedelta(days=5 + number) if signer else None,
                signed_by_id=signer,
                created_by_id=scene.named["bureau"].id,
            )
        )


def _plan(scene, cluster: DemoCluster, term, number: int, team) -> None:
    """Accepted in the last term; in the one under way some are still drafted, submitted late or not begun."""
    over = scene.is_past(term.last_day)
    state = "accepted" if over else ("accepted", "submitted", "drafting", "none")[number % 4]
    if cluster.row.name == CLUSTER:
        state = "accepted"
    if state == "none" or term.first_day - timedelta(days=7) > scene.today:
        return
    lead = cluster.principals[cluster.lead.id]
    due = due_day(load_scheme(cluster.row.scheme_code), "term_plan", term.value) or term.first_day
    handed = due + timedelta(days=9 if state == "submitted" else -1)
    plan = _kept(
        scene,
        TermPlan(
            cluster_id=cluster.row.id,
            term_id=term.id,
            lessons=LESSONS if not over else "",
            **TEXTS,
            created_by_id=lead,
        ),
    )
    _items(scene, cluster, term, plan, over, team)
    if team is not None:
        text = "- 每月一次联合教研，主题提前两周公布\n- 每次教研后收一份共同教案"
        scene.add(
            PlanPart(plan_id=plan.id, group_id=team.id, text=text, edited_by_id=scene.named["teacher"].id)
        )
    db.session.flush()
    if state != "drafting":
        _set(scene, plan, lead, handed)
        plan.state, plan.submitted_on = state, handed
    db.session.flush()


def _items(scene, cluster, term, plan, over: bool, team) -> None:
    for position, (text, phase, days, counter, target, criteria) in enumerate(ITEMS, 1):
        due: date = min(term.first_day + timedelta(days=days), term.last_day)
        # Of the last term one thing stayed undone, so that the next plan has something to carry on.
        done = not counter and (position < 6 if over else position == 1)
        school = cluster.schools[position % len(cluster.schools)] if position in (1, 6) else None
        group = team if team is not None and position == 2 else None
        scene.add(
            PlanItem(
                id=uuid7(),
                plan_id=plan.id,
                position=position,
                phase=phase,
                text=text,
                criteria=criteria,
                measure="由责任方提出办法，例会上过一遍。" if not counter else "",
                school_id=school.id if school else None,
                group_id=group.id if group else None,
                due_on=due,
                counter=counter,
                target=target,
                state="done" if done else "open",
                result="已完成，资料已归档。" if done else "",
                updated_at=scene.moment(min(due, scene.today), 15),
            )
        )


def _set(scene, plan, lead, day) -> None:
    name = db.session.get(Person, (scene.district.id, lead)).name
    content = term_plans.draft_content(plan, day, signatory=name, set_on=day)
    scene.add(
        PlanEdition(
            plan_id=plan.id,
            edition=plan.edition,
            content=content,
            content_hash=content_hash(content),
            set_by_id=lead,
            set_at=scene.moment(day, 10),
        )
    )
