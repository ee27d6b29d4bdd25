"""The computed sentences of the term summary, section by section, in official Chinese.

A clause whose figure has no value (not set, not known, a share of nothing) is left out: official
text never says 未设定. Templates of sections are data, so that another form is another entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from portal.domain.figure_definitions import BREAKDOWN_WORDS, DEFINITIONS
from portal.domain.figures import Figures, shown
from portal.domain.summary_sections import SECTIONS, SectionDefinition
from portal.domain.words import N_, PLACEHOLDER, Message, message, said, untranslated

__all__ = ["SECTIONS", "Clause", "SectionDefinition", "Sentence", "sentences"]


@dataclass(frozen=True)
class Clause:
    """Part of a sentence: a template, its values, and which values are figures (name, key)."""

    template: str
    params: tuple[tuple[str, object], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A computed sentence: clauses one after the other, the last mark included."""

    clauses: tuple[Clause, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """Keys of the figures that the sentence rests on, each once."""
        return tuple(dict.fromkeys(key for clause in self.clauses for _, key in clause.links))

    def text(self, translate: Callable[..., str] = untranslated) -> str:
        """The sentence in a reader's language; in Chinese as the official text has it."""
        return "".join(part for part, _ in self.parts(translate))

    def parts(self, translate: Callable[..., str] = untranslated) -> tuple[tuple[str, str | None], ...]:
        """Pieces of the text, each with the figure that it shows or None, for links on a page."""
        found: list[tuple[str, str | None]] = []
        for clause in self.clauses:
            template, params, links = translate(clause.template), dict(clause.params), dict(clause.links)
            for index, piece in enumerate(re.split(PLACEHOLDER, template)):
                if index % 2:
                    found.append((said(params[piece], translate), links.get(piece)))
                elif piece:
                    found.append((piece, None))
        return tuple(found)


def sentences(
    figures: Figures,
    *,
    cluster: str,
    lead: str,
    labels: Mapping[str, str | None],
    words: Mapping[str, str] | None = None,
    form: str = "short",
) -> dict[str, tuple[Sentence, ...]]:
    """The computed sentences of each section of a form, in order; a section may have none.

    `labels` are the scheme's words, `words` those of activity kinds (code to message id).
    """
    write = _Writer(figures, words or {})
    written = {
        "basics": (_cluster(write, cluster, lead, labels), _exchange(write), _waiting(write)),
        "practice": (
            _meetings(write, labels),
            _activities(write),
            _visiting(write),
            _pairs(write),
            _secondees(write),
            *_ledgers(write),
            _if_any(write, "inspections_published", N_("接受督导%(count)s次")),
        ),
        "results": (_participation(write), _logs(write), _coverage(write), _study(write), _honours(write)),
        "problems": (
            _gaps(write),
            _missed(write),
            _inactive(write),
            _unpaired(write),
            _register(write),
        ),
        "next": (),
    }
    return {section.key: tuple(each for each in written[section.key] if each) for section in SECTIONS[form]}


class _Writer:
    """Writes clauses about figures; a clause about a figure without a value is none."""

    def __init__(self, figures: Figures, words: Mapping[str, str]) -> None:
        self.figures = figures
        self.words = {**words, **BREAKDOWN_WORDS}

    def has(self, *keys: str) -> bool:
        """Whether all these figures have a value above zero."""
        return all(key in self.figures and self.figures[key].value for key in keys)

    def clause(
        self, template: str, *, links: Mapping[str, str] | None = None, **params: object
    ) -> Clause | None:
        """A clause in which `links` names the figure behind each placeholder."""
        links = links or {}
        if any(self.figures[key].value is None for key in links.values()):
            return None
        values = {name: shown(self.figures[key], DEFINITIONS[key].unit) for name, key in links.items()}
        return Clause(template, (*params.items(), *values.items()), tuple(links.items()))

    def parts(self, key: str, template: str) -> tuple[Message, ...]:
        """A breakdown as an enumeration, the greatest part first."""
        parts = sorted(self.figures[key].breakdown, key=lambda part: (-(part[1] or 0), part[0]))
        return tuple(
            message(template, label=message(self.words.get(label, label)), count=value)
            for label, value in parts
            if value
        )


def _sentence(clauses: Iterable[Clause | None]) -> Sentence | None:
    """The clauses that there are, with a full stop; none when the first is missing."""
    first, *others = clauses
    if first is None:
        return None
    return Sentence((first, *(each for each in others if each), Clause(N_("。"))))


def _cluster(write: _Writer, cluster: str, lead: str, labels: Mapping) -> Sentence | None:
    return _sentence(
        (
            write.clause(
                N_("%(cluster)s以%(lead)s为%(lead_word)s，共%(schools)s所学校"),
                links={"schools": "schools"},
                cluster=cluster,
                lead=lead,
                lead_word=message(labels["lead_school"]),
            ),
            write.clause(N_("，教师%(teachers)s人"), links={"teachers": "teachers"}),
        )
    )


def _exchange(write: _Writer) -> Sentence | None:
    if not write.has("exchanged_persons"):
        return _sentence((write.clause(N_("本学期没有到岗的交流")),))
    category = dict(write.figures["exchanged_persons"].breakdown)
    return _sentence(
        (
            write.clause(
                N_("本学期到岗交流%(persons)s人（校长%(principals)s人、教师%(teachers)s人）、%(times)s人次"),
                links={"persons": "exchanged_persons", "times": "exchanged_person_times"},
                **category,
            ),
            write.clause(
                N_("，其中%(directions)s"),
                directions=write.parts("exchanged_person_times", N_("%(label)s%(count)s人次")),
            ),
        )
    )


def _waiting(write: _Writer) -> Sentence | None:
    if not write.has("exchange_waiting"):
        return None
    return _sentence(
        (write.clause(N_("另有%(count)s人已批准，尚未到岗"), links={"count": "exchange_waiting"}),)
    )


def _meetings(write: _Writer, labels: Mapping) -> Sentence | None:
    return _sentence(
        (
            write.clause(
                N_("召开%(meeting)s%(held)s次"),
                links={"held": "meetings_held"},
                meeting=message(labels["meeting"]),
            ),
            _target(write, "meetings_held"),
            write.clause(N_("，管理研讨%(count)s次"), links={"count": "seminars_held"})
            if write.has("seminars_held")
            else None,
            write.clause(N_("，包挂领导听取汇报%(count)s次"), links={"count": "hearings_held"})
            if write.has("hearings_held")
            else None,
        )
    )


def _target(write: _Writer, key: str) -> Clause | None:
    target = write.figures[key].denominator
    return None if target is None else write.clause(N_("（应有%(target)s次）"), target=target)


def _activities(write: _Writer) -> Sentence | None:
    if not write.has("activities_held"):
        return None
    return _sentence(
        (
            write.clause(
                N_("开展联合教研与活动%(count)s次，其中%(kinds)s"),
                links={"count": "activities_held"},
                kinds=write.parts("activities_held", N_("%(label)s%(count)s次")),
            ),
            write.clause(N_("，大型活动%(count)s次"), links={"count": "large_activities"})
            if write.has("large_activities")
            else None,
            write.clause(
                N_("，参加%(persons)s人、%(times)s人次"),
                links={"persons": "activity_persons", "times": "activity_person_times"},
            ),
        )
    )


def _visiting(write: _Writer) -> Sentence | None:
    if not write.has("sessions_planned"):
        return None
    return _sentence(
        (
            write.clause(
                N_("%(teachers)s名教师走教，排定%(planned)s节，本人上课%(given)s节"),
                links={
                    "teachers": "circuit_teachers",
                    "planned": "sessions_planned",
                    "given": "sessions_given",
                },
            ),
            write.clause(N_("，代课%(count)s节"), links={"count": "sessions_substituted"})
            if write.has("sessions_substituted")
            else None,
        )
    )


def _pairs(write: _Writer) -> Sentence | None:
    if not write.has("school_pairs") and not write.has("mentoring_pairs"):
        return None
    return _sentence(
        (
            write.clause(
                N_("学校结对%(schools)s对、师徒结对%(mentoring)s对，有帮扶记录%(records)s次"),
                links={"schools": "school_pairs", "mentoring": "mentoring_pairs", "records": "pair_records"},
            ),
            write.clause(N_("，平均每对%(average)s次"), links={"average": "records_per_pair"}),
        )
    )


def _secondees(write: _Writer) -> Sentence | None:
    links = {"persons": "secondees", "days": "secondment_days", "lessons": "secondment_lessons"}
    if not write.has("secondees"):
        return None
    return _sentence(
        (
            write.clause(N_("挂职锻炼%(persons)s人、%(days)s天，听课%(lessons)s节"), links=links),
            write.clause(N_("，人均%(average)s节"), links={"average": "secondment_lessons_mean"}),
        )
    )


def _study(write: _Writer) -> Sentence | None:
    return _if_any(write, "secondment_five_rate", N_("挂职人员五有齐全的占%(count)s"))


def _participation(write: _Writer) -> Sentence | None:
    return (
        _sentence(
            (write.clause(N_("教师参与联合活动的比例为%(rate)s"), links={"rate": "participation_rate"}),)
        )
        if write.has("activities_held")
        else None
    )


def _logs(write: _Writer) -> Sentence | None:
    if not write.has("logs"):
        return None
    return _sentence(
        (
            write.clause(
                N_("%(writers)s名教师撰写反思日志%(logs)s篇"),
                links={"writers": "log_writers", "logs": "logs"},
            ),
            write.clause(N_("，人均%(average)s篇"), links={"average": "logs_per_writer"}),
            write.clause(N_("，撰写率%(rate)s"), links={"rate": "writing_rate"}),
            write.clause(N_("，在片区内共享%(count)s篇"), links={"count": "logs_shared"})
            if write.has("logs_shared")
            else None,
            write.clause(N_("，入选典型经验%(count)s篇"), links={"count": "logs_selected"})
            if write.has("logs_selected")
            else None,
        )
    )


def _coverage(write: _Writer) -> Sentence | None:
    figure = write.figures["mentor_coverage"]
    return _sentence(
        (
            write.clause(
                N_("城区学校有县级以上称号的教师%(all)s人，其中%(paired)s人带徒弟，覆盖率%(rate)s"),
                links={"rate": "mentor_coverage"},
                all=figure.denominator,
                paired=figure.numerator,
            ),
        )
    )


def _trainings(write: _Writer) -> Sentence | None:
    links = {"count": "trainings", "times": "training_person_times"}
    clause = write.clause(N_("举办培训%(count)s期，参加%(times)s人次"), links=links)
    return _sentence((clause,)) if write.has("trainings") else None


def _ledgers(write: _Writer) -> tuple[Sentence | None, ...]:
    return (
        _trainings(write),
        _if_any(write, "publicity_items", N_("宣传报道%(count)s次")),
        _if_any(write, "funds_spent", N_("支出经费%(count)s元")),
        _if_any(write, "support_measures", N_("落实保障措施%(count)s项")),
    )


def _honours(write: _Writer) -> Sentence | None:
    return _if_any(write, "honours", N_("获得表彰奖励%(count)s项"))


def _gaps(write: _Writer) -> Sentence | None:
    if not write.has("months_without_meeting"):
        return None
    months = tuple(
        message(N_("%(year)s年%(month)s月"), year=int(label[:4]), month=int(label[5:]))
        for label, _ in write.figures["months_without_meeting"].breakdown
    )
    return _sentence(
        (
            write.clause(
                N_("有%(count)s个月没有召开成员校会议（%(months)s）"),
                links={"count": "months_without_meeting"},
                months=months,
            ),
        )
    )


def _missed(write: _Writer) -> Sentence | None:
    return _if_any(write, "sessions_missed", N_("走教缺课%(count)s节"))


def _inactive(write: _Writer) -> Sentence | None:
    return _if_any(write, "inactive_pairs", N_("有%(count)s对结对超过约定的间隔没有记录"))


def _unpaired(write: _Writer) -> Sentence | None:
    return _if_any(write, "titled_unpaired", N_("城区学校有%(count)s名有称号的教师还没有带徒弟"))


def _register(write: _Writer) -> Sentence | None:
    """What supervision found, by category and without a school's name (S2-16)."""
    if not write.has("problems_listed"):
        return None
    return _sentence(
        (
            write.clause(
                N_("问题清单列有问题%(count)s项（%(kinds)s），已销号%(done)s项"),
                links={"count": "problems_listed", "done": "problems_confirmed"},
                kinds=write.parts("problems_listed", N_("%(label)s%(count)s项")),
            ),
            write.clause(N_("，逾期未整改%(count)s项"), links={"count": "problems_late"})
            if write.has("problems_late")
            else None,
        )
    )


def _if_any(write: _Writer, key: str, template: str) -> Sentence | None:
    return _sentence((write.clause(template, links={"count": key}),)) if write.has(key) else None
