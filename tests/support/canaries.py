"""A word of its own in every text of every record: wherever it turns up, it tells whose record it came from."""

import io
import zipfile
from datetime import date, datetime
from types import SimpleNamespace
from urllib.parse import unquote

from pypdf import PdfReader

from portal.actions import audit
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    AppointmentPeriod,
    MeetingAttendance,
    Notification,
    PersonCondition,
    ProposedLesson,
    Reflection,
    ServiceRecord,
    SubjectStaffing,
    WorkRecord,
)
from tests.populate import populate

AT = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)
# The columns that hold what people wrote. Every other column of text is in NO_TEXT; a new one has to be in either.
TEXTS = {
    "activity_credit": "name unit about",
    "activity_feedback": "gained wished",
    "activity_move": "reason",
    "attachment": "name",
    "resource": "title subject grade details url",
    "resource_file": "note",
    "inspection": "title inspectors findings advice state_note",
    "problem": "text result state_note",
    "quality_analysis": "title subject grade",
    "quality_step": "who text",
    "school_request": "title text state_note",
    "school_request_step": "text",
    "opinion": "text",
    "opinion_digest": "text reply",
    "circular_edition": "number opening",
    "assessment_template": "name items",
    "assessment_round": "title state_note",
    "assessment_case": "answers scores verdict complaint reply state_note",
    "ledger_entry": "title place composition note approver voucher recipient issuer",
    "absence": "reason",
    "substitute_ask": "state_note",
    "calendar_day": "note",
    "calendar_feed": "name",
    "busy_hour": "class_name subject",
    "cluster_group": "name subject duties",
    "group_member": "name organisation duty",
    "group_summary": "text",
    "duty_turn": "task",
    "responsibility_letter": "title targets result state_note",
    "term_plan": "strengths weaknesses goals lessons state_note",
    "plan_item": "text measure criteria result state_note carried_from",
    "plan_part": "text",
    "cluster": "aims",
    "delivery": "title subject rhythm audience details state_note thanks",
    "delivery_signup": "state_note",
    "lesson_demand": "class_name subject",
    "plan_proposal": "uncovered",
    "programme": "name note",
    "proposed_lesson": "class_name subject",
    "service_certificate": "content",
    "teaching_offer": "subject times details state_note",
    "timetable_import": "filename content",
    "volunteer": "background",
    "person": "staff_no phone competent remark extras subjects",
    "account": "disabled_reason",
    "activity": "theme subject place presenters summary improvement state_note",
    "appointment_period": "school_name",
    "meeting": "title place agenda minutes state_note",
    "meeting_attendance": "represented_by",
    "meeting_task": "text state_note",
    "month_correction": "reason",
    "mentoring_pair": "mentee_name subject goals state_note",
    "notification": "words",
    "person_condition": "condition relation",
    "secondment": "present_post opinion time_guarantee screening host_name host_place host_consent host_post report"
    " follow_up state_note",
    "secondment_programme": "name basis blocks assignments note",
    "secondment_batch": "name sent_off_place",
    "secondment_entry": "title body compared address",
    "secondment_leave": "reason",
    "secondment_score": "note",
    "secondment_contact": "note",
    "secondment_evaluation": "grade text",
    "study_plan": "goals contents measures topics homework",
    "study_trip": "title place members summary",
    "posting": "subject approval_no duties state_note",
    "posting_result": "criteria judgement",
    "handover": "classes progress materials pupils issues state_note",
    "reflection": "title subject theme observation experience feelings problem solution plan lines",
    "typical_case": "title extract reason state_note",
    "mentor_note": "text",
    "log_call": "words",
    "log_report": "title opening closing",
    "log_report_entry": "heading text",
    "wish_list": "note",
    "pair_date": "what",
    "pair_review": "progress further",
    "pair_fit": "text",
    "mentoring_renewal": "goals",
    "observation_template": "name",
    "template_edition": "items",
    "template_suggestion": "text",
    "observation_sheet": "answers",
    "pairing_plan_line": "who post content",
    "pairing_need": "text",
    "support_detail": "item",
    "pairing_review": "done problems",
    "pairing_renewal": "changes",
    "cycle_summary": "achieved lessons commended",
    "reflection_comment": "text",
    "removed_record": "values",
    "roster_import": "filename",
    "school_pairing": "goals contents frequency state_note",
    "service_record": "organisation approval_no",
    "session_dispute": "reason state_note",
    "stored_file": "name",
    "subject_staffing": "subject",
    "subsidy_item": "ground state_note",
    "subsidy_list": "state_note",
    "summary_section": "text",
    "term_summary": "state_note",
    "visiting_month": "state_note",
    "visiting_lesson": "subject class_name state_note",
    "visiting_session": "class_name state_note reported_note",
    "work_record": "line body who",
}
# Codes, hashes and states by column name; names of people and places, which a test looks for as they are; and what
# is filled by the portal itself from the columns above: the frozen content of a summary, the values of the history.
NO_TEXT = set(
    "kind state form level code status role office locale visibility scheme_code profile location model_level source"
    " sex stage professional_title post_kind cadre_level reported weeks key mime sha256 made_from once_key username"
    " password_hash key_hash hash values_hash previous_hash content_hash salt action object_kind field link"
    " modules_off mapping outcome facts name pinyin initials bureau_name place.service_record content.roster_import"
    " state_note.absence content.stored_file content.summary_snapshot content.circular_edition old new"
    " state_note.secondment_leave host_kinds host_kind side way"
    " message.job params.job words.job claim old_state new_state basis reasons.subsidy_item"
    " host_names.subsidy_item first_half last_half outcome half half_days fingerprint"
    " post phase counter content.plan_edition owner_kind media_type small_sha256 usefulness rule"
    " figures.cycle_summary answer.pair_fit reached.pair_review topic.pairing_need topic.opinion"
    " reached.posting_result year.pairing_review"
    " wish.pairing_review category.problem body.inspection span category.ledger_entry"
    " audience.ledger_entry flow.ledger_entry"
    # What the search reads is made of the columns above; test_search.py shows who finds it.
    " text.search_entry tokens.search_entry".split()
)


def word(side: str, kind: str) -> str:
    """The word of one record; no word is part of another."""
    return f"鸟{side}-{kind}鸟"


def fill(world) -> SimpleNamespace:
    """Both districts with a record of every kind in each cluster, and its word in every text of it.

    ``rows[side][kind]`` are the records of one kind.
    """
    rows = populate(world)
    sides = {"east": rows.east, "equal": rows.equal, "west": rows.west}
    found = {}
    for side, of_side in sides.items():
        more = _more(of_side)
        found[side] = {**of_side, **more}
        _free_of_names(found[side])
        for kind, row in found[side].items():
            _write(row, word(side, kind))
        found[side]["guest"].name = word(side, "guest")
        db.session.flush()
        _tell_history(side, found[side])
    db.session.commit()
    return SimpleNamespace(**found)


def _more(rows: dict) -> dict:
    """Records of kinds, and with readers, that the matrix of answers does without."""
    base = {"district_id": rows["meeting"].district_id}
    teacher, mentor, pairing = rows["person"], rows["record"].person_id, rows["pairing"]
    made = {
        "attendance": MeetingAttendance(
            **base, meeting_id=rows["meeting"].id, school_id=pairing.beneficiary_id, status="present"
        ),
        "notice": Notification(
            **base,
            person_id=teacher.id,
            kind="meeting_scheduled",
            words={"who": "", "what": ""},
            created_at=AT,
        ),
        "service": ServiceRecord(**base, person_id=teacher.id, kind="service", starts_on=date(2020, 9, 1)),
        "appointment": AppointmentPeriod(**base, person_id=teacher.id, starts_on=date(2020, 9, 1)),
        "condition": PersonCondition(**base, person_id=teacher.id, condition="", relation=""),
        "staffing": SubjectStaffing(**base, school_id=pairing.beneficiary_id, subject="", need=2, actual=1),
        "official": WorkRecord(
            **base,
            person_id=teacher.id,
            school_pairing_id=pairing.id,
            kind="support",
            happened_on=date(2025, 11, 11),
        ),
        # A proposal that has been computed, with what it could not cover and one lesson.
        "proposed": ProposedLesson(
            **base,
            proposal_id=rows["proposal"].id,
            person_id=teacher.id,
            school_id=pairing.beneficiary_id,
            class_name="",
            subject="",
            weekday=4,
            period=2,
            starts=560,
            ends=600,
        ),
        "lone": WorkRecord(**base, person_id=mentor, kind="observation", happened_on=date(2025, 11, 11)),
    }
    for visibility in ("mentor", "school", "cluster"):
        made[f"shared_{visibility}"] = Reflection(
            **base,
            person_id=teacher.id,
            school_id=rows["reflection"].school_id,
            cluster_id=rows["reflection"].cluster_id,
            term_id=rows["reflection"].term_id,
            happened_on=date(2025, 11, 10),
            state="submitted",
            submitted_at=AT,
            visibility=visibility,
            experience="x",
        )
    db.session.add_all(made.values())
    db.session.flush()
    return made


def _free_of_names(rows: dict) -> None:
    """The canaries of the matrix of answers go: here every text says whose it is.

    What has words only when it is done is done: a computed proposal, somebody who was declined.
    """
    rows["job"].words = {}
    rows["signup"].state = "declined"
    rows["proposal"].state, rows["proposal"].computed_at = "proposed", AT
    rows["guest"] = rows["volunteer"].person


# What holds more than a plain text.
_VALUES = {
    ("assessment_template", "items"): [{"text": "{}", "points": 10, "evidence": "{}"}],
    ("assessment_case", "answers"): {"0": {"text": "{}", "url": ""}},
    ("assessment_case", "scores"): {"0": {"tenths": 85, "remark": "{}"}},
    ("template_edition", "items"): [{"text": "{}", "kind": "text"}],
    ("observation_sheet", "answers"): {"0": "{}"},
    ("secondment_programme", "blocks"): ["{}"],
    ("secondment_programme", "assignments"): ["{}"],
    ("notification", "words"): {"who": "{}", "what": "{}"},
    ("removed_record", "values"): {"line": "{}"},
    ("roster_import", "filename"): "{}.xlsx",
    ("person", "subjects"): ["{}"],
    ("reflection", "lines"): [{"area": "other", "text": "{}", "quantity": 1, "unit": ""}],
    ("plan_proposal", "uncovered"): [
        {"school": "", "class_name": "{}", "subject": "{}", "missing": 1, "reasons": [], "unlocks": []}
    ],
    ("service_certificate", "content"): {
        "person": "{}",
        "of": "{}",
        "school": "",
        "cluster": "",
        "term": "",
        "services": [
            {"day": "2025-11-12", "title": "{}", "kind": "volunteer_service", "minutes": 60, "periods": 1}
        ],
        "minutes": 60,
        "periods": 1,
    },
    ("timetable_import", "filename"): "{}.xlsx",
    # A row that names nobody known: the preview says so with the words of the row.
    ("timetable_import", "content"): b"{}\t{}\t{}\t{}\t4\t1",
}


def _filled(value, text: str):
    if isinstance(value, dict):
        return {key: _filled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, text) for each in value]
    if isinstance(value, bytes):
        return _filled(value.decode(), text).encode()
    return value.replace("{}", text) if isinstance(value, str) else value


def _write(row, text: str) -> None:
    kind = row.__tablename__
    for name in TEXTS.get(kind, "").split():
        value = _VALUES.get((kind, name), "{}")
        if (kind, name) == ("person", "subjects"):  # they stand beside a name wherever people are suggested
            text = text.replace("-person", "-subject")
        setattr(row, name, _filled(value, text))


def _tell_history(side: str, rows: dict) -> None:
    """A line in the history of everything that has one."""
    who = SimpleNamespace(
        district_id=rows["meeting"].district_id, person_id=rows["meeting"].created_by_id, account_id=None
    )
    for kind in (
        "meeting",
        "task",
        "activity",
        "pairing",
        "pair",
        "posting",
        "lesson",
        "session",
        "person",
        "cluster",
        "delivery",
        "offer",
        "volunteer",
        "programme",
        "certificate",
        "proposal",
    ):
        audit.record(who, f"{rows[kind].__tablename__}.edit", rows[kind], {"note": (None, word(side, kind))})


def text_of(answer) -> str:
    """All words of an answer: of a page, and of what is inside a workbook or a PDF."""
    if answer.mimetype.startswith("text/") or answer.mimetype == "application/json":
        return answer.get_data(as_text=True)
    content = answer.get_data()
    names = unquote(" ".join(value for key, value in answer.headers if key == "Content-Disposition"))
    if answer.mimetype == "application/pdf" and len(content) > 100:
        return names + "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return names + "".join(packed.read(each).decode("utf-8", "ignore") for each in packed.namelist())
    return names + content.decode("utf-8", "ignore")
