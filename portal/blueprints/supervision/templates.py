"""Templates of assessment in editions (S0-22)."""

from flask import abort
from flask_babel import gettext as _

from portal import labels
from portal.actions import assessment as actions
from portal.auth import actor, can, requires
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.forms import TemplateForm
from portal.domain.supervision import LEVELS, SAMPLES, lines_of
from portal.queries import assessment
from portal.web import go, render, saved


@bp.get("/templates")
@requires("assessment_template.view")
def template_list():
    """The latest edition of each template."""
    return render(
        "supervision/templates.html",
        rows=assessment.templates(actor().district_id),
        may_edit=can("assessment_template.create"),
    )


@bp.route("/templates/new/<level>", methods=["GET", "POST"])
@requires("assessment_template.create")
def template_new(level):
    """A new template; it begins with what the sources name, without points."""
    if level not in LEVELS:
        abort(404)
    form = TemplateForm(name=_(labels.ASSESSMENT_LEVEL[level]), lines=SAMPLES[level])
    if form.validate_on_submit():
        values = form.values("name", "lines")
        made = saved(form, lambda: actions.make_template(actor(), level, **values))
        if made:
            return go("supervision.template", _("已保存"), assessment_template_id=made.id)
    return render("supervision/template_form.html", form=form, level=level, template=None)


@bp.get("/templates/<uuid:assessment_template_id>")
@requires("assessment_template.view", assessment.template_by_id, "template")
def template(template):
    """One edition, with the others of its template."""
    editions = assessment.editions(template)
    return render(
        "supervision/template.html",
        template=template,
        editions=editions,
        may_edit=can("assessment_template.edit", template) and editions[0].id == template.id,
    )


@bp.route("/templates/<uuid:assessment_template_id>/edit", methods=["GET", "POST"])
@requires("assessment_template.edit", assessment.template_by_id, "template")
def template_edit(template):
    """Write the next edition."""
    form = TemplateForm(name=template.name, lines=lines_of(template.items))
    if form.validate_on_submit():
        values = form.values("name", "lines")
        made = saved(form, lambda: actions.next_edition(actor(), template, **values))
        if made:
            return go("supervision.template", _("已保存"), assessment_template_id=made.id)
    return render("supervision/template_form.html", form=form, level=template.level, template=template)
