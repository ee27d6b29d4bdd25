"""A term's work of one cluster. In the term under way some things are late, missing or still to come."""

from datetime import timedelta

from portal.demo import ledgers, lessons, limits, proposals, texts, together
from portal.demo.scene import DemoCluster, Scene
from portal.domain import calendar
from portal.domain.ids import uuid7
from portal.models import (
    Activity,
    ActivityParticipant,
    Meeting,
    MeetingAttendance,
    MeetingTask,
    Posting,
    Reflection,
)

ACTIVITY_KINDS = (
    "collective_preparation",
    "demonstration_lesson",
    "zone_research",
    "observation",
    "lecture",
    "rural_delivery",
    "young_teacher_show",
    "salon",
)


def load(scene: Scene, cluster: DemoCluster, term) -> None:
    """Everything that happened in the cluster during the term, up to today."""
    _meetings(scene, cluster, term)
    _activities(scene, cluster, term)
    together.load(scene, cluster, term)
    if term.code.endswith("-1"):
        _postings(scene, cluster, term)
    lessons.load(scene, cluster, term)
    limits.load(scene, cluster, term)
    proposals.load(scene, cluster, term)
    ledgers.load(scene, cluster, term)
    _reflections(scene, cluster, term)


def _meetings(scene, cluster, term) -> None:
    months = calendar.months_of(term.value)
    if cluster.row.profile != "directing":
        months = months[1::2] if cluster.row.profile == "convenor" else months[::2]
    late_cluster = cluster.row.name.startswith("麟峰小学片区")
    meetings, attendance, tasks = [], [], []
    for number, (year, month) in enumerate(months):
        day = scene.school_day(term.first_day.replace(year=year, month=month, day=min(16, 12 + number)))
        if not term.first_day <= day <= term.last_day or (day - scene.today).days > 14:
            continue
        past = scene.is_past(day)
        # The cluster of the demonstration lead owes the minutes of its last meeting; one zone skipped a month.
        owes = past and late_cluster and (scene.today - day).days < 45 and scene.today <= term.last_day
        if past and not owes and not late_cluster and scene.rng.random() < 0.06:
            continue
        state = ("held" if owes else "confirmed") if past else "scheduled"
        head = cluster.principals[cluster.lead.id]
        row = {
            "id": uuid7(),
            "cluster_id": cluster.row.id,
            "term_id": term.id,
            "kind": "joint" if cluster.row.profile == "equal" else "monthly",
            "title": f"{month}月成员校{'联席会议' if cluster.row.profile == 'equal' else '例会'}",
            "starts_at": scene.moment(day, 14, 30),
            "place": f"{cluster.lead.name}三楼会议室",
            "agenda": "一、通报上月事项\n二、本月走教与教研安排\n三、其他",
            "state": state,
            "state_note": "",
            "minutes": texts.MINUTES[number % len(texts.MINUTES)] if state == "confirmed" else "",
            "created_by_id": head,
            "confirmed_by_id": head if state == "confirmed" else None,
        }
        meetings.append(row)
        if past:
            attendance += [_attendance(scene, row, school) for school in cluster.schools]
            tasks += _tasks(scene, cluster, row, day)
    scene.add_many(Meeting, meetings)
    scene.add_many(MeetingAttendance, attendance)
    scene.add_many(MeetingTask, tasks)


def _attendance(scene, meeting, school) -> dict:
    status = scene.rng.choices(("present", "leave", "absent"), (90, 7, 3))[0]
    return {
        "id": uuid7(),
        "meeting_id": meeting["id"],
        "school_id": school.id,
        "status": status,
        "heads": 1 if status == "present" else 0,
        "represented_by": "",
    }


def _tasks(scene, cluster, meeting, day) -> list[dict]:
    rows = []
    for number in range(2):
        due = scene.school_day(day + timedelta(days=14 + 7 * number))
        is_done = scene.is_past(due) and scene.rng.random() < 0.9
        rows.append(
            {
                "id": uuid7(),
                "meeting_id": meeting["id"],
                "text": scene.rng.choice(texts.TASKS),
                "school_id": scene.rng.choice(cluster.schools).id,
                "due_on": due,
                "state": "done" if is_done else "open",
                "state_note": "",
                "updated_at": scene.moment(due if is_done else day, 15),
            }
        )
    return rows


def _activities(scene, cluster, term) -> None:
    rows, people = [], []
    weeks = calendar.weeks_of(term.value)
    for number in range(6 if len(cluster.schools) > 3 else 4):
        week = weeks[min(2 + number * 3, len(weeks) - 1)]
        start, _ = calendar.week_range(term.value, week)
        day = scene.school_day(start + timedelta(days=3))
        if not term.first_day <= day <= term.last_day or (day - scene.today).days > 21:
            continue
        host = cluster.schools[(number * 5 + 1) % len(cluster.schools)]
        _, presenter, subject = scene.rng.choice(cluster.staff[cluster.lead.id])
        theme = scene.rng.choice(texts.THEMES.get(subject, ("课堂里的学生活动", "作业设计怎样减量提质")))
        past = scene.is_past(day)
        row = {
            "id": uuid7(),
            "cluster_id": cluster.row.id,
            "term_id": term.id,
            "kind": ACTIVITY_KINDS[(number + len(cluster.schools)) % len(ACTIVITY_KINDS)],
            "level": "teacher",
            "theme": theme,
            "subject": subject,
            "host_school_id": host.id,
            "starts_at": scene.moment(day, 9),
            "ends_at": scene.moment(day, 11, 20),
            "place": host.name,
            "presenters": presenter,
            "guests": scene.rng.choice((0, 0, 1, 3)),
            "is_large": number == 2,
            "is_open": number == 2,
            "summary": scene.rng.choice(texts.SUMMARIES) if past and scene.rng.random() < 0.85 else "",
            "state": "planned",
            "state_note": "",
            "created_by_id": cluster.principals[host.id],
        }
        if past:
            row["state"] = "closed" if row["summary"] else "held"
            for school in cluster.schools:
                staff = cluster.staff[school.id]
                came = scene.rng.sample(staff, min(len(staff), scene.rng.randint(1, 4)))
                people += [
                    {"id": uuid7(), "activity_id": row["id"], "person_id": pid, "school_id": school.id}
                    for pid, _, _ in came
                ]
        rows.append(row)
    scene.add_many(Activity, rows)
    scene.add_many(ActivityParticipant, people)


def _postings(scene, cluster, term) -> None:
    """Exchange for the school year that begins with this term."""
    rows, year_ends = [], term.first_day.replace(year=term.first_day.year + 1, month=7, day=5)
    members = cluster.schools[1:]
    for number in range(min(10, 2 + len(members))):
        outward = number % 3 != 2
        partner = members[number % len(members)]
        home, host = (cluster.lead, partner) if outward else (partner, cluster.lead)
        person_id, _, subject = cluster.staff[home.id][10 + number % 4 + (number // 4)]
        if any(r["person_id"] == person_id for r in rows) or not home.is_public:
            continue
        past_year = scene.is_past(year_ends)
        waiting = not past_year and number == 5
        early = past_year and number == 4
        rows.append(
            {
                "id": uuid7(),
                "person_id": person_id,
                "form": "support_teaching" if outward and host.location == "rural" else "rotation",
                "home_school_id": home.id,
                "host_school_id": host.id,
                "starts_on": term.first_day,
                "ends_on": year_ends - timedelta(days=60) if early else year_ends,
                "arrived_on": None if waiting else term.first_day,
                "subject": subject,
                "weekly_periods": 12 + number,
                "personnel_transfer": False,
                "is_volunteer": number == 3,
                "counts_towards_quota": True,
                "approval_no": "",
                "duties": "承担一个班的教学，带一名青年教师。",
                "state": "planned"
                if waiting
                else "ended_early"
                if early
                else "completed"
                if past_year
                else "active",
                "state_note": "原学校课务需要" if early else "",
                "created_by_id": cluster.principals[home.id],
            }
        )
    scene.add_many(Posting, rows)


def _reflections(scene, cluster, term) -> None:
    rows = []
    last = min(term.last_day, scene.today - timedelta(days=1))
    days = max((last - term.first_day).days, 1)
    for school in cluster.schools:
        for person_id, _, subject in scene.rng.sample(cluster.staff[school.id], 4 + scene.rng.randint(0, 5)):
            for _ in range(scene.rng.randint(1, 3)):
                day = term.first_day + timedelta(days=scene.rng.randrange(days))
                if day > last:
                    continue
                rows.append(_reflection(scene, cluster, school, term, person_id, subject, day))
    scene.add_many(Reflection, rows)


def _reflection(scene, cluster, school, term, person_id, subject, day) -> dict:
    rng = scene.rng
    is_draft = rng.random() < 0.06
    return {
        "id": uuid7(),
        "person_id": person_id,
        "school_id": school.id,
        "cluster_id": cluster.row.id,
        "term_id": term.id,
        "kind": rng.choice(("lesson", "lesson", "observation", "training", "study")),
        "title": f"{subject}：{rng.choice(('一节课的回头看', '课堂片段', '听课之后', '一点想法'))}",
        "happened_on": day,
        "experience": rng.choice(texts.EXPERIENCE),
        "problem": rng.choice((*texts.PROBLEM, "")),
        "solution": rng.choice((*texts.SOLUTION, "", "")),
        "visibility": rng.choices(("own", "mentor", "school", "cluster"), (25, 20, 25, 30))[0],
        "state": "draft" if is_draft else "submitted",
        "submitted_at": None if is_draft else scene.moment(day, 20, rng.randrange(60)),
        "once_key": None,
    }
