"""What waits about deliveries: invitations and one's own places, sign-ups to decide, services to confirm."""

from datetime import date, timedelta

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.queries import deliveries

SOON = timedelta(days=14)
SENTENCES = {
    "open": N_("处理报名：%(what)s"),
    "filled": N_("处理报名：%(what)s"),
    "held": N_("确认服务课时：%(what)s"),
}
HELD = N_("登记是否开展：%(what)s")


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words, school) of each delivery that waits for this person.

    Who is asked answers; who takes part comes, and says that it was held; the schools decide and confirm.
    """
    told = set()
    for each in deliveries.waiting_here(actor, today):
        sentence = SENTENCES[each.state]
        if each.state != "held" and _last_day(each) < today:
            sentence = HELD
        told.add(each.id)
        yield _line(each, sentence, None)
    for each, state in deliveries.my_places(actor, today, today + SOON):
        if state == "invited":
            yield _line(each, N_("答复邀请：%(what)s"), each.starts_on)
        elif _last_day(each) >= today:
            yield _line(each, N_("参加：%(what)s"), max(each.starts_on, today))
        elif each.id not in told:
            yield _line(each, HELD, None)


def _last_day(delivery) -> date:
    return delivery.ends_on or delivery.starts_on


def _line(delivery, sentence: str, due: date | None) -> tuple:
    target, words = {"delivery_id": delivery.id}, {"what": delivery.title}
    return N_("送教"), sentence, "visiting.delivery", target, due, words, delivery.school.name
