"""The summaries of the two complete terms: written, signed, submitted and, all but one, accepted."""

from datetime import timedelta

from portal.actions import summaries as actions
from portal.demo import texts
from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Person
from portal.queries import summaries


def load(scene) -> None:
    """Through the same actions as on the pages, so that figures and snapshots are real."""
    bureau = _actor(scene, scene.named["bureau"].id, offices=frozenset({"basic_education"}))
    for term in scene.terms:
        if not scene.is_past(term.last_day):
            continue
        for number, cluster in enumerate(scene.clusters):
            # The newest summary of one cluster still waits for the bureau.
            waits = term is scene.terms[-2] and number == 4
            _summary(scene, cluster, term, bureau, accepted=not waits)


def _summary(scene, cluster, term, bureau, *, accepted: bool) -> None:
    now = scene.moment(term.last_day + timedelta(days=1), 10)
    lead = _actor(
        scene,
        cluster.principals[cluster.lead.id],
        leads=frozenset({cluster.row.id}),
        manages=frozenset({cluster.row.id}),
        principal_of=frozenset({cluster.lead.id}),
        profiles={cluster.row.id: cluster.row.profile},
    )
    summary = actions.begin(lead, cluster.row, term, now=now)
    db.session.flush()  # the sections are read back
    for section in summaries.sections_of(summary):
        actions.write_section(
            lead, summary, section.key, texts.NARRATIVE.get(section.key, ""), expected=None, now=now
        )
        actions.finish_section(lead, summary, section.key, now=now)
    for school in cluster.schools[1:] if cluster.row.profile == "equal" else ():
        member = _actor(
            scene,
            cluster.principals[school.id],
            principal_of=frozenset({school.id}),
            manages=frozenset({cluster.row.id}),
            profiles={cluster.row.id: cluster.row.profile},
        )
        actions.agree(member, summary, now=now)
        db.session.flush()  # the signature counts the consents
    for action in ("sign", "submit"):
        actions.take(lead, summary, action, note="", expected=None, now=now)
        db.session.flush()  # each step begins from the state before
    if accepted:
        actions.take(bureau, summary, "accept", note="", expected=None, now=now + timedelta(days=2))
    db.session.flush()


def _actor(scene, person_id, **facts) -> Actor:
    name = db.session.get(Person, (scene.district.id, person_id)).name
    return Actor(district_id=scene.district.id, person_id=person_id, account_id=person_id, name=name, **facts)
