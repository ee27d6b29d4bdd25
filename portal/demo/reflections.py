"""Logs of the demonstration's own people: kinds, comments, typical cases, what is asked for, a report being compiled."""

from datetime import timedelta

from portal.demo.scene import Scene
from portal.extensions import db
from portal.models import (
    CommentMention,
    LogCall,
    LogReport,
    LogReportEntry,
    MentorNote,
    Reflection,
    ReflectionComment,
    TypicalCase,
)

CLUSTER = "麟峰小学片区"
DRAWN = "先听莆仙十音，再画旋律线，最后唱。画完再唱，音准比上周好，后排几个孩子也敢开口了。"
SILENT = "小组讨论时总有两三个人不参与，坐在旁边看。"
# writer, days ago, kind, title, subject, theme, visibility, parts
LOGS = (
    (
        "teacher",
        6,
        "lesson",
        "听—画—唱三步",
        "音乐",
        "音准训练",
        "cluster",
        {
            "experience": DRAWN,
            "problem": "画旋律线用了 14 分钟，比备课多 6 分钟。",
            "solution": "下次给出半成品旋律线，只补高点：\n- 第一遍只听\n- 第二遍**边听边补**\n- 第三遍唱",
        },
    ),
    (
        "mentor",
        12,
        "lesson",
        "把讨论拆成两步",
        "音乐",
        "小组合作",
        "cluster",
        {
            "experience": "一、先各写一句\n每人先写一句再开口，没有人能只听不说。\n二、再轮着说\n按学号轮，说过的不重复。",
            "problem": SILENT,
            "solution": "每人一张任务卡，说完的人负责问下一位。",
        },
    ),
    (
        "mentee",
        9,
        "observation",
        "听师傅的合唱课",
        "音乐",
        "小组合作",
        "cluster",
        {
            "observation": "五年级合唱，先分声部再合。",
            "experience": "声部长先示范，比老师讲得快。",
            "problem": "低声部讨论时有人不参与，合不上。",
            "plan": "下周在自己班试“声部长”。",
        },
    ),
    (
        "teacher",
        3,
        "reading",
        "读《给教师的建议》",
        "音乐",
        "读书",
        "mentor",
        {"observation": "“让学生体验到成功的快乐。”", "feelings": "音准差的孩子，先让他唱对一句。"},
    ),
    (
        "teacher",
        20,
        "training",
        "区教研活动小结",
        "音乐",
        "",
        "school",
        {"experience": "学会了柯尔文手势的三种用法。"},
    ),
)


def load(scene: Scene) -> None:
    """Fill the logs of one cluster in the term under way."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    term = next((each for each in scene.terms if each.first_day <= scene.today <= each.last_day), None)
    if cluster is None or term is None or not {"teacher", "mentor", "mentee"} <= scene.named.keys():
        return
    logs = {each[3]: _log(scene, cluster, term, *each) for each in LOGS}
    _summary_draft(scene, cluster, term)
    db.session.flush()  # cases, comments and notes point at logs
    drawn, steps = logs["听—画—唱三步"], logs["把讨论拆成两步"]
    head = cluster.principals[cluster.lead.id]
    _case(scene, cluster, term, steps, head, "每人先写一句再开口，没有人能只听不说。", "selected")
    _case(scene, cluster, term, drawn, head, DRAWN, "proposed")
    _talk(scene, drawn, scene.named["mentor"], scene.named["mentee"])
    _calls(scene, cluster, term, head)
    _report(scene, drawn, logs["读《给教师的建议》"])


def _log(scene, cluster, term, who, ago, kind, title, subject, theme, visibility, parts) -> Reflection:
    day = max(term.first_day, scene.today - timedelta(days=ago))
    person = scene.named[who]
    school = next(
        (each for each in cluster.schools if any(row[0] == person.id for row in cluster.staff[each.id])),
        cluster.lead,
    )
    return scene.add(
        Reflection(
            person_id=person.id,
            school_id=school.id,
            cluster_id=cluster.row.id,
            term_id=term.id,
            kind=kind,
            title=title,
            subject=subject,
            theme=theme,
            happened_on=day,
            visibility=visibility,
            state="submitted",
            submitted_at=scene.moment(day, 20, 11),
            **parts,
        )
    )


def _summary_draft(scene, cluster, term) -> None:
    scene.add(
        Reflection(
            person_id=scene.named["teacher"].id,
            school_id=cluster.lead.id,
            cluster_id=cluster.row.id,
            term_id=term.id,
            kind="term",
            title="本学期工作小结",
            subject="音乐",
            happened_on=scene.today,
            experience="走教两校，合唱队第一次合练。",
            lines=[
                {"area": "teaching", "text": "两校音乐课", "quantity": 14, "unit": "节/周"},
                {"area": "research", "text": "听课", "quantity": 9, "unit": "节"},
                {"area": "dropout", "text": "家访", "quantity": 5, "unit": "户"},
            ],
        )
    )


def _case(scene, cluster, term, log, head, extract, state) -> None:
    scene.add(
        TypicalCase(
            reflection_id=log.id,
            cluster_id=cluster.row.id,
            term_id=term.id,
            person_id=log.person_id,
            title=log.title,
            extract=extract,
            reason="做法简单，各校都能用。",
            proposed_by_id=head,
            state=state,
            created_at=scene.moment(scene.today - timedelta(days=2), 9),
            answered_at=scene.moment(scene.today - timedelta(days=1), 19) if state == "selected" else None,
        )
    )


def _talk(scene, log, mentor, mentee) -> None:
    at = scene.moment(log.happened_on, 21, 5)
    first = scene.add(
        ReflectionComment(
            reflection_id=log.id,
            person_id=mentor.id,
            text=f"“画”这一步抓住了要害。@{mentee.name} 你们班也可以试。",
            created_at=at,
        )
    )
    db.session.flush()  # the mention points at it
    scene.add(CommentMention(comment_id=first.id, person_id=mentee.id))
    scene.add(
        ReflectionComment(
            reflection_id=log.id,
            person_id=mentee.id,
            text="下周就试，回来说说效果。",
            created_at=at + timedelta(hours=10),
        )
    )
    scene.add(MentorNote(reflection_id=log.id, person_id=mentor.id, text="下次听课留意画图的时间。"))


def _calls(scene, cluster, term, head) -> None:
    for kind, words, days in (("study", "期中以来学了什么", 9), ("exchange", "走教一个月的体会", -4)):
        scene.add(
            LogCall(
                cluster_id=cluster.row.id,
                term_id=term.id,
                kind=kind,
                words=words,
                due_on=scene.today + timedelta(days=days),
                created_by_id=head,
            )
        )


def _report(scene, *logs) -> None:
    person = scene.named["teacher"]
    report = scene.add(
        LogReport(
            person_id=person.id,
            title=f"{person.name}学习报告",
            opening="这学期在两所学校上课，最想说三件事。",
        )
    )
    db.session.flush()  # entries point at it
    for position, log in enumerate(logs, start=1):
        scene.add(
            LogReportEntry(
                report_id=report.id,
                position=position,
                source="log",
                source_id=log.id,
                heading=log.title,
                text=log.experience or log.observation,
            )
        )
