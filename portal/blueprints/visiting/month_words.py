"""Months in addresses and in words, and what pages of months share."""

from datetime import date

from flask import abort, request
from flask_babel import gettext as _

from portal import formats
from portal.auth import actor, can, today
from portal.domain.workload import first_of, month_before, month_code, parse_month
from portal.forms import as_uuid
from portal.queries import clusters

MONTHS_BACK = 18


def asked_month(fallback: date | None = None) -> date:
    """The first day of the month that the address or form names; else the fallback, else the month before.

    400 for a month that cannot be read, and for a form without one: nothing is written into another month.
    """
    text = request.values.get("month", "")
    named = parse_month(text[:7])
    if named is None and (text or request.method == "POST"):
        abort(400)
    return named or first_of(fallback or month_before(today()))


def asked_mark() -> str:
    """The mark of the figures that the page showed, of a button that answers for them."""
    return request.values.get("seen", "")[:32]


def month_words(month: date) -> str:
    """2025年10月, or Oct 2025."""
    return _("%(year)s年%(month)s", year=month.year, month=formats.month_name(month.month))


def said(message) -> str:
    """A reason as a sentence in the reader's language."""
    return message.text(_)


def month_choices(chosen: date) -> list[tuple[str, str]]:
    """This month and those before it, newest first, with the chosen one among them."""
    month, found = first_of(today()), []
    for _number in range(MONTHS_BACK):
        found.append(month)
        month = month_before(month)
    if chosen not in found:
        found.append(chosen)
    return [(month_code(each), month_words(each)) for each in sorted(found, reverse=True)]


def asked_cluster_schools() -> list | None:
    """The schools of the cluster that the address names, when it is in sight; None without one."""
    key = as_uuid(request.args.get("cluster"))
    cluster = clusters.cluster_by_id(actor().district_id, key) if key else None
    if cluster is None or not can("cluster.view", cluster):
        return None if not key else []
    return [member.school_id for member in clusters.members_on(cluster, today())]
