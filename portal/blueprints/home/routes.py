"""What waits, what is late, what is next; messages."""

from flask_babel import gettext as _

from portal.actions import notices as notice_actions
from portal.auth import actor, now, requires
from portal.blueprints.home import bp
from portal.queries import notices as notice_queries
from portal.web import commit, go, render


@bp.get("/")
@requires("home.view")
def index():
    """The first page after the login."""
    return render("home/index.html")


@bp.get("/messages/")
@requires("home.view")
def notices():
    """Messages, newest first."""
    return render("home/messages.html", messages=notice_queries.latest(actor()))


@bp.post("/messages/read")
@requires("home.view")
def read_all():
    """Mark all messages as seen."""
    notice_actions.mark_all_read(actor(), now())
    commit()
    return go("home.notices", _("已全部标为已读"))


@bp.get("/style")
@requires("home.view")
def style():
    """The living style page."""
    return render("style/index.html")
