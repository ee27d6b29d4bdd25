"""A secondment programme in the cluster of the demonstration accounts: somebody away, one to place, one to screen."""

from datetime import timedelta

from portal.domain.exchange import facts_of
from portal.extensions import db
from portal.models import (
    Posting,
    Secondment,
    SecondmentBatch,
    SecondmentContact,
    SecondmentEntry,
    SecondmentLeave,
    SecondmentProgramme,
    StudyPlan,
    StudyTrip,
    WorkRecord,
)

CLUSTER = "麟峰小学片区"


def load(scene) -> None:
    """One programme with one batch; its numbers are said to be those of the demonstration."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    schools = {school.name: school for school in cluster.schools}
    today, home, host = scene.today, cluster.lead, schools["拱辰中心小学"]
    head, staff = cluster.principals[home.id], [key for key, *_ in cluster.staff[home.id]]
    programme = _kept(
        scene,
        SecondmentProgramme(
            name="中小学后备干部挂职培养",
            basis="演示用的方案，数字仅作示例",
            starts_on=today - timedelta(days=60),
            ends_on=today + timedelta(days=240),
            full_score=100,
            lessons_per_week=4,
            books=2,
            contact_weeks=2,
            plan_days=7,
            evaluation_days=14,
            blocks=["教研制度建议稿", "班级管理案例"],
            assignments=["学习体会", "总结报告提纲"],
        ),
    )
    batch = _kept(
        scene,
        SecondmentBatch(
            programme_id=programme.id,
            name="第一批",
            starts_on=today - timedelta(days=28),
            ends_on=today + timedelta(days=60),
            sent_off_on=today - timedelta(days=30),
            arrive_from=today - timedelta(days=28),
            arrive_to=today - timedelta(days=24),
            places=6,
        ),
    )
    away = _away(scene, programme, batch, home, host, scene.named["mentor"].id, head)
    _study(scene, away, cluster.principals[host.id], scene.named["bureau"].id)
    for number, (state, post) in enumerate((("candidate", "教导处副主任"), ("nominated", "年级组长"))):
        scene.add(
            Secondment(
                programme_id=programme.id,
                person_id=staff[30 + number],
                home_school_id=home.id,
                present_post=post,
                opinion="工作踏实，愿意到农村学校锻炼，同意推荐。",
                state=state,
                created_by_id=head,
            )
        )
    scene.add(
        StudyTrip(
            school_id=home.id,
            kind="shadow_training",
            title="影子培训：走进名校课堂",
            place="省城实验小学",
            starts_on=today - timedelta(days=20),
            ends_on=today - timedelta(days=18),
            size=9,
            summary="跟随听课六节，参加一次校务会。",
            created_by_id=head,
        )
    )


def _away(scene, programme, batch, home, host, person_id, head) -> Secondment:
    """Somebody who came late, with the posting on which the secondment stands."""
    facts, arrived = facts_of("secondment"), batch.arrive_to + timedelta(days=1)
    posting = _kept(
        scene,
        Posting(
            person_id=person_id,
            form="secondment",
            home_school_id=home.id,
            host_school_id=host.id,
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            arrived_on=arrived,
            personnel_transfer=facts.transfer,
            counts_towards_quota=facts.quota,
            duties="校长助理",
            state="active",
            created_by_id=head,
        ),
    )
    return _kept(
        scene,
        Secondment(
            programme_id=programme.id,
            batch_id=batch.id,
            person_id=person_id,
            home_school_id=home.id,
            host_kind="school",
            host_school_id=host.id,
            posting_id=posting.id,
            present_post="教研组长",
            host_post="校长助理",
            opinion="有培养前途，同意推荐。",
            time_guarantee="原任课由同组教师接替",
            screening="符合条件",
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            arrived_on=arrived,
            state="active",
            created_by_id=head,
        ),
    )


def _study(scene, case, host_head, caller) -> None:
    today, of = scene.today, {"secondment_id": case.id}
    scene.add(
        StudyPlan(
            **of,
            goals="学习农村学校的管理",
            contents="教研、班级管理、后勤",
            measures="听课、访谈、参加会议",
            topics="集体备课",
            homework="体会和报告各一篇",
            handed_in_on=case.arrived_on + timedelta(days=5),
        )
    )
    for kind, title, facts in (
        ("duty", "分管集体备课", {"created_by_id": host_head}),
        ("topic", "农村学校的集体备课", {}),
        ("book", "给教师的建议", {"body": "第三条：让学生有自己的时间。", "compared": "本校作业偏多。"}),
        ("meeting", "行政例会", {"happened_on": today - timedelta(days=5)}),
        ("product", "教研制度建议稿", {"due_on": today - timedelta(days=3)}),
        ("assignment", "学习体会", {"due_on": today + timedelta(days=12)}),
    ):
        scene.add(SecondmentEntry(**of, kind=kind, title=title, **{"created_by_id": case.person_id, **facts}))
    for back in (16, 15, 14, 13, 8, 2):
        scene.add(
            WorkRecord(
                person_id=case.person_id,
                kind="observation",
                happened_on=scene.school_day(today - timedelta(days=back)),
                line="听课：导入自然，提问可以再少一些",
                periods=1,
            )
        )
    scene.add(SecondmentContact(**of, person_id=caller, held_on=today - timedelta(days=19), way="phone"))
    scene.add(
        SecondmentLeave(
            **of,
            first_day=today + timedelta(days=3),
            last_day=today + timedelta(days=3),
            reason="回原校参加家长会",
        )
    )


def _kept(scene, row):
    """Add a row that others point at."""
    scene.add(row)
    db.session.flush()
    return row
