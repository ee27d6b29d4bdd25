"""The suggestion from ranked wishes: stable, within capacity, explained, and the same for every order of lists."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.matching import Alone, Match, Wishes, suggest

MENTORS, MENTEES = "ABCD", "wxyz"


def lists(own: str, others: str, most: int):
    wishes = st.builds(
        Wishes,
        st.lists(st.sampled_from(others), unique=True, max_size=len(others)).map(tuple),
        st.integers(0, most),
    )
    return st.dictionaries(st.sampled_from(own), wishes, max_size=len(own))


def rank(wishes: Wishes, one) -> int:
    return wishes.order.index(one)


@given(lists(MENTORS, MENTEES, 2), lists(MENTEES, MENTORS, 1))
def test_nobody_would_both_rather_have_each_other_and_capacity_is_kept(mentors, mentees):
    found = suggest(mentors, mentees)
    of_mentee = {match.mentee: match.mentor for match in found.matches}
    of_mentor = {mentor: [m for m, by in of_mentee.items() if by == mentor] for mentor in mentors}
    assert len(of_mentee) == len(found.matches)
    assert {each.mentee for each in found.alone} == set(mentees) - set(of_mentee)
    for mentor, some in of_mentor.items():
        assert len(some) + found.free[mentor] == mentors[mentor].capacity
        assert set(some) <= set(mentors[mentor].order)
    for mentee, wishes in mentees.items():
        for mentor in wishes.order:
            if mentor not in mentors or mentee not in mentors[mentor].order:
                continue
            present = of_mentee.get(mentee)
            prefers = present is None or rank(wishes, mentor) < rank(wishes, present)
            would_take = len(of_mentor[mentor]) < mentors[mentor].capacity or any(
                rank(mentors[mentor], mentee) < rank(mentors[mentor], other) for other in of_mentor[mentor]
            )
            assert not (prefers and would_take), (mentor, mentee)


@given(lists(MENTORS, MENTEES, 2), lists(MENTEES, MENTORS, 1), st.randoms())
def test_the_order_in_which_lists_arrive_makes_no_difference(mentors, mentees, chance):
    shuffled = [dict(chance.sample(list(lot.items()), len(lot))) for lot in (mentors, mentees)]
    assert suggest(*shuffled) == suggest(mentors, mentees)


def test_a_line_says_which_wish_it_meets_and_who_kept_others():
    mentors = {"A": Wishes(("x", "w")), "B": Wishes(("w", "x"))}
    mentees = {"w": Wishes(("A", "B")), "x": Wishes(("A",)), "y": Wishes(("A", "B"))}
    found = suggest(mentors, mentees)
    assert found.matches == (Match("B", "w", 2, 1, ("A",)), Match("A", "x", 1, 1, ()))
    assert found.alone == (Alone("y", ("A", "B"), ()),)
    assert found.free == {"A": 0, "B": 0}


def test_who_named_nobody_or_themselves_stays_alone():
    assert suggest({"A": Wishes(("A",))}, {"A": Wishes(("A",))}).matches == ()
    assert suggest({}, {"w": Wishes(())}).alone == (Alone("w", (), ()),)
