"""The rows of a roster as values, one class for each of its sheets, under the glossary's names."""

from dataclasses import dataclass, field, fields
from datetime import date

from portal.domain.roster_tables import TableRow


@dataclass(frozen=True, kw_only=True)
class Row:
    """Where a row stands, and the columns that nobody knew, as they were written."""

    sheet: str
    row: int
    extras: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TeacherRow(Row):
    """A teacher. None: the roster does not say. Honours are (kind, level or None)."""

    name: str
    sex: str
    school_name: str
    staff_no: str | None = None
    identity_no: str | None = None
    born_on: date | None = None
    work_started_on: date | None = None
    joined_on: date | None = None
    retires_on: date | None = None
    delayed_retirement: bool | None = None
    stage: str | None = None
    subjects: tuple[str, ...] = ()
    post_kind: str | None = None
    intended_post_kind: str | None = None
    established: bool | None = None
    on_duty: bool | None = None
    teaching_now: bool | None = None
    competent: bool | None = None
    certificate_ok: bool | None = None
    education_ok: bool | None = None
    cadre_level: str | None = None
    professional_title: str | None = None
    post_grade: int | None = None
    honours: tuple[tuple[str, str | None], ...] = ()
    role_facts: tuple[str, ...] = ()
    applied: bool | None = None
    recommended: bool | None = None
    needed: bool | None = None
    phone: str | None = None
    remark: str | None = None


@dataclass(frozen=True, kw_only=True)
class SchoolRow(Row):
    """A school with its facts of the sheet 学校. `stage` holds the words as written, one or several."""

    school_name: str
    stage: tuple[str, ...] = ()
    ownership: str | None = None
    location: str | None = None
    weak: bool | None = None
    standard_school: bool | None = None
    parent_school: str | None = None
    cluster: str | None = None
    cluster_role: str | None = None
    staff_quota: int | None = None
    staff_actual: int | None = None
    remoteness_tier: str | None = None
    average_periods: float | None = None


@dataclass(frozen=True, kw_only=True)
class SubjectStaffingRow(Row):
    """How many teachers of a subject a school needs and has."""

    school_name: str
    subject: str
    need: int | None = None
    actual: int | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRow(Row):
    """A row about a teacher of the sheet 教师, named by 工号 or, without one, by 姓名."""

    staff_no: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceRow(PersonRow):
    """A posting or other service. First and last day count; no end: still running."""

    kind: str
    organisation: str | None = None
    places: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    transfer: bool | None = None
    approval_no: str | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentRow(PersonRow):
    """An appointment period; no school: the present one."""

    school_name: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ConditionRow(PersonRow):
    """A circumstance such as 产假, of the teacher or of the person in `relation`. Sensitive."""

    condition: str
    relation: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    months: float | None = None


ROW_OF = {
    "teachers": TeacherRow,
    "schools": SchoolRow,
    "subject_staffing": SubjectStaffingRow,
    "services": ServiceRow,
    "appointments": AppointmentRow,
    "conditions": ConditionRow,
}


def typed(kind: str, sheet: str, row: TableRow) -> Row:
    """The row of a table as the class of its sheet; only for rows without a fault."""
    cls = ROW_OF[kind]
    known = {item.name for item in fields(cls)}
    values = {key: value for key, value in row.values.items() if key in known and value is not None}
    return cls(sheet=sheet, row=row.number, extras=row.extras, **values)
