"""Handovers and criteria of the demonstration lead's cluster: one signed, one that waits, criteria, one judged."""

from sqlalchemy import select

from portal.domain.handovers import parties
from portal.extensions import db
from portal.models import Account, Handover, HandoverSignature, Posting, PostingResult, Secondment

CLUSTER = "麟峰小学片区"
CRITERIA = "每学期上两节示范课；带出一名能独立上公开课的青年教师；期末所教班级作业批改齐全。"
ITEMS = {
    "classes": "五年级两个班，每周 12 节；兼任年级组备课组长。",
    "progress": "两个班都学完第四单元，第五单元从下周开始；期中测验卷已出好。",
    "materials": "教材为本区统一版本；教具在二楼备课室，作业本和试卷在办公室右边柜子。",
    "pupils": "两名学生需要坐前排，一名学生课后要多练习；具体情况当面交代。",
    "issues": "下月的公开课还没有定题目，由接收人接着办。",
}


def load(scene) -> None:
    """The secondee's own lessons are handed over; at the host the secondee has still to sign."""
    cluster = next((each for each in scene.clusters if each.row.name == CLUSTER), None)
    if cluster is None:
        return
    away = db.session.scalars(
        select(Posting)
        .join(Secondment, Secondment.posting_id == Posting.id)
        .where(Posting.district_id == scene.district.id, Posting.person_id == scene.named["mentor"].id)
    ).one()
    teacher, principal = scene.named["teacher"].id, scene.named["principal"].id
    _sheet(scene, away, teacher, at_home=True, signers=2)
    _sheet(scene, away, principal, at_home=False, signers=1)
    _results(scene, cluster)


def _results(scene, cluster) -> None:
    """Two who are away know what is to be reached; one who came back was judged."""
    found = list(
        db.session.scalars(
            select(Posting)
            .where(
                Posting.district_id == scene.district.id,
                Posting.home_school_id == cluster.lead.id,
                Posting.state.in_(("active", "completed")),
                Posting.form != "secondment",
            )
            .order_by(Posting.starts_on.desc(), Posting.id)
        )
    )
    for posting in [row for row in found if row.state == "active"][:2]:
        scene.add(PostingResult(posting_id=posting.id, criteria=CRITERIA))
    for posting in [row for row in found if row.state == "completed"][:1]:
        scene.add(
            PostingResult(
                posting_id=posting.id,
                criteria=CRITERIA,
                reached="met",
                judgement="示范课四节，青年教师在期末上了公开课，班级作业批改齐全。",
                judged_by_id=cluster.principals[posting.host_school_id],
                judged_on=posting.ends_on,
            )
        )


def _sheet(scene, posting, other, *, at_home: bool, signers: int) -> None:
    giver, taker = parties("start", at_home, posting.person_id, other)
    row = scene.add(
        Handover(
            posting_id=posting.id,
            phase="start",
            at_home=at_home,
            giver_id=giver,
            taker_id=taker,
            state="signed" if signers == 2 else "open",
            created_by_id=giver,
            **ITEMS,
        )
    )
    db.session.flush()  # signatures point at it
    at = scene.moment(scene.school_day(posting.starts_on), 15)
    for side, person_id in (("giver", giver), ("taker", taker))[:signers]:
        account_id = db.session.scalars(
            select(Account.id).where(Account.district_id == scene.district.id, Account.person_id == person_id)
        ).one()
        scene.add(
            HandoverSignature(
                handover_id=row.id, side=side, person_id=person_id, account_id=account_id, signed_at=at
            )
        )
