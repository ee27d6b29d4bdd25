"""What the whole district holds: an on-site meeting that was, and a lecture to which schools sign up."""

from datetime import timedelta

from portal.demo.scene import Scene
from portal.extensions import db
from portal.models import Activity, ActivityEnrolment, ActivityParticipant, ActivitySignup, ClusterGroup


def load(scene: Scene) -> None:
    """Both are the bureau's; people of several clusters came, or have a place."""
    bureau, office = scene.named["bureau"].id, _office(scene)
    past = scene.school_day(scene.today - timedelta(days=24))
    meeting = _event(
        scene, past, "onsite_meeting", "城乡结对帮扶现场会", office, place="区教师发展中心",
        host=scene.clusters[0].lead.id, state="held", summary="看课三节，两个片区介绍了结对的做法。",
        improvement="下次提前一周发观察表，现场留出提问时间。",
    )  # fmt: skip
    coming = scene.school_day(scene.today + timedelta(days=15))
    lecture = _event(
        scene, coming, "lecture", "作业设计与减负提质专题讲座", office, place="区教师发展中心报告厅"
    )
    if lecture is not None:
        scene.add(ActivityEnrolment(activity_id=lecture.id, per_school=3))
    for number, cluster in enumerate(scene.clusters[:4]):
        person_id, _name, _subject = cluster.staff[cluster.lead.id][6]
        of = {"person_id": person_id, "school_id": cluster.lead.id}
        if meeting is not None:
            scene.add(ActivityParticipant(activity_id=meeting.id, **of))
        if lecture is not None:
            signed = {"signed_at": scene.moment(scene.today, 9, number), "created_by_id": bureau}
            scene.add(ActivitySignup(activity_id=lecture.id, place=1, **of, **signed))
    db.session.flush()


def _office(scene: Scene) -> ClusterGroup:
    """The research office, as a group of the district."""
    row = scene.add(
        ClusterGroup(
            kind="guidance",
            name="区教研室",
            duties="组织全区讲座、教学展示和现场会。",
            starts_on=scene.terms[0].first_day,
            created_by_id=scene.named["bureau"].id,
        )
    )
    db.session.flush()  # activities point at it
    return row


def _event(scene: Scene, day, kind: str, theme: str, office, *, host=None, state="planned", **words):
    term = next((each for each in scene.terms if each.first_day <= day <= each.last_day), None)
    if term is None:  # in the holidays
        return None
    row = scene.add(
        Activity(
            term_id=term.id,
            kind=kind,
            theme=theme,
            host_school_id=host,
            group_id=office.id,
            starts_at=scene.moment(day, 14),
            ends_at=scene.moment(day, 16, 30),
            state=state,
            created_by_id=scene.named["bureau"].id,
            **words,
        )
    )
    db.session.flush()  # who came points at it
    return row
