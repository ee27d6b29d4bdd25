"""One record of each kind that belongs to pairs, for the populated world."""

from datetime import date, datetime

from portal.domain.moments import SHANGHAI
from portal.models import (
    CycleSummary,
    MentoringRenewal,
    ObservationSheet,
    ObservationTemplate,
    PairDate,
    PairFit,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairingRenewal,
    PairingReview,
    PairReview,
    SupportDetail,
    TemplateEdition,
    TemplateSuggestion,
    WishChoice,
    WishList,
    WorkRecord,
)

DAY = date(2025, 11, 12)
AT = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)


def fill(add, base, word, *, cluster, pair, pairing, record, teacher, head) -> None:
    """Records of a pair of teachers and of a pair of schools; ``head`` keeps the templates."""
    mentor, mentee = pair.mentor_id, pair.mentee_id
    wish = add(
        "wish",
        WishList(**base, cluster_id=cluster.id, person_id=mentee, side="mentee", note="意愿" + word),
    )
    add("wish_choice", WishChoice(**base, list_id=wish.id, rank=1, wanted_id=teacher.id))
    add("pair_date", PairDate(**base, pair_id=pair.id, day=date(2025, 12, 2), what="约" + word))
    add(
        "review",
        PairReview(
            **base,
            pair_id=pair.id,
            person_id=mentor,
            kind="midterm",
            reached="partly",
            progress="进展" + word,
            further="接着" + word,
            written_on=DAY,
        ),
    )
    add(
        "fit",
        PairFit(
            **base,
            pair_id=pair.id,
            person_id=mentee,
            answer="change",
            text="心里话" + word,
            answered_on=DAY,
            seen_at=AT,
        ),
    )
    add(
        "renewal",
        MentoringRenewal(
            **base,
            pair_id=pair.id,
            person_id=mentor,
            ends_on=date(2027, 7, 1),
            goals="续" + word,
            settled_on=None,
        ),
    )
    template = add(
        "template",
        ObservationTemplate(**base, cluster_id=cluster.id, name="听课表" + word, created_by_id=head.id),
    )
    edition = add(
        "template_edition",
        TemplateEdition(
            **base,
            template_id=template.id,
            number=1,
            items=[{"text": "项目" + word, "kind": "text"}],
            person_id=head.id,
            made_at=AT,
        ),
    )
    add(
        "template_suggestion",
        TemplateSuggestion(
            **base, template_id=template.id, person_id=teacher.id, text="建议" + word, made_at=AT
        ),
    )
    add(
        "observation_sheet",
        ObservationSheet(**base, record_id=record.id, edition_id=edition.id, answers={"0": "评语" + word}),
    )
    _of_schools(add, base, word, pairing=pairing, head=head)


def _of_schools(add, base, word, *, pairing, head) -> None:
    of = {**base, "pairing_id": pairing.id}
    add(
        "plan_line",
        PairingPlanLine(
            **of,
            position=1,
            school_id=pairing.donor_id,
            who="派" + word,
            post="岗" + word,
            content="做" + word,
        ),
    )
    add(
        "need",
        PairingNeed(
            **of,
            school_id=pairing.beneficiary_id,
            topic="teaching",
            text="需要" + word,
            found_on=DAY,
            created_by_id=head.id,
        ),
    )
    given = add(
        "support_record",
        WorkRecord(
            **base,
            person_id=head.id,
            school_id=pairing.donor_id,
            kind="donation",
            happened_on=DAY,
            school_pairing_id=pairing.id,
            line="捐" + word,
        ),
    )
    add(
        "support_detail",
        SupportDetail(**base, record_id=given.id, giver_id=pairing.donor_id, item="物" + word, worth=100),
    )
    add("pairing_count", PairingCount(**of, kind="class_pairs", day=DAY, number=6, created_by_id=head.id))
    add(
        "pairing_review",
        PairingReview(
            **of,
            school_id=pairing.donor_id,
            year="2025-2026",
            done="评议" + word,
            problems="难处" + word,
            wish="renew",
            created_by_id=head.id,
            written_on=DAY,
        ),
    )
    add(
        "pairing_renewal",
        PairingRenewal(
            **of,
            old_ends_on=pairing.ends_on,
            ends_on=date(2027, 7, 5),
            changes="调整" + word,
            created_by_id=head.id,
        ),
    )
    add(
        "cycle_summary",
        CycleSummary(
            **of,
            first_day=pairing.starts_on,
            last_day=date(2025, 11, 18),
            achieved="总结" + word,
            lessons="教训" + word,
            commended="表彰" + word,
            figures=dict.fromkeys(("records", "periods", "pieces", "worth", "needs", "answered"), 0),
            created_by_id=head.id,
            written_on=DAY,
        ),
    )
