"""What waits about logs: what a cluster asked for, a word about being shown as a typical case. Asked kindly."""

from datetime import date

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.queries import log_calls, terms, typical_cases

SENTENCES = {
    "lesson": N_("方便时写一篇课后反思：%(what)s"),
    "observation": N_("方便时写一篇听课笔记：%(what)s"),
    "training": N_("方便时写一篇培训小结：%(what)s"),
    "study": N_("方便时写一篇学习日志：%(what)s"),
    "reading": N_("方便时写一篇读书笔记：%(what)s"),
    "exchange": N_("方便时写一篇交流轮岗体会：%(what)s"),
    "term": N_("方便时写个人学期小结：%(what)s"),
    "other": N_("方便时写一篇日志：%(what)s"),
}


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words, meta) of each thing.

    A day that is over is not shown as late: a log is asked for, not owed.
    """
    for case in typical_cases.waiting_for_answer(actor):
        sentence = N_("请您决定：%(what)s 列为典型，好不好？")
        yield (
            N_("典型经验"),
            sentence,
            "reflections.case",
            {"case_id": case.id},
            None,
            {"what": case.title},
            "",
        )
    for call in log_calls.unanswered(actor, terms.current_term(actor.district_id, today)):
        due = call.due_on if call.due_on >= today else None
        words = {"what": call.words or call.cluster.name}
        target = {"kind": call.kind}
        yield (
            N_("反思日志"),
            SENTENCES[call.kind],
            "reflections.new",
            target,
            due,
            words,
            call.cluster.name,
        )
