"""What the address asks of the lists of meetings and activities."""

from flask import request

from portal.auth import actor
from portal.forms import as_uuid
from portal.queries import terms

#: What the address says instead of a cluster for what the whole district holds.
DISTRICT = "district"


def activity_filters() -> dict:
    """What only the list of activities is asked for: those one took part in, those of the whole district."""
    return {"mine": request.args.get("mine") == "1", "of_district": request.args.get("cluster") == DISTRICT}


def list_filters() -> dict:
    """Cluster, term, kind and state; what does not exist is not asked for."""
    asked = request.args
    term = terms.by_code(actor().district_id, asked.get("term", ""))
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "term_id": term.id if term else None,
        "kind": asked.get("kind", "")[:32],
        "state": asked.get("state", "")[:32],
    }
