"""The demonstration district: real school and zone names, invented people, terms around today.

Everything but the dates is seeded, so the district is the same whenever it is loaded. ``scale``
repeats its clusters, for benchmarks.
"""

import random

from portal.actions import search
from portal.demo import calendar, deliveries, people, places, work
from portal.demo.scene import Scene
from portal.extensions import db

SEED = 20250901


def load(*, today, password: str, scale: int = 1, say=lambda words: None) -> Scene:
    """Fill an empty database; the caller commits. ``say`` is told how far it is."""
    scene = Scene(today=today, rng=random.Random(SEED), password=password)
    calendar.load(scene)
    places.load(scene, scale)
    say(f"  {len(scene.schools)} schools in {len(scene.clusters)} clusters")
    people.load(scene)
    say(f"  {scene.people_count} teachers")
    for term in scene.terms:
        for cluster in scene.clusters:
            work.load(scene, cluster, term)
        say(f"  the work of term {term.code}")
    db.session.flush()
    deliveries.load(scene)
    from portal.demo import (
        absences,
        cluster_papers,
        district_events,
        handovers,
        months,
        opinions,
        pairs,
        plans,
        quality,
        reflections,
        requests,
        secondments,
        shared,
        summaries,
        supervision,
    )

    secondments.load(scene)
    handovers.load(scene)
    reflections.load(scene)
    plans.load(scene)
    cluster_papers.load_groups(scene)
    summaries.load(scene)
    months.load(scene)
    absences.load(scene)
    shared.load(scene)
    district_events.load(scene)
    pairs.load(scene)
    supervision.load(scene)
    quality.load(scene)
    requests.load(scene)
    opinions.load(scene)
    cluster_papers.load_circular(scene)
    db.session.flush()
    search.rebuild(scene.district.id)  # many rows are made without the session that follows what is written
    return scene
