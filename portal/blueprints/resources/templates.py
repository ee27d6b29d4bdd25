"""Templates of papers (S1-61): the list of the seven, and one of them filled with what is known, as PDF."""

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal import labels
from portal.auth import actor, now, requires, today
from portal.blueprints.resources import bp
from portal.domain.calendar import term_title as chinese_title
from portal.domain.document_templates import TEMPLATES, content_of
from portal.forms import Optional, PortalForm
from portal.jobs import board, queue, template_pdf
from portal.queries import clusters, schools, terms
from portal.web import commit, go, render, term_title


class TemplateForm(PortalForm):
    """What is printed beside the district's name; each may stay a blank. The keys are names and codes."""

    cluster = SelectField(_l("片区"), validators=[Optional()])
    school = SelectField(_l("学校"), validators=[Optional()])
    term = SelectField(_l("学期"), validators=[Optional()])

    def __init__(self, *args, clusters=(), schools=(), terms=(), **options):
        super().__init__(*args, **options)
        blank = [("", _("留空"))]
        self.cluster.choices = blank + [(str(row.id), row.name) for row in clusters]
        self.school.choices = blank + [(str(row.id), row.name) for row in schools]
        self.term.choices = blank + [(row.code, term_title(row)) for row in terms]

    def chosen(self, name: str) -> str:
        """The words of the choice, empty for a blank."""
        field = self[name]
        return dict(field.choices)[field.data] if field.data else ""


@bp.get("/templates")
@requires("document_template.use")
def template_list():
    """The seven templates."""
    return render("resources/templates.html", templates=labels.DOCUMENT_TEMPLATE)


@bp.route("/templates/<blank>", methods=["GET", "POST"])
@requires("document_template.use")
def template(blank):
    """One template: what is put into it, and its PDF."""
    if blank not in TEMPLATES:
        abort(404)
    who = actor()
    term = terms.current_term(who.district_id, today())
    form = TemplateForm(
        term=term.code if term else "",
        clusters=clusters.all_clusters(who),
        schools=schools.all_matching(who, today(), closed="no"),
        terms=terms.all_terms(who.district_id),
    )
    if form.validate_on_submit():
        return _ask(blank, form)
    return render("resources/template.html", form=form, blank=blank)


def _ask(blank: str, form: TemplateForm):
    """Put the PDF on the board. It is Chinese whatever the page's language."""
    district = clusters.district(actor().district_id)
    content = content_of(
        blank,
        bureau=district.bureau_name,
        district=district.name,
        cluster=form.chosen("cluster"),
        school=form.chosen("school"),
        term=chinese_title(form.term.data) if form.term.data else "",
    )
    job = board.ask(actor(), template_pdf.KIND, content, now=now(), total=template_pdf.STEPS)
    commit()
    queue.wake(job)
    return go("plans.paper_job", job_id=job.id)
