"""Files in forms and answers: the field, the route that takes them, the answer that sends one."""

from urllib.parse import quote

from flask import Flask, abort, current_app, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, SelectField

from portal import labels
from portal.actions import attachments as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now
from portal.domain.files import ACCEPT, LARGEST, LARGEST_FORM, clean_name, ending_of, size_words
from portal.extensions import db, files
from portal.forms import PortalForm
from portal.queries import attachments
from portal.web import commit, go, render

# Where an owner's page is: endpoint, the argument with its key, the attribute that names it for people.
PAGES = {
    "assessment_case": ("supervision.case", "assessment_case_id", "title"),
    "activity": ("plans.activity", "activity_id", "theme"),
    "reflection": ("reflections.detail", "reflection_id", "title"),
    "resource": ("resources.resource", "resource_id", "title"),
    "secondment_entry": ("exchange.study_entry", "study_entry_id", "title"),
}


class FilesForm(PortalForm):
    """Several files of one kind."""

    file_kind = SelectField(_l("类别"))
    files = MultipleFileField(_l("文件"))

    def __init__(self, *args, kinds=("file",), **options):
        super().__init__(*args, **options)
        self.file_kind.choices = [(kind, _(labels.FILE_KIND[kind])) for kind in kinds]


def with_files(view):
    """Mark a view whose form brings files, so that its body may be larger than others'."""
    view.takes_files = True
    return view


def register(app: Flask) -> None:
    """Let the marked views read larger bodies, before anything reads the form."""
    app.url_value_preprocessor(_allow_more)
    app.jinja_env.globals.update(files_of=files_of, accept_files=ACCEPT, largest_file=size_words(LARGEST))
    app.jinja_env.filters["size"] = size_words


def _allow_more(endpoint, _values) -> None:
    if getattr(current_app.view_functions.get(endpoint), "takes_files", False):
        request.max_content_length = LARGEST_FORM


def read_files(field) -> list[tuple[str, bytes]]:
    """(name, bytes) of what a file field brought; an empty one brings nothing. One byte over the limit is read."""
    return [
        (each.filename, each.stream.read(LARGEST + 1))
        for each in field.data or ()
        if getattr(each, "filename", "")
    ]


def files_of(owner_kind: str, owner) -> dict:
    """What ``ui.attachments`` shows: the files by kind, removed ones for who may put them back, the form's kinds."""
    kinds, permission = attachments.rules_of(owner_kind)
    may_edit = can(permission, owner) and getattr(owner, "takes_files", True)
    rows = attachments.files_of(owner_kind, owner)
    return {
        "rows": [row for row in rows if not row.attachment.removed_at],
        "removed": [row for row in rows if row.attachment.removed_at] if may_edit else [],
        "may_edit": may_edit,
        "kinds": [(kind, _(labels.FILE_KIND[kind])) for kind in kinds],
    }


def page_of(owner_kind: str, owner) -> str:
    """The address of the owner's page."""
    endpoint, argument, _name = PAGES[owner_kind]
    return url_for(endpoint, **{argument: owner.id})


def take_files(owner_kind: str, owner):
    """Answer a form of files for an owner that the route has authorised.

    All kept: back to the owner's page. Otherwise a page that says of each file why not, with the form again;
    the good ones are kept.
    """
    form = FilesForm(kinds=attachments.rules_of(owner_kind)[0])
    if not form.validate_on_submit():
        return add_page(owner_kind, owner, form)
    uploads = read_files(form.files)
    if not uploads:
        form.add_error("files", _("请选择一个文件"))
        return add_page(owner_kind, owner, form)
    looked = actions.look_at(uploads)
    try:
        kept, refused = actions.attach_all(
            actor(), owner_kind, owner, looked, kind=form.file_kind.data, now=now()
        )
    except Refused as found:
        db.session.rollback()
        form.refuse(found)
        return add_page(owner_kind, owner, form)
    except OSError:
        db.session.rollback()
        current_app.logger.exception("a file could not be written")
        abort(503)
    commit()
    if refused:
        for words in actions.refused_words(refused):
            form.add_error("files", words.text(_))
        return add_page(owner_kind, owner, form, kept)
    endpoint, argument, _name = PAGES[owner_kind]
    message = _("已添加 %(count)s 个文件", count=len(kept))
    return go(endpoint, message, **{argument: owner.id}, _anchor="attachments")


def add_page(owner_kind: str, owner, form, kept=()):
    """The page of a form of files by itself: what was kept, what was not and why."""
    return render(
        "files/add.html",
        form=form,
        kept=kept,
        title=getattr(owner, PAGES[owner_kind][2]),
        back=page_of(owner_kind, owner),
    )


def path_of(attachment):
    """Where the bytes of a file lie. FileNotFoundError when they are not there."""
    return files.path(attachment.district_id, attachment.sha256)


def send(attachment, *, small: bool = False):
    """Answer a file to be saved under its own name, never to be shown as a page of ours."""
    name = attachment.small_sha256 if small else attachment.sha256
    try:
        content = files.path(attachment.district_id, name).read_bytes()
    except FileNotFoundError:
        current_app.logger.error("stored file of attachment %s is missing", attachment.id)
        abort(404)
    answer = make_response(content)
    answer.mimetype = "image/jpeg" if small else attachment.media_type
    return as_download(answer, attachment.name)


def as_download(answer, name: str):
    """The answer to be saved under a name; an old program gets a plain one."""
    name = clean_name(name)
    plain = f"file.{ending}" if (ending := ending_of(name)).isalnum() and ending.isascii() else "file"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
