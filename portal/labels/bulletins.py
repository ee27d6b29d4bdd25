"""Words of the monthly bulletin."""

from portal.domain.words import N_
from portal.labels.deliveries import DELIVERY_KIND
from portal.labels.files import RESOURCE_RULE
from portal.labels.kinds import ACTIVITY_KIND, MEETING_KIND
from portal.labels.ledgers import LEDGER_KIND

BULLETIN_PART = {
    "meetings": N_("会议"),
    "activities": N_("联合活动"),
    "deliveries": N_("送课送教"),
    "tasks": N_("办结的议定事项"),
    "items": N_("完成的计划事项"),
    "rules": N_("片区制度"),
    "ledgers": N_("学期台账"),
}
#: Part -> the words of its kinds.
BULLETIN_KIND = {
    "meetings": MEETING_KIND,
    "activities": ACTIVITY_KIND,
    "deliveries": DELIVERY_KIND,
    "rules": RESOURCE_RULE,
    "ledgers": LEDGER_KIND,
}
#: Part of a week -> its word.
WEEK_PART = {
    "duties": N_("值班"),
    "meetings": N_("会议"),
    "activities": N_("联合活动"),
    "deliveries": N_("送课送教"),
    "visits": N_("走教"),
    "inspections": N_("督导"),
    "tasks": N_("议定事项到期"),
    "items": N_("计划事项到期"),
    "problems": N_("整改到期"),
}
WEEK_KIND = {"meetings": MEETING_KIND, "activities": ACTIVITY_KIND, "deliveries": DELIVERY_KIND}
