"""One record of each kind that belongs to reflection logs, for the walks over everything."""

from datetime import date

from portal.models import LogCall, LogReport, LogReportEntry, MentorNote, Reflection, TypicalCase


def fill(add, base: dict, word: str, *, at, cluster, term, school, head, mentor, teacher) -> None:
    """A log that the cluster reads and has proposed as typical, a mentor's note, a report, something asked for.

    ``add(kind, row)`` keeps the row under its kind; ``word`` stands in every text.
    """
    log = add(
        "case_log",
        Reflection(
            **base,
            person_id=teacher.id,
            school_id=school.id,
            cluster_id=cluster.id,
            term_id=term.id,
            title="典型日志" + word,
            happened_on=date(2025, 11, 11),
            experience="做法" + word,
            state="submitted",
            submitted_at=at,
            visibility="cluster",
        ),
    )
    add(
        "case",
        TypicalCase(
            **base,
            reflection_id=log.id,
            cluster_id=cluster.id,
            term_id=term.id,
            person_id=teacher.id,
            title="典型" + word,
            extract="做法" + word,
            proposed_by_id=head.id,
            created_at=at,
        ),
    )
    add("note", MentorNote(**base, reflection_id=log.id, person_id=mentor.id, text="私记" + word))
    report = add(
        "report", LogReport(**base, person_id=teacher.id, title="报告" + word, opening="开头" + word)
    )
    add(
        "entry",
        LogReportEntry(
            **base,
            report_id=report.id,
            position=1,
            source="log",
            source_id=log.id,
            heading="小标题" + word,
            text="正文" + word,
        ),
    )
    add(
        "call",
        LogCall(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            kind="reading",
            words="读书" + word,
            due_on=date(2025, 12, 20),
            created_by_id=head.id,
        ),
    )
