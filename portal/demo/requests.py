"""Requests for instruction in the cluster of the demonstration accounts: one on its way, one answered; a report."""

from datetime import timedelta

from portal.extensions import db
from portal.models import SchoolRequest, SchoolRequestStep
from portal.queries import people

CLUSTER = "麟峰小学片区"
WAY = {"submit": "school", "pass_school": "school", "relay": "cluster", "answer": "bureau"}
# kind, office, title, text, level, state, steps with their opinions
ROWS = (
    (
        "request",
        "personnel",
        "关于调剂一名英语走教教师的请示",
        "我校四年级两个班英语课暂由兼职教师承担，请示在片区内调剂一名走教教师，每周 4 课时。",
        "cluster",
        "at_cluster",
        (("submit", ""), ("pass_school", "")),
    ),
    (
        "request",
        "basic_education",
        "关于联片教研活动调整到周四下午的请示",
        "周三下午各校有教职工会议，请示把本学期联片教研统一调整到周四下午。",
        "bureau",
        "answered",
        (
            ("submit", ""),
            ("pass_school", ""),
            ("relay", "各成员校都方便，建议同意。"),
            ("answer", "同意，请各校相应调整课表。"),
        ),
    ),
    (
        "report",
        "basic_education",
        "开学工作情况报告",
        "各班已按课表上课，走教教师全部到岗。",
        "cluster",
        "reported",
        (("submit", ""),),
    ),
)


def load(scene) -> None:
    """Fill one cluster; the others show their empty pages."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    school = next(each for each in cluster.schools if each.id != cluster.lead.id)
    lead, principal = cluster.principals[cluster.lead.id], cluster.principals[school.id]
    for number, (kind, office, title, text, level, state, steps) in enumerate(ROWS):
        first = scene.today - timedelta(days=4 + 3 * number)
        row = scene.add(
            SchoolRequest(
                cluster_id=cluster.row.id,
                school_id=school.id,
                created_by_id=principal,
                kind=kind,
                office=office,
                title=title,
                text=text,
                level=level,
                state=state,
                waits_since=first + timedelta(days=len(steps) // 2),
                created_at=scene.moment(first, 9),
            )
        )
        db.session.flush()  # its steps point at it
        for hours, (action, opinion) in enumerate(steps):
            scene.add(
                SchoolRequestStep(
                    school_request_id=row.id,
                    person_id={"school": principal, "cluster": lead, "bureau": _bureau(scene)}[WAY[action]],
                    action=action,
                    text=opinion,
                    taken_at=scene.moment(first, 9 + hours),
                )
            )


def _bureau(scene):
    """Who answers for the bureau."""
    return people.holders_of(scene.district.id, {"basic_education"}, scene.today)[0]
