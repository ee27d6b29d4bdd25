"""Which problems read alike: the rare words count, everyday ones do not, chance is left out."""

from portal.domain.similar import LEAST, rank

TEXTS = [
    ("group", "小组讨论时总有两三个人不参与，坐在旁边看"),
    ("tuning", "合唱的低声部总是跑调，音准不稳"),
    ("pace", "两所学校进度差一周，备课要备两份"),
    ("group2", "讨论的时候有人不参与，怎么分工"),
    ("plain", "学生没有带学具，这个问题怎么办"),
]


def test_the_likest_stand_first_and_chance_is_left_out():
    found = rank("小组讨论有人不参与", TEXTS)
    assert [key for key, _ in found] == ["group", "group2"]
    assert all(LEAST <= score <= 1 for _, score in found)


def test_everyday_words_alone_find_nothing():
    assert rank("学生没有这个问题怎么办", TEXTS) == []
    assert rank("", TEXTS) == rank("讨论", []) == []


def test_the_same_text_is_as_like_as_can_be():
    assert rank(TEXTS[1][1], TEXTS)[0] == ("tuning", 1.0)
