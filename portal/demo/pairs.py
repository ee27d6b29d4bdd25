"""What pairs of the demonstration cluster did beside their records: wishes, forms, checks, needs, what was given."""

from datetime import timedelta

from portal.extensions import db
from portal.models import (
    MentoringRenewal,
    ObservationSheet,
    ObservationTemplate,
    PairDate,
    PairFit,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairReview,
    SupportDetail,
    TemplateEdition,
    TemplateSuggestion,
    WishChoice,
    WishList,
    WorkRecord,
)

CLUSTER = "麟峰小学片区"
ITEMS = (
    ("教案与备课", 20),
    ("课堂效果", 40),
    ("课堂互动", 20),
    ("情绪与课堂管理", 20),
    ("优点", None),
    ("建议", None),
)
NEEDS = (
    ("teaching", "没有专职音乐教师，合唱不会带", True),
    ("facilities", "缺一套竖笛和节奏乐器", True),
    ("research", "想一起做一个单元整体教学的小课题", False),
)


def load(scene) -> None:
    """Fill what belongs to the pairs of one cluster; the others start without."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    edition = _template(scene, cluster)
    active = [row for row in cluster.pairs if row["state"] == "active"]
    teacher = scene.named["teacher"].id
    # The pairs of the demonstration accounts first.
    own = sorted(active, key=lambda row: teacher not in (row["mentor_id"], row["mentee_id"]))
    if own:
        _sheet(scene, own[0], edition)
        _checks(scene, own)
    _wishes(scene, cluster)
    for pairing in cluster.pairings:
        if pairing["state"] == "active":
            _of_schools(scene, cluster, pairing)


def _put(scene, row):
    """Add one row and write it, since others point at it."""
    scene.add(row)
    db.session.flush()
    return row


def _template(scene, cluster) -> TemplateEdition:
    lead = cluster.principals[cluster.lead.id]
    row = _put(
        scene, ObservationTemplate(cluster_id=cluster.row.id, name="片区听课评课表", created_by_id=lead)
    )
    items = [
        {"text": text, "kind": "rating", "most": most} if most else {"text": text, "kind": "text"}
        for text, most in ITEMS
    ]
    edition = _put(
        scene,
        TemplateEdition(
            template_id=row.id,
            number=1,
            items=items,
            person_id=lead,
            made_at=scene.moment(scene.today - timedelta(days=60), 16),
        ),
    )
    _put(
        scene,
        TemplateSuggestion(
            template_id=row.id,
            person_id=scene.named["teacher"].id,
            text="音乐课想加一项“唱、奏、听的安排”。",
            made_at=scene.moment(scene.today - timedelta(days=9), 17),
        ),
    )
    return edition


def _sheet(scene, pair: dict, edition: TemplateEdition) -> None:
    """A lesson that was heard last week, with its filled sheet."""
    record = _put(
        scene,
        WorkRecord(
            person_id=pair["mentor_id"],
            with_person_id=pair["mentee_id"],
            mentoring_pair_id=pair["id"],
            kind="observation",
            happened_on=scene.school_day(scene.today - timedelta(days=8)),
            line="节奏游戏很顺，等待时间还可以再长一点",
            periods=1,
        ),
    )
    answers = {"0": 17, "1": 34, "2": 18, "3": 17, "4": "学生都开口了。", "5": "每问之后默数三秒。"}
    _put(scene, ObservationSheet(record_id=record.id, edition_id=edition.id, answers=answers))


def _checks(scene, pairs: list[dict]) -> None:
    first, last = pairs[0], pairs[-1]
    _put(
        scene,
        PairDate(
            pair_id=first["id"],
            day=scene.school_day(scene.today + timedelta(days=6)),
            what="听一节公开课的试讲",
        ),
    )
    _put(
        scene,
        PairReview(
            pair_id=first["id"],
            person_id=first["mentor_id"],
            kind="midterm",
            reached="partly",
            progress="已经能独立设计活动，课堂语言更简练。",
            further="下半学期上一节片区展示课。",
            written_on=scene.today - timedelta(days=3),
        ),
    )
    _put(
        scene,
        MentoringRenewal(
            pair_id=first["id"],
            person_id=first["mentor_id"],
            old_ends_on=first["ends_on"],
            ends_on=first["ends_on"] + timedelta(days=365),
            goals="第二年带出一节区级公开课。",
            mentor_agreed=True,
        ),
    )
    if last is not first:
        _put(
            scene,
            PairFit(
                pair_id=last["id"],
                person_id=last["mentee_id"],
                school_id=last["mentee_school_id"],
                answer="talk",
                text="两校离得远，每次只有半小时，想商量换个时间。",
                answered_on=scene.today - timedelta(days=2),
            ),
        )


def _wishes(scene, cluster) -> None:
    """Two mentors and three novices who named each other, one of them in vain."""
    lead_staff = cluster.staff[cluster.lead.id]
    mentors = [lead_staff[30 + number][0] for number in range(2)]
    schools = cluster.schools[1:4]
    mentees = [cluster.staff[school.id][7][0] for school in schools]
    for number, mentor in enumerate(mentors):
        order = mentees if number == 0 else list(reversed(mentees))
        _wish(scene, cluster, mentor, "mentor", order, "每周三下午都有空" if number == 0 else "")
    for number, mentee in enumerate(mentees):
        order = mentors if number < 2 else mentors[:1]
        _wish(scene, cluster, mentee, "mentee", order, "")


def _wish(scene, cluster, person_id, side: str, wanted: list, note: str) -> None:
    row = _put(scene, WishList(cluster_id=cluster.row.id, person_id=person_id, side=side, note=note))
    for rank, one in enumerate(wanted, 1):
        _put(scene, WishChoice(list_id=row.id, rank=rank, wanted_id=one))


def _of_schools(scene, cluster, pairing: dict) -> None:
    of, principal = {"pairing_id": pairing["id"]}, cluster.principals[pairing["beneficiary_id"]]
    giver = cluster.principals[pairing["donor_id"]]
    for position, (who, post, content) in enumerate(
        (("音乐骨干教师", "音乐教师", "每周走教两节，带合唱"), ("教研组长", "语文教师", "每月同课异构一次")),
        1,
    ):
        line = {"school_id": pairing["donor_id"], "who": who, "post": post, "content": content}
        _put(scene, PairingPlanLine(**of, position=position, **line))
    for number, (topic, text, answered) in enumerate(NEEDS):
        need = _put(
            scene,
            PairingNeed(
                **of,
                school_id=pairing["beneficiary_id"],
                topic=topic,
                text=text,
                found_on=pairing["starts_on"] + timedelta(days=10),
                created_by_id=principal,
            ),
        )
        if answered:
            donated = topic == "facilities"
            record = _put(
                scene,
                WorkRecord(
                    person_id=giver,
                    school_id=pairing["donor_id"],
                    school_pairing_id=pairing["id"],
                    kind="donation" if donated else "support",
                    happened_on=scene.school_day(scene.today - timedelta(days=20 - 5 * number)),
                    line="送来竖笛和节奏乐器" if donated else "音乐骨干教师到校带合唱",
                    quantity=40 if donated else None,
                ),
            )
            more = {"item": "竖笛、节奏乐器", "worth": 2000} if donated else {}
            _put(
                scene,
                SupportDetail(record_id=record.id, giver_id=pairing["donor_id"], need_id=need.id, **more),
            )
    for kind, number in (("class_pairs", 6), ("pupil_pairs", 48)):
        _put(
            scene,
            PairingCount(
                **of,
                kind=kind,
                day=scene.today - timedelta(days=14),
                number=number,
                created_by_id=principal,
            ),
        )
