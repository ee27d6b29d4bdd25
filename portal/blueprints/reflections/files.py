"""The photos and papers of a log."""

from portal.auth import requires
from portal.blueprints.reflections import bp
from portal.queries import reflections
from portal.uploads import take_files, with_files


@bp.route("/<uuid:reflection_id>/files", methods=["GET", "POST"])
@requires("reflection.edit", reflections.by_id)
@with_files
def reflection_files(reflection):
    """Add files to a log."""
    return take_files("reflection", reflection)
