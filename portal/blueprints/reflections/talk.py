"""What is said about a log: comments, corrected or withdrawn, and the mentor's own note."""

from flask import flash, request
from flask_babel import gettext as _

from portal.actions import log_talk as actions
from portal.actions.errors import Conflict
from portal.auth import actor, can, now, requires
from portal.blueprints.reflections import bp
from portal.blueprints.reflections.forms import CommentForm, NoteForm
from portal.blueprints.reflections.routes import detail_page
from portal.extensions import db
from portal.queries import reflections
from portal.web import commit, go, render, saved


@bp.post("/<uuid:reflection_id>/comments")
@requires("reflection.list")
def comment(reflection_id):
    """Write under a log. One that is not, or no longer, in sight answers the same, and gives the words back."""
    reflection = reflections.by_id(actor().district_id, reflection_id)
    form = CommentForm()
    if reflection is None or not can("reflection.comment", reflection):
        return render("reflections/gone.html", typed=form.text.data or "", status=404)
    if reflection.state != "submitted":
        form.text.errors = [_("草稿还没有提交，提交以后才有评论")]
        return detail_page(reflection, form)
    if form.validate_on_submit():
        made = saved(form, lambda: actions.comment(actor(), reflection, form.text.data, now=now()))
        if made:
            return _told(reflection.id, _("评论已发布"), made[1])
    return detail_page(reflection, form)


def _told(reflection_id, words: str, unknown: list[str]):
    if unknown:
        names = "、".join(unknown)
        flash(
            _("没有通知到 %(names)s：看不到这一篇，或有同名的人，可写成“@姓名（学校）”", names=names),
            "warning",
        )
    return go("reflections.detail", words, reflection_id=reflection_id, _anchor="comments")


@bp.route("/comments/<uuid:comment_id>/edit", methods=["GET", "POST"])
@requires("comment.edit", reflections.comment_by_id)
def comment_edit(comment):
    """Correct one's own comment."""
    if not can("reflection.comment", comment.reflection):
        return render("reflections/gone.html", typed=request.form.get("text") or comment.text, status=404)
    form = CommentForm(obj=comment)
    if form.validate_on_submit():
        unknown = saved(form, lambda: (actions.edit_comment(actor(), comment, form.text.data, now=now()),))
        if unknown:
            return _told(comment.reflection_id, _("评论已修改"), unknown[0])
    return render("reflections/comment_edit.html", form=form, comment=comment)


@bp.post("/comments/<uuid:comment_id>/withdraw")
@requires("comment.edit", reflections.comment_by_id)
def comment_withdraw(comment):
    """Take one's own comment back, also from a log that one may no longer read."""
    actions.withdraw_comment(actor(), comment, now=now())
    commit()
    if not can("reflection.view", comment.reflection):
        return go("reflections.index", _("评论已撤回"))
    return go("reflections.detail", _("评论已撤回"), reflection_id=comment.reflection_id, _anchor="comments")


@bp.post("/<uuid:reflection_id>/note")
@requires("reflection.note", reflections.by_id)
def note(reflection):
    """Keep the mentor's own note. What another device saved in between is shown beside it."""
    form = NoteForm()
    if not form.validate_on_submit():
        return detail_page(reflection, note_form=form)
    try:
        actions.write_note(actor(), reflection, form.note.data, expected=form.expected_version)
        commit(form)
    except Conflict:
        db.session.rollback()
        kept = reflections.note_of(actor(), reflection)
        form.is_stale = True
        form.theirs = ((form.note.label.text, kept.text),)
        form.version.data = str(kept.version)
        form.form_errors.append(_("刚才有人先保存了。您写的还在下面；对照之后再保存，会以您的为准。"))
        return detail_page(reflection, note_form=form)
    return go(
        "reflections.detail", _("私记已保存，只有您能看到"), reflection_id=reflection.id, _anchor="note"
    )
