"""The lists of meetings and activities as workbooks, with the filters of their pages."""

from flask_babel import gettext as _

from portal import labels
from portal.auth import actor, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.filters import activity_filters, list_filters
from portal.documents.tables import MOST_EXPORTED, table_workbook
from portal.domain.moments import local, local_day
from portal.queries import activities, meetings
from portal.web import send_workbook


@bp.get("/meetings.xlsx")
@requires("plan.view")
def meeting_export():
    """The meetings that the list shows."""
    found = meetings.meeting_page(actor(), size=MOST_EXPORTED, **list_filters()).rows
    states = labels.STATE["meeting"]
    head = [_("会议名称"), _("会议类别"), _("片区"), _("日期"), _("时间"), _("地点"), _("状态")]
    rows = [
        [
            each.title,
            _(labels.MEETING_KIND[each.kind]),
            each.cluster_name,
            local_day(each.starts_at),
            f"{local(each.starts_at):%H:%M}",
            each.place,
            _(states[each.state]),
        ]
        for each in found
    ]
    return send_workbook(table_workbook(_("会议"), head, rows), _("会议") + f"-{today():%Y%m%d}.xlsx")


@bp.get("/activities.xlsx")
@requires("plan.view")
def activity_export():
    """The activities that the list shows, with how many took part."""
    who = actor()
    found = activities.activity_page(who, size=MOST_EXPORTED, **list_filters(), **activity_filters()).rows
    came = activities.participant_counts(who.district_id, [each.id for each in found])
    states = labels.STATE["activity"]
    head = [_("主题"), _("活动类别"), _("大型"), _("片区"), _("承办学校"), _("日期")]
    head += [_("参加（人）"), _("状态")]
    rows = [
        [
            each.theme,
            _(labels.ACTIVITY_KIND.get(each.kind, each.kind)),
            _("是") if each.is_large else "",
            each.cluster.name if each.cluster else _("全区"),
            each.host_school.name if each.host_school else "",
            local_day(each.starts_at),
            came.get(each.id, 0),
            _(states[each.state]),
        ]
        for each in found
    ]
    title = _("联合活动")
    return send_workbook(table_workbook(title, head, rows), f"{title}-{today():%Y%m%d}.xlsx")
