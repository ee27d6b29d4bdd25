"""The papers and photos of a joint activity."""

from portal.auth import requires
from portal.blueprints.plans import bp
from portal.queries import activities
from portal.uploads import take_files, with_files


@bp.route("/activities/<uuid:activity_id>/files", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
@with_files
def activity_files(activity):
    """Add files to an activity."""
    return take_files("activity", activity)
