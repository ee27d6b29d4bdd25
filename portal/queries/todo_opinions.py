"""What waits about the opinion box of a school."""

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.queries import opinions

KIND = N_("意见箱")


def waiting(actor: Actor):
    """(kind, sentence, endpoint, target, due, words) of everything that waits for this person."""
    for school_id, term, count in opinions.open_in(actor):
        target = {"school": school_id, "term": term}
        yield KIND, N_("意见箱里有 %(count)s 条还没看"), "opinions.index", target, None, {"count": count}
    for row in opinions.to_answer(actor):
        words = {"school": row.school.name}
        target = {"opinion_digest_id": row.id}
        yield KIND, N_("答复教师意见汇总：%(school)s"), "opinions.digest", target, None, words
