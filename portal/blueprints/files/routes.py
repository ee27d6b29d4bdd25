"""One attached file. Who may see its owner may fetch it; who may change its owner's files may remove it."""

from flask import abort, flash, url_for
from flask_babel import gettext as _

from portal.actions import attachments as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.files import bp
from portal.queries import attachments
from portal.uploads import page_of, send
from portal.web import commit, leave_to


@bp.get("/<uuid:attachment_id>")
@requires("attachment.view", attachments.by_id)
def fetch(attachment):
    """The file, under its own name."""
    _refuse_removed(attachment)
    return send(attachment)


@bp.get("/<uuid:attachment_id>/small")
@requires("attachment.view", attachments.by_id)
def small(attachment):
    """The small copy of a picture."""
    _refuse_removed(attachment)
    if not attachment.is_picture:
        abort(404)
    return send(attachment, small=True)


def _refuse_removed(attachment) -> None:
    """A removed file is there only for who may put it back."""
    if attachment.removed_at and not can("attachment.edit", attachment):
        abort(404)


@bp.post("/<uuid:attachment_id>/remove")
@requires("attachment.edit", attachments.by_id)
def remove(attachment):
    """Take the file off its owner; the next page offers to put it back."""
    back = page_of(attachment.owner_kind, attachment.owner)
    actions.remove(actor(), attachment, now=now())
    commit()
    words = _("已移除：%(name)s", name=attachment.name)
    flash((words, url_for("files.restore", attachment_id=attachment.id)), "undo")
    return leave_to(f"{back}#attachments")


@bp.post("/<uuid:attachment_id>/restore")
@requires("attachment.edit", attachments.by_id)
def restore(attachment):
    """Put a removed file back."""
    back = page_of(attachment.owner_kind, attachment.owner)
    actions.restore(actor(), attachment)
    commit()
    flash(_("已恢复：%(name)s", name=attachment.name), "done")
    return leave_to(f"{back}#attachments")
