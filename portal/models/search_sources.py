"""What can be found of each kind of record: its words, its day, and who may come to see it."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal.domain.light_text import plain
from portal.domain.log_templates import PARTS
from portal.domain.moments import local_day
from portal.domain.quality import STEPS, next_step
from portal.models.activity_credits import ActivityCredit
from portal.models.activity_work import ActivityCluster
from portal.models.attachments import ActivityFile, Attachment, ResourceFile
from portal.models.clusters import Cluster, School
from portal.models.observation_forms import ObservationSheet
from portal.models.pairing import MentoringPair, SchoolPairing
from portal.models.people import Person
from portal.models.plans import Activity, Meeting, MeetingTask
from portal.models.quality import QualityAnalysis, QualityStep
from portal.models.records import WorkRecord
from portal.models.reflection_files import ReflectionFile
from portal.models.reflections import Reflection, ReflectionComment
from portal.models.resources import Resource


@dataclass(frozen=True)
class Source:
    """One record as the search reads and shows it.

    ``what`` is its code within the kind (``lesson``, ``monthly``), ``names`` are people, places and subjects, ``texts``
    the words in order, ``beside`` smaller ones. ``readers`` are marks of everybody who may come to see it: never
    too few, and no permission.
    """

    id: uuid.UUID
    what: str
    state: str
    day: date
    title: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    beside: tuple[str, ...]
    readers: frozenset[str]
    person_id: uuid.UUID | None = None
    cluster_id: uuid.UUID | None = None

    @property
    def words(self) -> str:
        """Everything that is looked through."""
        return "\n".join(filter(None, (self.title, *self.names, *self.texts, *self.beside)))


def mark(letter: str, key) -> str:
    """The mark of a reader: p person, s school, c cluster, o the offices of a district, a all of a district."""
    return f"{letter}{key.hex}"


def _marks(**keys) -> frozenset[str]:
    found = set()
    for letter, each in keys.items():
        found.update(mark(letter, key) for key in (each if isinstance(each, tuple) else (each,)) if key)
    return frozenset(found)


def _joined(model, other, column: str, key: str = "id"):
    """The condition that joins a row to the one that its column names."""
    return and_(other.district_id == model.district_id, getattr(other, key) == getattr(model, column))


def _file_names(session, link, owner, district_id, ids) -> dict:
    """Owner -> the names of its files that are there."""
    return _listed(
        session,
        owner,
        Attachment.name,
        where=(
            link.district_id == district_id,
            owner.in_(ids),
            _joined(link, Attachment, "attachment_id"),
            Attachment.removed_at.is_(None),
        ),
        order=Attachment.id,
    )


def _reflections(session, district_id, ids) -> Iterable[Source]:
    """A log with its comments and the names of its photos, which its readers see; never a mentor's private note."""
    comments = _listed(
        session,
        ReflectionComment.reflection_id,
        ReflectionComment.text,
        where=(
            ReflectionComment.district_id == district_id,
            ReflectionComment.reflection_id.in_(ids),
            ReflectionComment.withdrawn_at.is_(None),
        ),
        order=ReflectionComment.id,
    )
    files = _file_names(session, ReflectionFile, ReflectionFile.reflection_id, district_id, ids)
    rows = session.execute(
        select(Reflection.__table__, Person.name.label("person"), School.name.label("school"))
        .join(Person, _joined(Reflection, Person, "person_id"))
        .outerjoin(School, _joined(Reflection, School, "school_id"))
        .where(Reflection.district_id == district_id, Reflection.id.in_(ids))
    )
    for row in rows:
        shown = row.visibility if row.state == "submitted" else "own"
        yield Source(
            id=row.id,
            what=row.kind,
            state=row.state,
            day=row.happened_on,
            title=row.title,
            names=(row.person, row.school or "", row.subject),
            texts=(
                *(plain(getattr(row, name)) for name in PARTS),
                *(line.get("text", "") for line in row.lines),
            ),
            beside=(row.theme, *files.get(row.id, ()), *comments.get(row.id, ())),
            readers=_marks(
                p=row.person_id,
                s=row.school_id if shown in ("school", "cluster") else None,
                c=row.cluster_id if shown == "cluster" else None,
            ),
            person_id=row.person_id,
            cluster_id=row.cluster_id,
        )


def _records(session, district_id, ids) -> Iterable[Source]:
    other, place = aliased(Person), aliased(School)
    rows = session.execute(
        select(
            WorkRecord.__table__,
            Person.name.label("person"),
            School.name.label("school"),
            other.name.label("other"),
            place.name.label("place"),
            MentoringPair.mentor_id,
            MentoringPair.mentee_id,
            MentoringPair.mentee_name,
            func.coalesce(MentoringPair.cluster_id, SchoolPairing.cluster_id).label("cluster_id"),
            SchoolPairing.cluster_id.label("official_id"),
            SchoolPairing.donor_id,
            SchoolPairing.beneficiary_id,
            ObservationSheet.answers,
        )
        .join(Person, _joined(WorkRecord, Person, "person_id"))
        .outerjoin(School, _joined(WorkRecord, School, "school_id"))
        .outerjoin(other, _joined(WorkRecord, other, "with_person_id"))
        .outerjoin(place, _joined(WorkRecord, place, "place_school_id"))
        .outerjoin(MentoringPair, _joined(WorkRecord, MentoringPair, "mentoring_pair_id"))
        .outerjoin(SchoolPairing, _joined(WorkRecord, SchoolPairing, "school_pairing_id"))
        .outerjoin(ObservationSheet, _joined(WorkRecord, ObservationSheet, "id", "record_id"))
        .where(WorkRecord.district_id == district_id, WorkRecord.id.in_(ids))
    )
    for row in rows:
        answers = (row.answers or {}).values()
        yield Source(
            id=row.id,
            what=row.kind,
            state="",
            day=row.happened_on,
            title=row.line,
            names=tuple(
                dict.fromkeys(
                    filter(None, (row.person, row.school, row.other, row.mentee_name, row.who, row.place))
                )
            ),
            texts=(row.body,),
            beside=tuple(answer for answer in answers if isinstance(answer, str)),
            readers=_marks(
                p=(row.person_id, row.mentor_id, row.mentee_id),
                s=(row.donor_id, row.beneficiary_id),
                c=row.official_id,
                o=district_id if row.school_pairing_id else None,
            ),
            person_id=row.person_id,
            cluster_id=row.cluster_id,
        )


def _listed(session, owner, *columns, where, order) -> dict:
    """Owner -> the values of its rows, in this order."""
    found: dict = {}
    rows = session.execute(select(owner, *columns).where(*where).order_by(order))
    for key, *values in rows:
        found.setdefault(key, []).extend(values)
    return found


def _meetings(session, district_id, ids) -> Iterable[Source]:
    tasks = _listed(
        session,
        MeetingTask.meeting_id,
        MeetingTask.text,
        where=(MeetingTask.district_id == district_id, MeetingTask.meeting_id.in_(ids)),
        order=MeetingTask.id,
    )
    rows = session.execute(
        select(Meeting.__table__, Cluster.name.label("cluster"))
        .join(Cluster, _joined(Meeting, Cluster, "cluster_id"))
        .where(Meeting.district_id == district_id, Meeting.id.in_(ids))
    )
    for row in rows:
        yield Source(
            id=row.id,
            what=row.kind,
            state=row.state,
            day=local_day(row.starts_at),
            title=row.title,
            names=(row.cluster,),
            texts=(plain(row.minutes), plain(row.agenda)),
            beside=(*tasks.get(row.id, ()), row.place),
            readers=_marks(c=row.cluster_id, o=district_id),
            person_id=row.created_by_id,
            cluster_id=row.cluster_id,
        )


def _activities(session, district_id, ids) -> Iterable[Source]:
    joined = _listed(
        session,
        ActivityCluster.activity_id,
        ActivityCluster.cluster_id,
        where=(ActivityCluster.district_id == district_id, ActivityCluster.activity_id.in_(ids)),
        order=ActivityCluster.id,
    )
    files = _file_names(session, ActivityFile, ActivityFile.activity_id, district_id, ids)
    credited = _listed(
        session,
        ActivityCredit.activity_id,
        ActivityCredit.name,
        ActivityCredit.unit,
        ActivityCredit.about,
        where=(ActivityCredit.district_id == district_id, ActivityCredit.activity_id.in_(ids)),
        order=ActivityCredit.id,
    )
    rows = session.execute(
        select(Activity.__table__, School.name.label("school"), Cluster.name.label("cluster"))
        .outerjoin(School, _joined(Activity, School, "host_school_id"))
        .outerjoin(Cluster, _joined(Activity, Cluster, "cluster_id"))
        .where(Activity.district_id == district_id, Activity.id.in_(ids))
    )
    for row in rows:
        yield Source(
            id=row.id,
            what=row.kind,
            state=row.state,
            day=local_day(row.starts_at),
            title=row.theme,
            names=(row.school or "", row.cluster or "", row.subject, row.presenters),
            texts=(plain(row.summary), plain(row.improvement)),
            beside=(row.place, *credited.get(row.id, ()), *files.get(row.id, ())),
            readers=_marks(
                c=(row.cluster_id, *joined.get(row.id, ())),
                o=district_id,
                a=district_id if row.is_open or row.cluster_id is None else None,
            ),
            person_id=row.created_by_id,
            cluster_id=row.cluster_id,
        )


def _resources(session, district_id, ids) -> Iterable[Source]:
    files = _listed(
        session,
        ResourceFile.resource_id,
        Attachment.name,
        ResourceFile.note,
        where=(
            ResourceFile.district_id == district_id,
            ResourceFile.resource_id.in_(ids),
            _joined(ResourceFile, Attachment, "attachment_id"),
            Attachment.removed_at.is_(None),
        ),
        order=ResourceFile.number.desc(),
    )
    rows = session.execute(
        select(Resource.__table__, School.name.label("school"), Person.name.label("person"))
        .join(School, _joined(Resource, School, "school_id"))
        .join(Person, _joined(Resource, Person, "created_by_id"))
        .where(Resource.district_id == district_id, Resource.id.in_(ids))
    )
    for row in rows:
        yield Source(
            id=row.id,
            what=row.kind,
            state="",
            day=local_day(row.created_at),
            title=row.title,
            names=(row.person, row.school, row.subject, row.grade),
            texts=(plain(row.details),),
            beside=(*files.get(row.id, ()), row.url),
            readers=_marks(c=row.cluster_id, o=district_id, a=district_id if row.is_open else None),
            person_id=row.created_by_id,
            cluster_id=row.cluster_id,
        )


def _qualities(session, district_id, ids) -> Iterable[Source]:
    """An analysis with what its steps say; what is to be improved is read in the register of problems."""
    steps: dict = {}
    for row in session.execute(
        select(QualityStep.analysis_id, QualityStep.kind, QualityStep.who, QualityStep.text).where(
            QualityStep.district_id == district_id, QualityStep.analysis_id.in_(ids)
        )
    ):
        steps.setdefault(row.analysis_id, {})[row.kind] = row
    rows = session.execute(
        select(QualityAnalysis.__table__, Cluster.name.label("cluster"), Person.name.label("person"))
        .join(Cluster, _joined(QualityAnalysis, Cluster, "cluster_id"))
        .join(Person, _joined(QualityAnalysis, Person, "created_by_id"))
        .where(QualityAnalysis.district_id == district_id, QualityAnalysis.id.in_(ids))
    )
    for row in rows:
        written = steps.get(row.id, {})
        in_order = [written[step] for step in STEPS if step in written]
        yield Source(
            id=row.id,
            what=next_step(written),
            state="",
            day=local_day(row.created_at),
            title=row.title,
            names=(row.person, row.cluster, row.subject, row.grade),
            texts=tuple(plain(each.text) for each in in_order),
            beside=tuple(each.who for each in in_order),
            readers=_marks(c=row.cluster_id, o=district_id),
            person_id=row.created_by_id,
            cluster_id=row.cluster_id,
        )


#: Kind -> its table, and what reads its rows.
SOURCES: dict[str, tuple[type, Callable]] = {
    "reflection": (Reflection, _reflections),
    "record": (WorkRecord, _records),
    "meeting": (Meeting, _meetings),
    "activity": (Activity, _activities),
    "resource": (Resource, _resources),
    "quality": (QualityAnalysis, _qualities),
}


def read(session, kind: str, district_id, ids) -> dict[uuid.UUID, Source]:
    """The records of a kind with these keys, as they stand in the database now; what is not there is left out."""
    ids = list(ids)
    return {each.id: each for each in SOURCES[kind][1](session, district_id, ids)} if ids else {}
