"""Supervision and assessment in the populated world: an inspection, a problem, rounds of schools and of persons."""

from datetime import date, datetime

from portal.domain.ids import uuid7
from portal.domain.moments import SHANGHAI
from portal.models import (
    AssessmentCase,
    AssessmentRound,
    AssessmentTemplate,
    CircularEdition,
    Inspection,
    Problem,
    QualityAnalysis,
    QualityStep,
    SchoolRequest,
    SchoolRequestStep,
)
from portal.queries import circulars

ITEMS = [{"text": "组织管理", "points": 10, "evidence": ""}]


def fill(add, base: dict, word: str, *, cluster, term, lead, member, teacher, head) -> None:
    """One of each kind; who wrote and scored is nobody whose answer a walk asks for."""
    places = {"cluster_id": cluster.id, "school_id": member.id, "created_by_id": head.id}
    add(
        "inspection",
        Inspection(
            **base,
            **places,
            term_id=term.id,
            body="bureau",
            held_on=date(2025, 11, 10),
            title="督导" + word,
            inspectors="督学" + word,
            findings="发现" + word,
            advice="建议" + word,
            state="published",
        ),
    )
    add(
        "problem",
        Problem(
            **base,
            **places,
            category="papers",
            text="问题" + word,
            found_on=date(2025, 11, 10),
            due_on=date(2025, 11, 28),
        ),
    )
    analysis = add(
        "analysis",
        QualityAnalysis(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            created_by_id=head.id,
            title="统一检测" + word,
            subject="数学" + word,
            grade="五年级" + word,
        ),
    )
    add(
        "analysis_step",
        QualityStep(
            **base,
            analysis_id=analysis.id,
            kind="survey",
            held_on=date(2025, 11, 11),
            who="教研组" + word,
            text="平均分" + word,
            created_by_id=head.id,
        ),
    )
    asked = add(
        "school_request",
        SchoolRequest(
            **base,
            cluster_id=cluster.id,
            school_id=member.id,
            created_by_id=teacher.id,
            kind="request",
            office="basic_education",
            title="请示" + word,
            text="事由" + word,
            level="bureau",
            waits_since=date(2025, 11, 12),
            state="at_bureau",
        ),
    )
    add(
        "school_request_step",
        SchoolRequestStep(
            **base,
            school_request_id=asked.id,
            person_id=head.id,
            action="endorse",
            text="意见" + word,
            taken_at=datetime(2025, 11, 12, 9, tzinfo=SHANGHAI),
        ),
    )
    issued = datetime(2025, 11, 20, 9, tzinfo=SHANGHAI)
    add(
        "circular",
        CircularEdition(
            **base,
            term_id=term.id,
            edition=len(circulars.editions_of(term)) + 1,  # two clusters share a district
            number="通报" + word,
            issued_on=issued.date(),
            opening="通报正文" + word,
            content={"as_of": "2025-11-20", "sent_to": 1, "lines": []},
            content_hash="0" * 64,
            issued_by_id=head.id,
            issued_at=issued,
        ),
    )
    for level in ("person", "school"):
        own = level == "school"
        template = add(
            "assessment_template" if own else "person_template",
            AssessmentTemplate(
                **base,
                family_id=uuid7(),
                level=level,
                name="考核表" + word,
                items=ITEMS,
                created_by_id=head.id,
            ),
        )
        row = add(
            "assessment_round" if own else "person_round",
            AssessmentRound(
                **base,
                template_id=template.id,
                term_id=term.id,
                cluster_id=cluster.id if own else None,
                school_id=None if own else lead.id,
                level=level,
                title="考核" + word,
                due_on=date(2025, 12, 20),
                created_by_id=head.id,
            ),
        )
        add(
            "assessment_case" if own else "person_case",
            AssessmentCase(
                **base,
                round_id=row.id,
                level=level,
                subject_id=member.id if own else teacher.id,
                cluster_id=cluster.id if own else None,
                school_id=member.id if own else lead.id,
                person_id=None if own else teacher.id,
                answers={"0": {"text": "自评" + word, "url": ""}},
                scores={"0": {"tenths": 85, "remark": "评语" + word}},
                verdict="总评" + word,
                state="scored",
            ),
        )
