"""For who leads: how many logs each has written and when, words for the group chat, and asking for more."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from portal import labels
from portal.actions import log_calls as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.reflections import bp
from portal.documents.tables import table_workbook
from portal.domain.log_templates import KINDS
from portal.forms import LineField, PortalForm, as_uuid, choices
from portal.queries import clusters, log_calls, terms
from portal.web import commit, go, read_version, render, saved, send_workbook, term_title


class CallForm(PortalForm):
    """What is asked for, of whom, until when."""

    cluster = SelectField(_l("片区"))
    kind = SelectField(_l("类别"))
    about = LineField(_l("写什么"), longest=200)
    due_on = DateField(_l("截止日期"), validators=[InputRequired(message=_l("请填写这一项"))])

    def __init__(self, *args, led=(), **options):
        super().__init__(*args, **options)
        self.cluster.choices = [(str(each.id), each.name) for each in led]
        self.kind.choices = choices(labels.REFLECTION_KIND)


@bp.get("/writers")
@requires("writing.view")
def writers():
    """Who has written how often, and when last; whoever has not stands first."""
    asked, who = request.args, actor()
    schools, term, rows = _asked()
    led = log_calls.deciding_clusters(who)
    calls = log_calls.open_calls(who, term)
    return render(
        "reflections/writers.html",
        fragments=("writer_list",),
        rows=rows,
        asked=asked,
        term=term,
        schools=schools,
        unwritten=sum(not each.count for each in rows),
        led=led,
        calls=calls,
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


def _asked():
    """(schools to choose from, term, rows) as the address asks."""
    who = actor()
    schools = log_calls.schools_in_charge(who, today())
    chosen = [each for each in schools if each.id == as_uuid(request.args.get("school"))] or schools
    term = terms.asked_for(who.district_id, request.args.get("term"), today())
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else ""
    rows = log_calls.writers(who, term, chosen, kind=kind) if term else []
    if request.args.get("show") == "none":
        rows = [each for each in rows if not each.count]
    return schools, term, rows


@bp.get("/writers.xlsx")
@requires("writing.view")
def writers_export():
    """The same list as a workbook."""
    columns = (_("姓名"), _("学校"), _("篇数"), _("最近一篇"))
    rows = [(each.person.name, each.school.name, each.count, each.last) for each in _asked()[2]]
    return send_workbook(table_workbook(_("反思篇数"), columns, rows), f"{_('反思篇数')}.xlsx")


@bp.route("/calls/new", methods=["GET", "POST"])
@requires("writing.view")
def call_new():
    """Ask the teachers of a cluster for logs."""
    who = actor()
    led = log_calls.deciding_clusters(who)
    term = terms.current_term(who.district_id, today())
    form = CallForm(led=led, kind="term")
    if term and form.validate_on_submit():
        cluster = clusters.cluster_by_id(who.district_id, as_uuid(form.cluster.data))
        values = {**form.values("kind", "due_on"), "words": form.about.data}
        if saved(form, lambda: actions.begin(who, cluster, term, now=now(), **values)):
            return go("reflections.writers", _("已请各位老师写"))
    return render("reflections/call_new.html", form=form, led=led, term=term)


@bp.post("/calls/<uuid:call_id>/close")
@requires("call.edit", log_calls.by_id)
def call_close(call):
    """Ask no more."""
    actions.close(actor(), call, expected=read_version(), now=now())
    commit()
    return go("reflections.writers", _("已结束"))
