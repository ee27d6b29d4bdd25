"""One entry of a secondment with its files (S4-66)."""

from portal.auth import can, requires
from portal.blueprints.exchange import bp
from portal.queries import secondment_work
from portal.uploads import take_files, with_files
from portal.web import render


@bp.get("/secondments/entries/<uuid:study_entry_id>")
@requires("study_entry.view", secondment_work.entry_by_id, name="entry")
def study_entry(entry):
    """What was written, and its files."""
    return render(
        "exchange/entry.html", entry=entry, case=entry.secondment, may_edit=can("study_entry.edit", entry)
    )


@bp.route("/secondments/entries/<uuid:study_entry_id>/files", methods=["GET", "POST"])
@requires("study_entry.edit", secondment_work.entry_by_id, name="entry")
@with_files
def study_entry_files(entry):
    """Add files to an entry."""
    return take_files("secondment_entry", entry)
