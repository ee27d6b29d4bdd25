"""The board of deliveries and volunteers, and the whole list of deliveries."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from portal import formats, labels
from portal.auth import actor, requires, today
from portal.blueprints.visiting import bp
from portal.documents.tables import table_workbook
from portal.domain import deliveries as rules
from portal.forms import as_uuid, clean_line
from portal.queries import deliveries, exchange, pairing, signups, terms, visiting, volunteers
from portal.web import render, send_workbook, term_title


def _asked_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filters() -> dict:
    """What both the board and the list ask for."""
    asked = request.args
    return {
        "kind": asked.get("kind", "")[:32],
        "subject": clean_line(asked.get("subject", ""))[:40],
        "stage": asked.get("stage", "")[:32],
        "school_id": as_uuid(asked.get("school")),
    }


def _list_filters() -> dict:
    asked = request.args
    return {
        **_filters(),
        "state": asked.get("state", "")[:32],
        "since": _asked_day(asked.get("from", "")),
        "term": terms.by_code(actor().district_id, asked.get("term", "")[:32]),
        "mine": asked.get("mine", "")[:10],
    }


@bp.get("/volunteers")
@requires("delivery.list")
def volunteers_board():
    """Where people are needed, who has time, what was brought; programmes and one's own service beside it."""
    who, filters = actor(), _filters()
    since = max(_asked_day(request.args.get("from", "")) or today(), today())
    needs = deliveries.needs(who, since=since, **filters)
    term = terms.current_term(who.district_id, today())
    visits = deliveries.visits(who, term) if term else []
    keys = [row.id for row in (*needs, *visits)]
    return render(
        "visiting/volunteers.html",
        needs=needs,
        needs_count=deliveries.needs_count(who, today()),
        offers=deliveries.offers(who, since=since, **filters),
        visits=visits,
        taken=signups.counts(who.district_id, keys),
        names=signups.names_on(who.district_id, keys),
        own=signups.own_signups(who, keys),
        summed=_term_words(who, term),
        services=signups.own_services(who, 6),
        own_minutes=signups.own_minutes(who),
        my_schools=who.works_at,
        here_waits=deliveries.waiting_here(who, today()),
        programmes=[(each, *_standing(each)) for each in volunteers.programmes(who.district_id, today())],
        postings=_postings(who, term),
        waiting=visiting.unconfirmed(who, today()),
        **_choices(who),
    )


def _choices(who) -> dict:
    return {
        "asked": request.args,
        "subjects": [("", _("全部")), *((word, word) for word in deliveries.subjects(who))],
        "schools": pairing.schools_in_sight(who),
        "hours": rules.hours_text,
    }


def _term_words(who, term) -> str:
    """本学期 3 次，6 节，47 人次: only what has been confirmed."""
    if term is None:
        return ""
    span = term.first_day, term.last_day
    brought = [each for each in signups.served_between(who, *span) if each.kind in rules.VISITS]
    summed = rules.totals(brought)
    return _(
        "本学期已确认 %(count)s 次，%(periods)s 节，听课 %(audience)s 人次",
        count=summed.deliveries,
        periods=summed.periods,
        audience=signups.audience_between(who, *span),
    )


def _standing(programme) -> tuple:
    """Targets with what stands against them, and who has signed up only."""
    records = volunteers.records_of(programme)
    return volunteers.standing(programme, records), volunteers.signed_up_only(programme, records)


def _postings(who, term) -> list:
    """The long postings in sight of the term: 支教 and volunteers."""
    found = exchange.all_matching(who, kind="support", term=term) if term else []
    found += [row for row in exchange.all_matching(who, kind="volunteer", term=term) if row not in found]
    return [row for row in found if row.state in ("planned", "active")]


@bp.get("/deliveries")
@requires("delivery.list")
def delivery_list():
    """All deliveries in sight, with filters in the address."""
    who = actor()
    page = deliveries.delivery_page(who, cursor=request.args.get("at"), **_list_filters())
    keys = [row.id for row in page.rows]
    return render(
        "visiting/deliveries.html",
        fragments=("delivery_rows",),
        page=page,
        taken=signups.counts(who.district_id, keys),
        names=signups.names_on(who.district_id, keys),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
        waiting=visiting.unconfirmed(who, today()),
        **_choices(who),
    )


@bp.get("/deliveries.xlsx")
@requires("delivery.list")
def delivery_export():
    """The list as a workbook; no telephone numbers in it."""
    who = actor()
    found = deliveries.all_matching(who, **_list_filters())
    keys = [row.id for row in found]
    summed, names = signups.summed(who.district_id, keys), signups.names_on(who.district_id, keys)
    columns = [
        _("日期"),
        _("到"),
        _("类别"),
        _("内容"),
        _("学科"),
        _("接收学校"),
        _("派出学校"),
        _("需要人数"),
    ]
    columns += [_("已排上"), _("人员"), _("状态"), _("开展日期"), _("小时"), _("节数"), _("到场人数")]
    rows, words = [], labels.STATE["delivery"]
    for row in found:
        minutes, periods = summed.get(row.id, (0, 0)) if row.state == "confirmed" else (None, None)
        present = names.get(row.id, [])
        cells = [row.starts_on, row.ends_on, _(labels.DELIVERY_KIND[row.kind]), row.title, row.subject]
        cells += [row.school.name, row.from_school.name if row.from_school else "", row.wanted, len(present)]
        cells += [formats.names(present), _(words[row.state]), row.held_on]
        rows.append([*cells, None if minutes is None else minutes / 60, periods, row.audience_count])
    title = _("支教与志愿服务")
    return send_workbook(table_workbook(title, columns, rows), f"{title}.xlsx")
