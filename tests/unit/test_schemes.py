"""Scheme files: what is shipped, and what is wrong with one that is not right."""

import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import Term
from portal.domain.schemes import (
    LABELS,
    PROFILES,
    SCHEMES_FOLDER,
    SHIPPED_WORDS,
    Citation,
    SchemeError,
    check_scheme,
    counter_target,
    due_day,
    load_scheme,
    read_scheme,
    scheme_codes,
)

AUTUMN = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
SPRING = Term("2025-2026-2", date(2026, 2, 23), date(2026, 7, 3), date(2026, 2, 23))


def data(code="D0"):
    return json.loads((SCHEMES_FOLDER / f"{code}.json").read_text(encoding="utf-8"))


def mistakes(content):
    return [(each.path, each.message.text()) for each in check_scheme(content)]


def changed(**values):
    return {**data(), **values}


def test_shipped_schemes_are_right():
    assert scheme_codes() == ("D0", "E5", "E7")
    assert {code: mistakes(data(code)) for code in scheme_codes()} == {"D0": [], "E5": [], "E7": []}


def test_profiles_and_words_of_the_shipped_schemes():
    assert {
        code: (
            scheme.profile.key,
            scheme.labels["lead_school"],
            scheme.labels["leader"],
            scheme.labels["member_leader"],
            scheme.has_liaison,
            scheme.has_assigned_leader,
        )
        for code in scheme_codes()
        for scheme in [load_scheme(code)]
    } == {
        "D0": ("directing", "领衔学校", "组长", "副组长", False, False),
        "E5": ("convenor", "责任校", "召集人", "成员", True, True),
        "E7": ("equal", "资源学校", "资源学校校长", "成员校校长", False, False),
    }


def test_equal_lead_neither_changes_nor_approves_other_schools_records():
    equal = PROFILES["equal"]
    assert (equal.lead_may_edit_members, equal.lead_may_approve_members) == (False, False)
    assert (equal.plan_needs_all_members, equal.sign_needs_all_members) == (True, True)
    assert PROFILES["directing"].lead_may_edit_members is True


def test_every_word_of_a_shipped_scheme_is_marked_for_translation():
    words = set()
    for code in scheme_codes():
        scheme = load_scheme(code)
        words |= {scheme.name, scheme.summary.body, scheme.summary.office}
        words |= {word for word in scheme.labels.values() if word}
        words |= {each.label for each in (*scheme.counters, *scheme.due)}
        words |= {to for each in scheme.due for to in each.recipients}
    assert words == set(SHIPPED_WORDS)


def test_counter_targets_of_a_term():
    keys = ("meeting", "seminar", "large_activity", "hearing")
    assert {
        code: [counter_target(load_scheme(code), key, AUTUMN) for key in keys] for code in scheme_codes()
    } == {
        "D0": [5, None, None, None],
        "E5": [2, 1, 1, 1],
        "E7": [None, None, None, None],
    }


def test_due_days_follow_the_scheme_and_the_term():
    d0, e5, e7 = map(load_scheme, scheme_codes())
    assert due_day(d0, "term_plan", AUTUMN) == date(2025, 8, 31)
    assert due_day(d0, "term_plan", SPRING) == date(2026, 2, 23)
    assert due_day(d0, "exchange_roster", SPRING) is None
    assert due_day(e5, "term_plan", AUTUMN) is None
    assert due_day(e7, "term_plan", AUTUMN) == date(2025, 9, 8)
    assert due_day(e7, "term_summary", SPRING) == date(2026, 7, 3)


def test_what_a_scheme_sets_is_cited_or_marked_as_local():
    d0 = load_scheme("D0")
    assert str(d0.counter("meeting").citation) == "《区县教师交流活动意见》五、1"
    assert d0.due_item("exchange_roster", AUTUMN).recipients == ("区教育局", "区人事局")
    summary = d0.due_item("term_summary", AUTUMN)
    assert (summary.citation, summary.is_local) == (None, True)
    assert load_scheme("E7").summary.citation == Citation("组团式发展", "工作要求2")


def test_unknown_code_is_no_scheme():
    with pytest.raises(KeyError):
        load_scheme("../D0")


def test_unset_number_stays_unset():
    content = changed(params={"years": None})
    assert read_scheme(content).params["years"] is None
    assert mistakes(content) == []


@pytest.mark.parametrize(
    ("content", "path", "text"),
    [
        ([], "", "方案文件应当是一个对象"),
        (changed(format=2), "format", "格式版本应当是1"),
        (changed(code="d 0"), "code", "代码应当以大写字母开头，只含字母、数字和连字符"),
        (changed(name=" "), "name", "不能为空"),
        (changed(profile="boss"), "profile", "应当是directing、convenor、equal之一"),
        (changed(labels=None), "labels", "应当是一个对象"),
        (changed(labels={**data()["labels"], "leader": None}), "labels.leader", "不能为空"),
        (changed(labels={**data()["labels"], "boss": "长"}), "labels.boss", "没有这个项目"),
        (changed(counters={}), "counters", "应当是一个列表"),
        (changed(counters=[1]), "counters[0]", "应当是一个对象"),
        (changed(sections=[]), "sections", "没有这个项目"),
        (changed(params=[]), "params", "应当是一个对象"),
    ],
)
def test_check_names_the_place_and_the_mistake(content, path, text):
    assert mistakes(content) == [(path, text)]


@pytest.mark.parametrize(
    ("change", "path", "text"),
    [
        ({"key": "Meeting"}, "key", "应当是小写字母、数字和下划线"),
        ({"label": ""}, "label", "不能为空"),
        ({"per": "year"}, "per", "应当是month、term、school_year之一"),
        ({"at_least": 0}, "at_least", "应当是大于零的整数，或 null"),
        ({"at_least": True}, "at_least", "应当是大于零的整数，或 null"),
        ({"at_least": 3, "at_most": 2}, "at_most", "不能小于 at_least"),
        ({"cite": None}, "cite", '缺少出处；本地自行规定的写 "local": true'),
        ({"local": True}, "local", "有出处的不是本地自行规定"),
        ({"cite": {"section": ""}}, "cite.section", "不能为空"),
        ({"often": 1}, "often", "没有这个项目"),
    ],
)
def test_check_looks_into_counters(change, path, text):
    counter = {**data()["counters"][0], **change}
    assert mistakes(changed(counters=[counter])) == [(f"counters[0].{path}", text)]


@pytest.mark.parametrize(
    ("change", "path", "text"),
    [
        (
            {"on": "soon"},
            "on",
            "看不懂期限“soon”，可写 term_start+7d、term_end-14d、08-31、week 2、2025-09-08",
        ),
        ({"on": 7}, "on", "看不懂期限“7”，可写 term_start+7d、term_end-14d、08-31、week 2、2025-09-08"),
        ({"terms": [3]}, "terms", "应当是 [1]、[2] 或 [1, 2]"),
        ({"to": "区教育局"}, "to", "应当是一列名称"),
    ],
)
def test_check_looks_into_due_dates(change, path, text):
    due = {**data()["due"][0], **change}
    assert mistakes(changed(due=[due])) == [(f"due[0].{path}", text)]


def test_missing_numbers_must_be_written_as_null():
    counter, due = copy.deepcopy(data()["counters"][0]), copy.deepcopy(data()["due"][0])
    del counter["at_least"], due["on"]
    assert [path for path, _ in mistakes(changed(counters=[counter], due=[due]))] == [
        "counters[0].at_least",
        "due[0].on",
    ]


def test_same_due_item_twice_in_a_term_is_a_mistake():
    content = data()
    content["due"].append(dict(content["due"][-1]))
    assert mistakes(content) == [(f"due[{len(content['due']) - 1}]", "与前面的项目重复")]


def test_rules_are_kept_and_only_their_shape_is_looked_at():
    rule = {"id": "D0-2", "outcome": "must", "when": {"all": []}, "cite": "四、1(1)"}
    assert read_scheme(changed(rules=[rule])).rules == (rule,)
    assert mistakes(changed(rules=[{"id": "D0-2", "when": []}])) == [
        ("rules[0].outcome", "不能为空"),
        ("rules[0].when", "应当是一个对象"),
    ]


def test_reading_a_wrong_scheme_names_every_mistake():
    with pytest.raises(SchemeError, match="name: 不能为空; profile") as caught:
        read_scheme(changed(name="", profile=None))
    assert [each.path for each in caught.value.mistakes] == ["name", "profile"]


values = st.recursive(
    st.sampled_from([None, True, 0, 2, "", "week 2", "组长"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["key", "cite", "when", "to"]), inner, max_size=2),
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*data(), "rules"]), values))
def test_check_never_fails_and_read_agrees_with_it(changes):
    content = {**data(), **changes}
    if check_scheme(content):
        with pytest.raises(SchemeError):
            read_scheme(content)
    else:
        assert set(read_scheme(content).labels) == set(LABELS)
