"""What waits about deliveries: sign-ups to decide, services to confirm."""

from datetime import date

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.queries import deliveries

SENTENCES = {
    "open": N_("处理报名：%(what)s"),
    "filled": N_("处理报名：%(what)s"),
    "held": N_("确认服务课时：%(what)s"),
}


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of each delivery that waits for this person's school."""
    for each in deliveries.waiting_here(actor, today):
        sentence = SENTENCES[each.state]
        if each.state != "held" and (each.ends_on or each.starts_on) < today:
            sentence = N_("登记是否开展：%(what)s")
        target = {"delivery_id": each.id}
        yield N_("送教"), sentence, "visiting.delivery", target, None, {"what": each.title}
