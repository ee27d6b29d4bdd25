"""The small ledgers: the list of a term with what it comes to, one entry, written, changed, removed, put back."""

from decimal import Decimal

from flask import abort, flash, request, url_for
from flask_babel import gettext as _

from portal import labels
from portal.actions import ledgers as actions
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.ledgers import bp
from portal.blueprints.ledgers.forms import LedgerForm
from portal.documents.tables import table_workbook
from portal.domain.ledgers import EVERY_FIELD, FIELDS, KINDS
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, ledgers, terms
from portal.web import commit, go, history_of, read_version, render, saved, send_workbook, term_title

WORDS = {
    "category": labels.LEDGER_CATEGORY,
    "audience": labels.LEDGER_AUDIENCE,
    "flow": labels.LEDGER_FLOW,
    "source": labels.LEDGER_SOURCE,
    "level": labels.LEDGER_LEVEL,
}


def _asked():
    """(term, filters) of the address."""
    asked = request.args
    term = terms.asked_for(actor().district_id, asked.get("term"), today())
    filters = {
        "cluster_id": as_uuid(asked.get("cluster")),
        "school_id": as_uuid(asked.get("school")),
        "words": clean_line(asked.get("q", ""))[:40],
    }
    return term, filters


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else ""


@bp.get("/")
@requires("ledger.list")
def index():
    """The entries of a term, by kind, with what they come to."""
    who, (term, filters) = actor(), _asked()
    mine = clusters.all_clusters(who)
    return render(
        "ledgers/index.html",
        fragments=("ledger_list",),
        term=term,
        term_choices=[(each.code, term_title(each)) for each in terms.all_terms(who.district_id)],
        kind=_kind(),
        kind_tabs=_kind_tabs(),
        asked=request.args,
        page=ledgers.entry_page(who, term, request.args.get("at"), kind=_kind(), **filters) if term else None,
        sums=_sums(ledgers.term_totals(who, term, **filters)) if term else [],
        clusters=mine,
        may_write=[cluster for cluster in mine if can("ledger.create", cluster)],
        facts=facts_of,
    )


def _kind_tabs() -> list[dict]:
    """A tab for each kind; the other filters stay."""
    rest = {name: value for name, value in request.args.items() if name not in ("kind", "at")}
    return [
        {"label": _(word), "url": url_for("ledgers.index", kind=kind, **rest), "current": kind == _kind()}
        for kind, word in labels.LEDGER_KIND.items()
    ]


def _sums(totals: dict) -> list[tuple[str, str]]:
    """(kind, what its entries come to) in words; kinds without an entry are left out."""
    found = []
    for kind in (_kind(),) if _kind() else KINDS:
        total = totals[kind]
        words = [_("%(count)s 项", count=total.count)]
        if total.person_times:
            words.append(_("%(count)s 人次", count=total.person_times))
        if total.days:
            words.append(_("%(count)s 天", count=total.days))
        words += [
            _("%(flow)s %(yuan)s 元", flow=_(labels.LEDGER_FLOW[flow]), yuan=f"{cents / 100:,.2f}")
            for flow, cents in total.cents
        ]
        if total.count:
            found.append((_(labels.LEDGER_KIND[kind]), " · ".join(words)))
    return found


@bp.get("/export.xlsx")
@requires("ledger.list")
def export():
    """What the list shows, as a workbook."""
    term, filters = _asked()
    if term is None:
        abort(404)
    rows = ledgers.all_matching(actor(), term, kind=_kind(), **filters)
    head = [_("台账类别"), _("名称"), _("日期"), _("片区"), _("学校")]
    head += [_(labels.FIELD[f"ledger_{name}"]) for name in EVERY_FIELD] + [_("备注"), _("登记人")]
    lines = [
        [
            _(labels.LEDGER_KIND[row.kind]),
            row.title,
            row.held_on,
            row.cluster.name,
            row.school.name if row.school else _("整个片区"),
            *(_cell(row, name) for name in EVERY_FIELD),
            row.note,
            row.created_by.name,
        ]
        for row in rows
    ]
    name = _("学期台账") + " " + term_title(term)
    return send_workbook(table_workbook(_("学期台账"), head, lines), name + ".xlsx")


def _cell(row, name: str):
    """A fact of an entry as a cell; None where its kind has none."""
    if name == "amount":
        return None if row.cents is None else row.cents / 100
    value = getattr(row, name)
    return _(WORDS[name][value]) if value and name in WORDS else value or None


def facts_of(entry) -> list[tuple[str, object]]:
    """(label, value) of the facts that an entry has, in the order of its form."""
    words = {name: labels.FIELD[f"ledger_{name}"] for name in FIELDS[entry.kind]}
    if "category" in words:
        words["category"] = labels.LEDGER_CATEGORY_LABEL[entry.kind]
    found = [(word, _cell(entry, name)) for name, word in words.items()]
    return [
        (_(word), f"{value:,.2f}" if isinstance(value, float) else value) for word, value in found if value
    ]


@bp.route("/clusters/<uuid:cluster_id>/<kind>/new", methods=["GET", "POST"])
@requires("ledger.create", clusters.cluster_by_id)
def entry_new(cluster, kind):
    """Write an entry."""
    form = _form(cluster, kind if kind in KINDS else abort(404), held_on=today())
    if form.validate_on_submit():
        made = saved(form, lambda: actions.write(actor(), cluster, kind, form.entry_values, today=today()))
        if made:
            return go("ledgers.entry", _("已记入台账"), ledger_id=made.id)
    return _form_page(form, cluster, kind, None)


def _form_page(form, cluster, kind: str, entry):
    hints = {
        "persons": _("参加过的不同的人"),
        "person_times": _("每次到场的人相加"),
        "composition": _("如：乡村教师 12 人，骨干 5 人；心理辅导只记人数"),
        "recipient": _("个人、小组或学校"),
    }
    return render("ledgers/form.html", form=form, cluster=cluster, kind=kind, entry=entry, hints=hints)


def _form(cluster, kind: str, **options) -> LedgerForm:
    everyone = can("ledger.for_members", cluster)
    schools = ledgers.schools_to_write_for(actor(), cluster, today(), for_all=everyone)
    return LedgerForm(kind=kind, schools=schools, for_all=can("ledger.for_all", cluster), **options)


@bp.get("/<uuid:ledger_id>")
@requires("ledger.view", ledgers.by_id)
def entry(ledger):
    """One entry with its history."""
    may_edit = can("ledger.edit", ledger)
    if ledger.removed_at and not may_edit:
        abort(404)
    return render(
        "ledgers/detail.html",
        entry=ledger,
        facts=facts_of(ledger),
        may_edit=may_edit,
        history=history_of(ledger),
    )


@bp.route("/<uuid:ledger_id>/edit", methods=["GET", "POST"])
@requires("ledger.edit", ledgers.by_id)
def entry_edit(ledger):
    """Change an entry."""
    shown = {"school": str(ledger.school_id or ""), "amount": ledger.cents and Decimal(ledger.cents) / 100}
    form = _form(ledger.cluster, ledger.kind, obj=ledger, **shown)
    if ledger.school_id and str(ledger.school_id) not in dict(form.school.choices):
        form.school.choices.append((str(ledger.school_id), ledger.school.name))

    def act():
        values = form.entry_values
        return actions.edit(actor(), ledger, values, expected=form.expected_version, today=today())

    if form.validate_on_submit() and saved(form, act, ledger, "title", "note"):
        return go("ledgers.entry", _("已保存"), ledger_id=ledger.id)
    return _form_page(form, ledger.cluster, ledger.kind, ledger)


@bp.post("/<uuid:ledger_id>/remove")
@requires("ledger.view", ledgers.by_id)
def entry_remove(ledger):
    """Take it out; the next page offers to put it back."""
    may_on("ledger.edit", ledger)
    actions.remove(actor(), ledger, expected=read_version(), now=now())
    commit()
    flash(
        (_("已移除：%(name)s", name=ledger.title), url_for("ledgers.entry_restore", ledger_id=ledger.id)),
        "undo",
    )
    return go("ledgers.index", kind=ledger.kind)


@bp.post("/<uuid:ledger_id>/restore")
@requires("ledger.view", ledgers.by_id)
def entry_restore(ledger):
    """Put it back."""
    may_on("ledger.edit", ledger)
    actions.restore(actor(), ledger)
    commit()
    return go("ledgers.entry", _("已恢复：%(name)s", name=ledger.title), ledger_id=ledger.id)
