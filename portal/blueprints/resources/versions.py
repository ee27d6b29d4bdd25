"""The files of a shared resource: fetched and counted, and given new versions."""

from flask import abort, current_app, request
from flask_babel import gettext as _

from portal.actions import attachments
from portal.actions import resources as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.resources import bp
from portal.blueprints.resources.forms import VersionForm
from portal.extensions import db
from portal.queries import resources
from portal.uploads import read_files, send, with_files
from portal.web import commit, go, render, saved


def look_at_one(form):
    """(whether the form may go on, its first file looked into or None); a bad one is said at the field."""
    uploads = read_files(form.files)
    if not uploads:
        return True, None
    looked = attachments.look_at(uploads[:1])
    for _name, reason in looked.refused:
        form.add_error("files", reason.text(_))
    return not looked.refused, next(iter(looked.good), None)


@bp.route("/<uuid:resource_id>/versions", methods=["GET", "POST"])
@requires("resource.edit", resources.by_id)
@with_files
def resource_version(resource):
    """Give it a new version; the old ones stay."""
    form = VersionForm()
    if form.validate_on_submit():
        ok, file = look_at_one(form)
        if ok and file is None:
            form.add_error("files", _("请选择一个文件"))
        elif ok and _kept(form, resource, file):
            return go("resources.resource", _("新版本已保存，原来的版本还在"), resource_id=resource.id)
    return render("resources/version.html", form=form, resource=resource)


def _kept(form, resource, file) -> bool:
    try:
        return saved(form, lambda: actions.add_version(actor(), resource, file, form.note.data, now=now()))
    except OSError:
        db.session.rollback()
        current_app.logger.exception("a file could not be written")
        abort(503)


@bp.post("/<uuid:resource_id>/fetch")
@requires("resource.view", resources.by_id)
def resource_fetch(resource):
    """The newest version, or the one asked for, to be saved; it is counted for the school."""
    asked = request.form.get("number", "")
    rows = [row for row in resources.versions_of(resource) if not row.attachment.removed_at]
    row = next((each for each in rows if not asked or str(each.number) == asked), None)
    if row is None:
        abort(404)
    actions.use(actor(), resource, "download", today=today())
    commit()
    return send(row.attachment)


@bp.post("/<uuid:resource_id>/used")
@requires("resource.view", resources.by_id)
def resource_used(resource):
    """Say that one used it in a lesson or for one's work."""
    actions.use(actor(), resource, "used", today=today())
    commit()
    return go("resources.resource", _("已记下您用过"), resource_id=resource.id)
