"""What is wrong with a scheme file, each mistake with its place and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.calendar import Term, due_date
from portal.domain.words import N_, Message, message

FORMAT = 1
PROFILE_KEYS = ("directing", "convenor", "equal")
PERIODS = ("month", "term", "school_year")
SUMMARY_FORMS = ("short", "long")

#: Words that a scheme gives to roles and things; the value says whether it must.
LABELS = {
    "cluster": True,
    "lead_school": True,
    "member_school": True,
    "leader": True,
    "member_leader": True,
    "committee": True,
    "meeting": True,
    "liaison": False,
    "assigned_leader": False,
}

_KEYS = {
    "": {
        "format",
        "code",
        "name",
        "document",
        "profile",
        "labels",
        "counters",
        "due",
        "summary",
        "params",
        "rules",
        "quota",
        "destination",
        "prerequisites",
        "duration_months",
        "note",
    },
    "counter": {"key", "label", "per", "at_least", "at_most", "cite", "local"},
    "due": {"key", "label", "on", "terms", "to", "cite", "local"},
    "summary": {"to", "office", "form", "cite", "local"},
    "cite": {"document", "section"},
}
_CODE = re.compile(r"[A-Z][A-Za-z0-9-]{0,19}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

# A due date is read against a long term, so that any week a district can have is accepted.
_SAMPLE = Term("2024-2025-1", date(2024, 9, 2), date(2025, 3, 2), date(2024, 9, 2))


@dataclass(frozen=True)
class Mistake:
    """A mistake at a place such as `due[2].on`; the empty path is the file as a whole."""

    path: str
    message: Message


def check_scheme(data: object) -> list[Mistake]:
    """Every mistake of a scheme file's content, in the file's order; none: it can be used.

    Rules are kept for the evaluation that reads them; here only their shape is looked at.
    """
    return list(_check(data))


def _check(data: object) -> Iterator[Mistake]:
    if not isinstance(data, Mapping):
        yield _mistake("", N_("方案文件应当是一个对象"))
        return
    yield from _unknown("", data, "")
    if data.get("format") != FORMAT:
        yield _mistake("format", N_("格式版本应当是%(value)s"), value=FORMAT)
    if not (isinstance(data.get("code"), str) and _CODE.fullmatch(data["code"])):
        yield _mistake("code", N_("代码应当以大写字母开头，只含字母、数字和连字符"))
    for key in ("name", "document"):
        yield from _text(data, key, key)
    yield from _choice(data, "profile", "profile", PROFILE_KEYS)
    yield from _labels(data.get("labels"))
    yield from _list(data, "counters", _counter)
    yield from _list(data, "due", _due)
    yield from _summary(data.get("summary"))
    if not isinstance(data.get("params", {}), Mapping):
        yield _mistake("params", N_("应当是一个对象"))
    yield from _list(data, "rules", _rule)
    yield from _repeats(data)


def _labels(labels: object) -> Iterator[Mistake]:
    if not isinstance(labels, Mapping):
        yield _mistake("labels", N_("应当是一个对象"))
        return
    for key in labels:
        if key not in LABELS:
            yield _mistake(f"labels.{key}", N_("没有这个项目"))
    for key, required in LABELS.items():
        value = labels.get(key)
        if (required or value is not None) and not _is_text(value):
            yield _mistake(f"labels.{key}", N_("不能为空"))


def _counter(path: str, counter: Mapping) -> Iterator[Mistake]:
    yield from _unknown(path, counter, "counter")
    yield from _key_and_label(path, counter)
    yield from _choice(counter, "per", f"{path}.per", PERIODS)
    if "at_least" not in counter:
        yield _mistake(f"{path}.at_least", N_("缺少这个项目；方案没有规定时写 null"))
    least, most = counter.get("at_least"), counter.get("at_most")
    for key, value in (("at_least", least), ("at_most", most)):
        if value is not None and not (_is_count(value) and value >= 1):
            yield _mistake(f"{path}.{key}", N_("应当是大于零的整数，或 null"))
    if _is_count(least) and _is_count(most) and most < least:
        yield _mistake(f"{path}.at_most", N_("不能小于 at_least"))
    yield from _source(path, counter, is_set=least is not None)


def _due(path: str, due: Mapping) -> Iterator[Mistake]:
    yield from _unknown(path, due, "due")
    yield from _key_and_label(path, due)
    expression = due.get("on")
    if "on" not in due:
        yield _mistake(f"{path}.on", N_("缺少这个项目；方案没有规定时写 null"))
    elif expression is not None and not _is_due_date(expression):
        yield _mistake(
            f"{path}.on",
            N_("看不懂期限“%(value)s”，可写 %(examples)s"),
            value=str(expression),
            examples=("term_start+7d", "term_end-14d", "08-31", "week 2", "2025-09-08"),
        )
    terms = due.get("terms", [1, 2])
    if not (isinstance(terms, list) and terms and all(_is_count(n) and n in (1, 2) for n in terms)):
        yield _mistake(f"{path}.terms", N_("应当是 [1]、[2] 或 [1, 2]"))
    to = due.get("to", [])
    if not (isinstance(to, list) and all(map(_is_text, to))):
        yield _mistake(f"{path}.to", N_("应当是一列名称"))
    yield from _source(path, due, is_set=expression is not None)


def _summary(summary: object) -> Iterator[Mistake]:
    if not isinstance(summary, Mapping):
        yield _mistake("summary", N_("应当是一个对象"))
        return
    yield from _unknown("summary", summary, "summary")
    for key in ("to", "office"):
        yield from _text(summary, key, f"summary.{key}")
    yield from _choice(summary, "form", "summary.form", SUMMARY_FORMS)
    yield from _source("summary", summary, is_set=True)


def _rule(path: str, rule: Mapping) -> Iterator[Mistake]:
    for key in ("id", "outcome"):
        yield from _text(rule, key, f"{path}.{key}")
    if not isinstance(rule.get("when"), Mapping):
        yield _mistake(f"{path}.when", N_("应当是一个对象"))


def _repeats(data: Mapping) -> Iterator[Mistake]:
    """One counter a key; one due item a key and term; one rule an id."""
    for name, identities in (
        ("counters", lambda each: [each.get("key")]),
        ("due", lambda each: [(each.get("key"), term) for term in _as_list(each.get("terms", [1, 2]))]),
        ("rules", lambda each: [each.get("id")]),
    ):
        seen: set[str] = set()
        for index, each in enumerate(_as_list(data.get(name))):
            if not isinstance(each, Mapping):
                continue
            own = {repr(identity) for identity in identities(each)}
            if own & seen:
                yield _mistake(f"{name}[{index}]", N_("与前面的项目重复"))
            seen |= own


def _source(path: str, part: Mapping, *, is_set: bool) -> Iterator[Mistake]:
    """What a scheme sets has a citation, or says that it is the district's own choice."""
    cite, local = part.get("cite"), part.get("local", False)
    if not isinstance(local, bool):
        yield _mistake(f"{path}.local", N_("应当是 true 或 false"))
    if cite is None:
        if is_set and local is not True:
            yield _mistake(f"{path}.cite", N_('缺少出处；本地自行规定的写 "local": true'))
        return
    if local is True:
        yield _mistake(f"{path}.local", N_("有出处的不是本地自行规定"))
    if not isinstance(cite, Mapping):
        yield _mistake(f"{path}.cite", N_("应当是一个对象"))
        return
    yield from _unknown(f"{path}.cite", cite, "cite")
    yield from _text(cite, "section", f"{path}.cite.section")
    if "document" in cite:
        yield from _text(cite, "document", f"{path}.cite.document")


def _list(data: Mapping, name: str, check) -> Iterator[Mistake]:
    items = data.get(name, [])
    if not isinstance(items, list):
        yield _mistake(name, N_("应当是一个列表"))
        return
    for index, each in enumerate(items):
        path = f"{name}[{index}]"
        if isinstance(each, Mapping):
            yield from check(path, each)
        else:
            yield _mistake(path, N_("应当是一个对象"))


def _key_and_label(path: str, part: Mapping) -> Iterator[Mistake]:
    if not (isinstance(part.get("key"), str) and _NAME.fullmatch(part["key"])):
        yield _mistake(f"{path}.key", N_("应当是小写字母、数字和下划线"))
    yield from _text(part, "label", f"{path}.label")


def _unknown(path: str, part: Mapping, shape: str) -> Iterator[Mistake]:
    for key in part:
        if key not in _KEYS[shape]:
            yield _mistake(f"{path}.{key}" if path else str(key), N_("没有这个项目"))


def _text(part: Mapping, key: str, path: str) -> Iterator[Mistake]:
    if not _is_text(part.get(key)):
        yield _mistake(path, N_("不能为空"))


def _choice(part: Mapping, key: str, path: str, choices: tuple[str, ...]) -> Iterator[Mistake]:
    if part.get(key) not in choices:
        yield _mistake(path, N_("应当是%(choices)s之一"), choices=choices)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_due_date(expression: object) -> bool:
    try:
        due_date(expression, _SAMPLE)
    except (ValueError, AttributeError):
        return False
    return True


def _as_list(value: object) -> list:
    return value if isinstance(value, list) else []


def _mistake(path: str, template: str, **params: object) -> Mistake:
    return Mistake(path, message(template, **params))
