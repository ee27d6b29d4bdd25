"""The front page of plans and meetings: the month strip of one's clusters."""

from portal.auth import actor, requires, today
from portal.blueprints.plans import bp
from portal.queries import clusters, meeting_people, meetings, term_plans, terms
from portal.web import render


@bp.get("/")
@requires("plan.view")
def index():
    """The term's months for each cluster in sight, with the way to meetings and activities."""
    who = actor()
    term = terms.current_term(who.district_id, today())
    mine = clusters.own_clusters(who) or (clusters.all_clusters(who) if who.offices else [])
    strips = meetings.months_of(mine, term, today()) if term else {}
    return render(
        "plans/index.html",
        term=term,
        strips=[(cluster, strips[cluster.id]) for cluster in mine] if term else [],
        tallies=meeting_people.tallies_of(mine, term) if term else {},
        plans=term_plans.of_clusters(mine, term) if term else {},
    )
