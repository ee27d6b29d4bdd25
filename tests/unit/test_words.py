"""Marked words and sentences."""

from portal import labels
from portal.domain.words import Message, message

ENGLISH = {
    "%(who)s在%(days)s上课": "%(who)s teaches on %(days)s",
    "周一": "Monday",
    "周三": "Wednesday",
    "、": ", ",
}


def english(msgid, **values):
    return ENGLISH.get(msgid, msgid) % values if values else ENGLISH.get(msgid, msgid)


def test_message_translates_itself_and_the_words_in_it_and_leaves_names():
    said = message("%(who)s在%(days)s上课", who="周一鸣", days=(Message("周一"), Message("周三")))
    assert said.text() == str(said) == "周一鸣在周一、周三上课"
    assert said.text(english) == "周一鸣 teaches on Monday, Wednesday"


def test_message_without_values_may_hold_a_percent_sign():
    assert Message("10%以上").text() == "10%以上"


def test_seven_forms_of_working_together_are_values():
    """S1-19: all seven forms of the plan can be chosen where the work is recorded."""
    offered = {*labels.ACTIVITY_KIND.values(), *labels.POSTING_FORM.values(), *labels.VISITING_FORM.values()}
    seven = {"帮扶支援", "协作共享", "跨校兼课", "影子培训", "团队教研", "名师引领", "网络共通"}
    assert seven - offered == set()
