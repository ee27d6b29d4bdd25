"""Quality analysis of a common test: begun, changed, and its four steps written in their order (S4-36)."""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain import quality as rules
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, QualityAnalysis, QualityStep
from portal.queries import clusters, quality, terms


def begin(actor, cluster: Cluster, values: dict) -> QualityAnalysis:
    """Begin the analysis of a subject and grade; its steps follow."""
    row = QualityAnalysis(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        created_by_id=actor.person_id,
        **_checked(actor, cluster, values),
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "quality_analysis.create", row, {"title": (None, row.title)})
    return row


def edit(actor, row: QualityAnalysis, values: dict, *, expected) -> None:
    """Change what an analysis is about; its steps stay."""
    expect_version(row, expected)
    cluster = clusters.cluster_by_id(row.district_id, row.cluster_id)
    changes = audit.changes_of(row, _checked(actor, cluster, values, row))
    if changes:
        audit.record(actor, "quality_analysis.edit", row, _told(changes))


def write_step(actor, analysis: QualityAnalysis, kind: str, values: dict, *, today) -> QualityStep:
    """Write the step whose turn it is. Two who write it at once get one step: the second is told."""
    written = quality.steps_of(analysis)
    if not rules.may_write(kind, written):
        raise Refused(N_("四步按顺序写，请先写前一步"))
    if kind in written:
        raise Refused(N_("刚才有人先写了这一步，请看最新情况"))
    row = QualityStep(
        district_id=analysis.district_id,
        analysis_id=analysis.id,
        kind=kind,
        created_by_id=actor.person_id,
        **_step(actor, analysis, kind, values, written, today),
    )
    db.session.add(row)
    audit.record(actor, f"quality_analysis.{kind}", analysis, {"text": (None, row.text)})
    return row


def edit_step(actor, row: QualityStep, values: dict, *, expected, today) -> None:
    """Change what was written of a step; the history of the analysis tells it."""
    expect_version(row, expected)
    analysis = row.analysis
    written = quality.steps_of(analysis)
    changes = audit.changes_of(row, _step(actor, analysis, row.kind, values, written, today, row))
    if changes:
        audit.record(actor, f"quality_analysis.{row.kind}", analysis, _told(changes))


def _checked(actor, cluster: Cluster, values: dict, row: QualityAnalysis | None = None) -> dict:
    term = terms.by_id(cluster.district_id, values["term_id"])
    if term is None:
        raise Refused(N_("请选择学期"), field="term")
    test_id = values["resource_id"]
    if test_id is None or (row is not None and test_id == row.resource_id):
        return values
    if test_id not in {test.id for test in quality.tests_of(actor, cluster)}:
        raise Refused(N_("请选择本片区的联考"), field="resource")
    return values


def _step(actor, analysis, kind: str, values: dict, written: dict, today, row=None) -> dict:
    """The columns of a step; Refused where its day or its place does not fit."""
    day = values["held_on"]
    if day > today:
        raise Refused(N_("这一步记已经做的事，日期不能在今天以后"), field="held_on")
    days = {step: each.held_on for step, each in written.items()}
    first, last = rules.earliest_day(kind, days), rules.latest_day(kind, days)
    if first and day < first:
        raise Refused(N_("日期不能早于前一步"), field="held_on")
    if last and day > last:
        raise Refused(N_("日期不能晚于后一步"), field="held_on")
    asked = (values["meeting_id"], values["activity_id"])
    if any(asked) and asked != (row and (row.meeting_id, row.activity_id)):
        held, joint = quality.places_of(actor, analysis)
        if not set(filter(None, asked)) <= {each.id for each in (*held, *joint)}:
            raise Refused(N_("请选择本片区这个学期的会议或活动"), field="place")
    return values


def _told(changes: dict) -> dict:
    """What a history tells: no keys, but that a link is another one."""
    told = {name: pair for name, pair in changes.items() if not name.endswith("_id")}
    if {"meeting_id", "activity_id"} & changes.keys():
        told["linked_place"] = (None, None)
    if "resource_id" in changes:
        told["linked_test"] = (None, None)
    if "term_id" in changes:
        told["term"] = (None, None)
    return told
