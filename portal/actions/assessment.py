"""Assessment: templates in editions, rounds with their cases, self-assessment, scores, publication, complaint."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import supervision as rules
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.words import N_
from portal.extensions import db
from portal.models import AssessmentCase, AssessmentRound, AssessmentTemplate
from portal.queries import assessment, clusters

UNREADABLE = N_("第 %(numbers)s 行看不懂：请写“项目｜分值｜佐证材料”，分值是 1 到 1000 的整数")


def make_template(actor, level: str, *, name: str, lines: str) -> AssessmentTemplate:
    """The first edition of a template."""
    row = AssessmentTemplate(
        district_id=actor.district_id,
        family_id=uuid7(),
        level=level,
        name=name,
        items=_items(lines),
        created_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "assessment_template.create", row, {"name": (None, name)})
    return row


def next_edition(actor, template: AssessmentTemplate, *, name: str, lines: str) -> AssessmentTemplate:
    """The next edition; the present one stays as it is for the rounds that use it. Refused for an old edition."""
    latest = assessment.editions(template)[0]
    if latest.id != template.id:
        raise Refused(N_("这张考核表已有更新的版本，请从最新一版修改"))
    items = _items(lines)
    if items == template.items and name == template.name:
        return template
    row = AssessmentTemplate(
        district_id=template.district_id,
        family_id=template.family_id,
        number=template.number + 1,
        level=template.level,
        name=name,
        items=items,
        created_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "assessment_template.edit", row, {"number": (template.number, row.number)})
    return row


def _items(lines: str) -> list[dict]:
    found = rules.items_of(lines)
    if found.faults:
        numbers = "、".join(str(number) for number in found.faults[:5])
        raise Refused(UNREADABLE, field="lines", numbers=numbers)
    if not found.items:
        raise Refused(N_("至少写一项"), field="lines")
    return list(found.items)


def open_round(actor, level: str, owner, template, term, values: dict, subjects: list, *, today, now):
    """Begin a round with a case for each subject. Refused when the last day is over or nobody is assessed."""
    if values["due_on"] < today:
        raise Refused(N_("自评截止不能早于今天"), field="due_on")
    if not subjects:
        raise Refused(N_("请至少选择一个考核对象"), field="subjects")
    row = AssessmentRound(
        district_id=actor.district_id,
        template_id=template.id,
        term_id=term.id,
        level=level,
        cluster_id=owner.id if level in ("group", "school") else None,
        school_id=owner.id if level == "person" else None,
        created_by_id=actor.person_id,
        **values,
    )
    db.session.add(row)
    db.session.flush()  # the cases need the key
    for subject in subjects:
        db.session.add(_case(row, owner, subject))
    audit.record(actor, "assessment_round.create", row, {"title": (None, row.title)})
    db.session.flush()  # whom to tell is read from the cases
    for case in assessment.every_case(row):
        _tell(case, _writers(case, today), "assessment_opened", now, actor)
    return row


def _case(row: AssessmentRound, owner, subject) -> AssessmentCase:
    keys = {
        "person": {"person_id": subject.id, "school_id": owner.id if owner else None},
        "group": {"group_id": subject.id, "cluster_id": row.cluster_id},
        "school": {"school_id": subject.id, "cluster_id": row.cluster_id},
        "cluster": {"cluster_id": subject.id},
    }[row.level]
    return AssessmentCase(
        district_id=row.district_id, round_id=row.id, level=row.level, subject_id=subject.id, **keys
    )


def edit_round(actor, row: AssessmentRound, values: dict, *, expected) -> None:
    """Change title, last day or the cluster's share of a round that is not archived."""
    expect_version(row, expected)
    if row.state == "archived":
        raise Refused(N_("这次考核已归档"))
    changes = audit.changes_of(row, values)
    if changes:
        audit.record(actor, "assessment_round.edit", row, changes)


def take_round(actor, row: AssessmentRound, step, *, now, today) -> None:
    """Publish what has been scored, or archive. Refused while nothing is scored, or a complaint waits."""
    cases = assessment.every_case(row)
    if step.action == "publish" and not any(case.state == "scored" for case in cases):
        raise Refused(N_("还没有评好分的，不能公布"))
    if step.action == "archive" and any(case.state not in ("open", "published") for case in cases):
        raise Refused(N_("还有没评分、没公布或申诉没有答复的，不能归档"))
    take_step(actor, row, step.action, note=step.note, expected=step.expected)
    if step.action == "publish":
        for case in cases:
            if case.state == "scored":
                _publish(actor, case, now, today)


def _publish(actor, case: AssessmentCase, now, today) -> None:
    take_step(actor, case, "publish")
    case.published_at = now
    _tell(case, _writers(case, today), "assessment_published", now, actor)


def write(actor, case: AssessmentCase, answers: dict, *, expected, submit: bool, now, today) -> None:
    """Keep the self-assessment, and hand it in when asked to. Refused once it was handed in."""
    expect_version(case, expected)
    if case.state != "open":
        raise Refused(N_("自评已提交，退回后才能修改"))
    if submit and not any(given.get("text") for given in answers.values()):
        raise Refused(N_("请至少写一项自评再提交"))
    case.answers = answers
    audit.record(actor, "assessment_case.write", case, {})
    if submit:
        take_step(actor, case, "submit")


def take_case(actor, case: AssessmentCase, step, *, now, today) -> None:
    """A step of a case. A complaint is answered by somebody who did not give the score (W11)."""
    refuse_archived(case)
    take_step(actor, case, step.action, note=step.note, expected=step.expected)
    if step.action == "complain":
        case.complaint, case.reply, case.replied_by_id = step.note, "", None
        _tell(case, [case.round.created_by_id], "assessment_complained", now, actor)
    if step.action in ("uphold", "reject"):
        case.reply, case.replied_by_id = step.note, actor.person_id
        scorer = [case.scored_by_id] if step.action == "uphold" else []
        _tell(case, [*_writers(case, today), *scorer], "assessment_answered", now, actor)
    if step.action == "return":
        _tell(case, _writers(case, today), "assessment_returned", now, actor)


def refuse_archived(case: AssessmentCase) -> None:
    """Refused when the round is archived."""
    if case.round.state == "archived":
        raise Refused(N_("这次考核已归档"))


def score(actor, case: AssessmentCase, scores: dict, verdict: str, *, expected, now, today) -> None:
    """Give the scores. After a complaint that was upheld the new result is published at once.

    Refused for who answered the complaint: the score and the answer come from two people.
    """
    refuse_archived(case)
    if case.replied_by_id == actor.person_id:
        raise Refused(N_("申诉由您答复，请由别人评分"))
    again = case.published_at is not None
    take_step(actor, case, "score", expected=expected)
    case.scores, case.verdict, case.scored_by_id = scores, verdict, actor.person_id
    if again:
        _publish(actor, case, now, today)


def _writers(case: AssessmentCase, today) -> list:
    """Who writes the self-assessment: the person, the group's heads, the principal of the school or lead school."""
    if case.level == "person":
        return [case.person_id]
    if case.level == "group":
        return sorted(case.heads_on(today), key=str)
    if case.level == "school":
        schools = [case.school_id]
    else:
        lead = clusters.lead_school(case.cluster, today)
        schools = [lead.id] if lead else []
    return [person.id for person in clusters.principals_of(case.district_id, schools, today).values()]


def _tell(case: AssessmentCase, people, kind: str, now, actor) -> None:
    notices.tell(
        people,
        kind,
        district_id=case.district_id,
        link=f"/supervision/cases/{case.id}",
        now=now,
        besides=actor.person_id,
        what=case.round.title,
        who=actor.name,
    )


def may_show_scores(actor, case: AssessmentCase) -> bool:
    """Whether this person may see the scores: who gives or answers them before, everybody concerned after."""
    return (
        case.is_public
        or can(actor, "assessment_case.score", case)
        or can(actor, "assessment_case.answer", case)
    )
