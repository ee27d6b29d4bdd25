"""`flask summary`: the end-of-term summary as a file."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from portal.auth import today
from portal.cli_files import write_whole
from portal.database import begin_reading
from portal.extensions import db
from portal.models import Cluster, District, Term
from portal.queries import clusters, summaries, terms

group = AppGroup("summary", help="The end-of-term summary.")


@group.command("export")
@click.option("--cluster", "name", required=True, help="Name of the cluster.")
@click.option(
    "--term", "code", help="Code of the term, such as 2025-2026-1. Default: the last complete term."
)
@click.option("--district", "district_code", help="Code of the district, where two have such a cluster.")
@click.option("--format", "form", type=click.Choice(["pdf"]), default="pdf", show_default=True)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@with_appcontext
def export(name, code, district_code, form, out):
    """Write the summary of a cluster and term: the signed edition, or a draft with the figures of today."""
    from portal.documents.renderer import DocumentFailed
    from portal.documents.summary import summary_pdf

    begin_reading(True)
    cluster = _cluster(name, district_code)
    content = _content(cluster, _term(cluster, code))
    db.session.rollback()
    try:
        write_whole(out, summary_pdf(content))
    except DocumentFailed as failure:
        _fail(f"The document cannot be made: {failure}.")
    except OSError as error:
        _fail(f"{out} cannot be written: {error.strerror}.")
    if content["is_draft"]:
        said = "draft"
    else:
        said = f"{'preliminary ' if content['is_preliminary'] else ''}edition {content['edition']}"
    click.echo(f"{out}  {content['title']}  ({said})")


def _cluster(name: str, district_code: str | None) -> Cluster:
    found = clusters.cluster_by_name(name)
    if district_code:
        found = [each for each in found if _district(each).code == district_code]
    if not found:
        _fail(f"There is no cluster {name}.")
    if len(found) > 1:
        codes = ", ".join(sorted(_district(each).code for each in found))
        _fail(f"Several districts have a cluster {name}. Choose one with --district: {codes}.")
    return found[0]


def _district(cluster: Cluster) -> District:
    return clusters.district(cluster.district_id)


def _term(cluster: Cluster, code: str | None) -> Term:
    if code:
        return terms.by_code(cluster.district_id, code) or _fail(f"There is no term {code}.")
    found = terms.last_complete_term(cluster.district_id, today())
    return found or _fail("No term is complete yet. Choose one with --term.")


def _content(cluster: Cluster, term: Term) -> dict:
    summary = summaries.of_cluster(cluster, term)
    if summary:
        return summaries.content_of(summary, today())
    return summaries.draft_content(cluster, term, today())


def _fail(message: str):
    click.echo(message, err=True)
    sys.exit(1)
