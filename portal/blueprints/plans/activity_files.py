"""The papers and photos of a joint activity, and its dossier as one archive (S4-12)."""

from flask import Response, abort
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions.errors import Refused
from portal.auth import requires
from portal.blueprints.plans import bp
from portal.documents.dossier_zip import MOST_BYTES, Table, dossier_zip
from portal.domain.words import N_
from portal.queries import activities, activity_work, attachments
from portal.uploads import as_download, path_of, take_files, with_files


@bp.route("/activities/<uuid:activity_id>/files", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
@with_files
def activity_files(activity):
    """Add files to an activity."""
    return take_files("activity", activity)


@bp.get("/activities/<uuid:activity_id>/dossier.zip")
@requires("activity.report", activities.by_id)
def activity_dossier(activity):
    """Everything of the activity as one archive."""
    rows = [row for row in attachments.files_of("activity", activity) if not row.attachment.removed_at]
    if sum(row.attachment.size for row in rows) > MOST_BYTES:
        raise Refused(N_("材料超过 400 MB，请分别下载"))
    try:
        stored = [
            (_(labels.FILE_FOLDER[row.kind]), row.attachment.name, path_of(row.attachment)) for row in rows
        ]
    except FileNotFoundError:
        abort(404)
    texts = {_("小结"): activity.summary, _("改进措施"): activity.improvement}
    texts = {name: text for name, text in texts.items() if text}
    blocks = dossier_zip(activity.theme, _tables(activity), texts, stored)
    answer = Response(blocks, mimetype="application/zip")
    return as_download(answer, f"{activity.theme}.zip")


def _tables(activity) -> list[Table]:
    people = activities.participants_of(activity)
    said = activity_work.feedback_of(activity)
    parts = activity_work.dossier_of(activity)
    facts = [
        (_("主题"), activity.theme),
        (_("活动类别"), _(labels.ACTIVITY_KIND.get(activity.kind, activity.kind))),
        (_("片区"), "、".join(each.name for each in activity_work.clusters_of(activity)) or _("全区")),
        (_("承办学校"), activity.host_school.name if activity.host_school else ""),
        *([(_("承办小组"), activity.held_by.name)] if activity.held_by else []),
        (_("负责人"), activity.created_by.name),
        (_("时间"), formats.full_moment(activity.starts_at)),
        (_("地点"), activity.place),
        (_("主讲或执教"), activity.presenters),
        (_("参加人数"), len(people)),
        *((_(labels.DOSSIER_PART[part.key]), _("有") if part.is_there else _("缺")) for part in parts),
    ]
    head = [_("姓名"), _("有没有帮助"), _("收获"), _("建议")]
    opinions = [
        (row.person.name, _(labels.USEFULNESS[row.usefulness]), row.gained, row.wished) for row in said
    ]
    return [
        Table(_("活动信息"), [_("项目"), _("内容")], facts),
        Table(_("参加人员"), [_("姓名"), _("学校")], [(row.person.name, row.school.name) for row in people]),
        *([Table(_("反馈"), head, opinions)] if opinions else []),
    ]
