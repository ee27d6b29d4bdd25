"""Quality analyses in the cluster of the demonstration accounts: one that is finished, one under way."""

from datetime import timedelta

from portal.domain.quality import STEPS
from portal.extensions import db
from portal.models import Activity, Meeting, Problem, QualityAnalysis, QualityStep, Resource

CLUSTER = "麟峰小学片区"
LAST = (
    "六年级语文期末统一检测",
    "语文",
    "六年级",
    (
        ("各校教导处", "11 所学校报来汇总：优秀率 31%，合格率 96%，习作平均失分 6.2 分。"),
        ("语文教研大组", "习作失分集中在选材雷同；基础部分各校接近，说明集体备课有效。"),
        ("语文教研大组、各校校长", "议定习作单元统一安排两次下水文示范，由领衔学校和中心校轮流承办。"),
        ("各校语文教研组", "示范已办两次，期末习作平均失分降到 4.9 分；下学期沿用。"),
    ),
)
PRESENT = (
    "五年级数学期中统一检测",
    "数学",
    "五年级",
    (
        ("各校教导处", "各校汇总：平均分 82.4，合格率 94%；计算题得分率 91%，解决问题得分率 63%。"),
        ("数学教研组", "解决问题的失分集中在读题，不是列式；走教的班差距没有扩大。"),
        ("数学教研组、各校校长", "议定围绕读题开展一次联片教研，课例共享，各校试教一周。"),
    ),
)
MEASURES = ("开展“读题”联片教研并共享课例", "每周一次分层练习，结果按班汇总")


def load(scene) -> None:
    """Fill one cluster; the others show their empty pages."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    last, present = scene.terms[-2], scene.terms[-1]
    _analysis(scene, cluster, last, last.last_day - timedelta(days=12), LAST, None)
    test = db.session.scalar(
        db.select(Resource).filter_by(
            district_id=scene.district.id, cluster_id=cluster.row.id, kind="joint_test"
        )
    )
    if test is not None and present.first_day <= test.held_on:
        row = _analysis(scene, cluster, present, test.held_on + timedelta(days=2), PRESENT, test)
        _measures(scene, cluster, row)


def _analysis(scene, cluster, term, first, words, test) -> QualityAnalysis:
    title, subject, grade, steps = words
    lead = cluster.principals[cluster.lead.id]
    row = scene.add(
        QualityAnalysis(
            cluster_id=cluster.row.id,
            term_id=term.id,
            resource_id=test and test.id,
            title=title,
            subject=subject,
            grade=grade,
            created_by_id=lead,
            created_at=scene.moment(first, 9),
        )
    )
    db.session.flush()  # its steps point at it
    for number, (kind, (who, text)) in enumerate(zip(STEPS, steps, strict=False)):
        day = min(scene.school_day(first + timedelta(days=3 * number)), scene.today)
        school = cluster.schools[number % len(cluster.schools)]
        held = {"who": who, "text": text, "held_on": day, "created_by_id": cluster.principals[school.id]}
        place = _place(scene, cluster, term, kind)
        scene.add(QualityStep(analysis_id=row.id, kind=kind, **held, **place))
    return row


def _place(scene, cluster, term, kind: str) -> dict:
    """It was talked about at the last meeting, and improved at the last activity that was held."""
    model, name = {"discuss": (Meeting, "meeting_id"), "improve": (Activity, "activity_id")}.get(
        kind, (None, "")
    )
    if model is None:
        return {}
    key = db.session.scalar(
        db.select(model.id)
        .where(
            model.district_id == scene.district.id,
            model.cluster_id == cluster.row.id,
            model.term_id == term.id,
            model.starts_at <= scene.moment(scene.today, 0),
            model.state != "cancelled",
        )
        .order_by(model.starts_at.desc(), model.id)
        .limit(1)
    )
    return {name: key} if key else {}


def _measures(scene, cluster, analysis) -> None:
    for number, text in enumerate(MEASURES):
        school = cluster.schools[(number + 1) % len(cluster.schools)]
        scene.add(
            Problem(
                cluster_id=cluster.row.id,
                school_id=school.id,
                owner_id=cluster.principals[school.id],
                analysis_id=analysis.id,
                created_by_id=analysis.created_by_id,
                category="teaching",
                text=text,
                found_on=scene.today,
                due_on=scene.school_day(scene.today + timedelta(days=2 + 21 * number)),
                state="mending" if number == 0 else "open",
            )
        )
