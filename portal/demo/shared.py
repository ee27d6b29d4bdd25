"""Files, sign-up, feedback and shared resources in the cluster of the demonstration accounts."""

from datetime import timedelta

from portal.domain.files import CheckedFile
from portal.extensions import db, files
from portal.models import (
    Activity,
    ActivityCluster,
    ActivityCredit,
    ActivityEnrolment,
    ActivityFeedback,
    ActivityFile,
    ActivityMove,
    ActivityParticipant,
    ActivityQuota,
    ActivitySignup,
    Attachment,
    Resource,
    ResourceFile,
    ResourceSchool,
    ResourceUse,
)

CLUSTER = "麟峰小学片区"
# title, kind, rule, subject, grade, details, file, address, open, days ago
SHARED = (
    (
        "《搭石》公开课教案",
        "lesson",
        None,
        "语文",
        "五年级",
        "两课时，附板书设计；先试教，再改作业部分。",
        "搭石教案.txt",
        "",
        False,
        12,
    ),
    (
        "分数除法分层练习",
        "lesson",
        None,
        "数学",
        "六年级",
        "三个层次，每层八题，走教的班可直接用。",
        "分层练习.txt",
        "",
        True,
        33,
    ),
    (
        "国家中小学智慧教育平台",
        "link",
        None,
        "",
        "",
        "备课先查这里，课程按教材版本排好。",
        None,
        "https://basic.smartedu.cn/",
        True,
        60,
    ),
    (
        "联席会议制度",
        "rule",
        "meeting",
        "",
        "",
        "每月一次，领衔学校召集，议定事项列入清单。",
        "联席会议制度.txt",
        "",
        False,
        70,
    ),
    (
        "联合教研制度",
        "rule",
        "research",
        "",
        "",
        "主题、主讲、记录、跟进四项齐全才算一次。",
        "联合教研制度.txt",
        "",
        False,
        69,
    ),
    (
        "期中联考质量分析",
        "joint_test",
        None,
        "数学",
        "五年级",
        "计算题得分稳定，解决问题失分集中在读题；下月教研围绕读题展开。",
        "质量分析.txt",
        "",
        False,
        20,
    ),
    (
        "青年教师成长小故事",
        "result",
        None,
        "",
        "",
        "六位青年教师一学期的变化。",
        "成长小故事.txt",
        "",
        True,
        45,
    ),
)
SAID = (
    ("much", "学到了用追问引出学生想法", ""),
    ("much", "作业分层的办法回校就能用", "希望把课件共享出来"),
    ("some", "了解了兄弟学校的做法", "评议时间再长一些"),
)


def load(scene) -> None:
    """Fill one cluster; the others show their empty pages."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    rows = db.session.scalars(
        db.select(Activity).where(Activity.cluster_id == cluster.row.id).order_by(Activity.starts_at)
    ).all()
    _resources(scene, cluster)
    past = [row for row in rows if row.state in ("held", "closed")]
    if past:
        _dossier(scene, past[-1])
    coming = [row for row in rows if row.state == "planned"]
    if coming:
        _enrolment(scene, cluster, coming[0])
    other = next((each for each in scene.clusters if each is not cluster), None)
    if other and past:
        scene.add(ActivityCluster(activity_id=past[0].id, cluster_id=other.row.id))
    db.session.flush()


def _resources(scene, cluster) -> None:
    for number, line in enumerate(SHARED):
        title, kind, rule, subject, grade, details, name, url, is_open, days = line
        day = scene.school_day(scene.today - timedelta(days=days))
        school = cluster.schools[0 if rule else number % len(cluster.schools)]
        row = scene.add(
            Resource(
                cluster_id=cluster.row.id,
                school_id=school.id,
                kind=kind,
                rule=rule,
                title=title,
                subject=subject,
                grade=grade,
                details=details,
                url=url,
                is_open=is_open,
                held_on=day if kind == "joint_test" else None,
                created_by_id=cluster.principals[school.id],
                created_at=scene.moment(day, 16),
            )
        )
        db.session.flush()
        for version in range(1, 3 if number == 0 else 2) if name else ():
            text = f"{title}（第 {version} 稿）\r\n\r\n{details}\r\n"
            file = _keep(scene, row, "resource", CheckedFile(name, "text/plain", text.encode()), day)
            note = "按试教意见改了作业" if version == 2 else ""
            scene.add(ResourceFile(resource_id=row.id, attachment_id=file.id, number=version, note=note))
        if kind == "joint_test":
            for each in cluster.schools:
                scene.add(ResourceSchool(resource_id=row.id, school_id=each.id))
        for each in cluster.schools[1 : 4 - number % 3]:
            person_id = cluster.staff[each.id][number % 5][0]
            use = {"resource_id": row.id, "person_id": person_id, "school_id": each.id}
            scene.add(ResourceUse(**use, kind="used" if number % 2 else "download", used_on=scene.today))


def _keep(scene, owner, owner_kind: str, file: CheckedFile, day) -> Attachment:
    row = scene.add(
        Attachment(
            owner_kind=owner_kind,
            cluster_id=owner.cluster_id,
            person_id=owner.created_by_id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=files.put(scene.district.id, file.content),
            created_at=scene.moment(day, 16, 30),
        )
    )
    db.session.flush()
    return row


def _dossier(scene, activity) -> None:
    """The last activity that was held: a plan and material, what people said; photos are still to come."""
    day = activity.starts_at.date()
    for kind, name, text in (
        ("plan", "活动方案.txt", f"{activity.theme}\r\n\r\n一、上课 二、评议 三、布置各校试教\r\n"),
        ("material", "评议记录.txt", "各校评议意见摘要\r\n"),
    ):
        file = _keep(scene, activity, "activity", CheckedFile(name, "text/plain", text.encode()), day)
        scene.add(ActivityFile(activity_id=activity.id, attachment_id=file.id, kind=kind))
    guest = {"name": "纪明远", "unit": "市教育科学研究院", "about": "特级教师"}
    scene.add(ActivityCredit(activity_id=activity.id, kind="guest", **guest))
    result = {"name": "语文教研组", "unit": activity.host_school.name, "about": "优秀课例"}
    scene.add(ActivityCredit(activity_id=activity.id, kind="result", **result))
    came = db.session.scalars(
        db.select(ActivityParticipant)
        .where(ActivityParticipant.activity_id == activity.id)
        .order_by(ActivityParticipant.id)
        .limit(len(SAID))
    ).all()
    for row, (usefulness, gained, wished) in zip(came, SAID, strict=False):
        said = {"usefulness": usefulness, "gained": gained, "wished": wished}
        scene.add(ActivityFeedback(activity_id=activity.id, person_id=row.person_id, **said))


def _enrolment(scene, cluster, activity) -> None:
    """The next activity: put off once, two places a school, some taken and one who waits."""
    scene.add(
        ActivityMove(
            activity_id=activity.id,
            old_starts_at=activity.starts_at - timedelta(days=7),
            new_starts_at=activity.starts_at,
            reason="主讲教师外出培训",
            person_id=activity.created_by_id,
            moved_at=scene.moment(scene.today - timedelta(days=3), 10),
        )
    )
    closes = activity.starts_at - timedelta(days=1)
    scene.add(ActivityEnrolment(activity_id=activity.id, per_school=2, closes_at=closes))
    lead = cluster.lead
    scene.add(ActivityQuota(activity_id=activity.id, school_id=lead.id, places=4))
    for school, count in ((lead, 3), (cluster.schools[1], 3), (cluster.schools[-1], 1)):
        for number, (person_id, _name, _subject) in enumerate(cluster.staff[school.id][3 : 3 + count]):
            limit = 4 if school is lead else 2
            scene.add(
                ActivitySignup(
                    activity_id=activity.id,
                    person_id=person_id,
                    school_id=school.id,
                    place=number + 1 if number < limit else None,
                    signed_at=scene.moment(scene.today - timedelta(days=2), 9, number),
                    created_by_id=person_id,
                )
            )
