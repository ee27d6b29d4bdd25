"""search_flat: two-character searches of somebody in one cluster, at a hundredfold over at tenfold.

search_recall: what searches for words of 2 to 4 signs find over what has them.
"""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from bench.world import cpu_ratio, folder
from portal import create_app
from portal.actions import search as actions
from portal.domain.access import Actor
from portal.domain.ids import uuid7
from portal.domain.search import folded
from portal.extensions import db
from portal.models import Cluster, District, Person, Reflection, School
from portal.queries import search

LOGS_OF_A_CLUSTER = 300
CLUSTERS = {"tenfold": 15, "hundredfold": 150}
SIGNS = [chr(0x4E00 + number) for number in range(0, 2400, 4)]
DAY = date(2025, 9, 1)


def measure() -> list[tuple[str, float, str]]:
    """The ratio of CPU time, and the share of what is found."""
    apps = {name: filled(folder() / f"search-{name}", number) for name, number in CLUSTERS.items()}
    words = vocabulary()
    asked = [words[number] for number in (0, 1, 2, 5, 10, 20, 40, 80, 160, 320)]
    answers = {name: finds(app, asked) for name, app in apps.items()}
    assert answers["tenfold"] == answers["hundredfold"], "the cluster finds something else among more others"
    found = sum(len(titles) for titles in answers["tenfold"])
    assert found >= 50, f"only {found} finds"
    ratio = cpu_ratio(
        lambda: finds(apps["hundredfold"], asked, size=20),
        lambda: finds(apps["tenfold"], asked, size=20),
        rounds=9,
    )
    recall, number = recalled(apps["tenfold"])
    logs = [CLUSTERS[name] * LOGS_OF_A_CLUSTER for name in ("hundredfold", "tenfold")]
    return [
        (
            "search_flat",
            ratio,
            f"{len(asked)} words in a cluster of {LOGS_OF_A_CLUSTER} logs, among {logs[0]} / {logs[1]}",
        ),
        ("search_recall", recall, f"of {number} logs that have one of 150 words of 2 to 4 signs"),
    ]


def vocabulary() -> list[str]:
    """Words of two signs; the first are in most logs, the last in few."""
    chance = random.Random(7)
    return ["".join(chance.choices(SIGNS, k=2)) for _ in range(600)]


def texts_of(cluster: int) -> list[str]:
    """The logs of a cluster: the same whatever stands beside it."""
    chance, words = random.Random(cluster), vocabulary()
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [
        "，".join("".join(chance.choices(words, weights, k=5)) for _ in range(9))
        for _ in range(LOGS_OF_A_CLUSTER)
    ]


def filled(instance: Path, clusters: int) -> Flask:
    """A portal with so many clusters of one district, each with its logs."""
    instance.mkdir(parents=True)
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{instance / 'portal.sqlite3'}"},
        {"PORTAL_INSTANCE": str(instance), "PORTAL_PLAIN_HTTP": "1"},
    )
    with app.app_context():
        db.create_all()
        district = District(code="bench", name="区", bureau_name="局")
        db.session.add(district)
        db.session.flush()
        for number in range(clusters):
            add_cluster(district.id, number)
        db.session.commit()
        actions.rebuild(district.id, done=db.session.commit)
        app.config["ASKING"] = Actor(
            district_id=district.id,
            person_id=uuid7(),
            account_id=uuid7(),
            name="",
            day=DAY,
            belongs_to=frozenset(
                db.session.scalars(db.select(Cluster.id).where(Cluster.name == "片区0")).all()
            ),
        )
    return app


def add_cluster(district_id, number: int) -> None:
    """One cluster, its school, its teacher, and the logs."""
    base = {"district_id": district_id}
    rows = (
        Cluster(**base, name=f"片区{number}"),
        School(**base, name=f"学校{number}"),
        Person(**base, name="教师"),
    )
    db.session.add_all(rows)
    db.session.flush()
    cluster, school, person = (row.id for row in rows)
    logs = [
        {
            **base,
            "id": uuid7(),
            "person_id": person,
            "school_id": school,
            "cluster_id": cluster,
            "title": f"{number}-{place}",
            "happened_on": DAY + timedelta(days=place % 150),
            "experience": text,
            "visibility": "cluster",
            "state": "submitted",
            "submitted_at": datetime(2025, 9, 1, tzinfo=UTC),
        }
        for place, text in enumerate(texts_of(number))
    ]
    db.session.execute(insert(Reflection), logs)


def finds(app: Flask, words: list[str], size: int = LOGS_OF_A_CLUSTER) -> list[set[str]]:
    """The titles on the first page for each word."""
    with app.app_context():
        pages = [search.search_page(app.config["ASKING"], [word], size=size).rows for word in words]
    return [{"".join(signs for signs, _ in hit.title) for hit in rows} for rows in pages]


def recalled(app: Flask) -> tuple[float, int]:
    """The share of logs found among those that have a word, and how many those are; a wrong find is an error."""
    chance, texts = random.Random(3), [folded(text) for text in texts_of(0)]
    runs = [run for text in texts for run in text.split()]
    words = []
    while len(words) < 150:
        run, length = chance.choice(runs), chance.choice((2, 3, 4))
        at = chance.randrange(len(run) - length)
        words.append(run[at : at + length])
    hits = there = 0
    for word, found in zip(words, finds(app, words), strict=True):
        true = {f"0-{number}" for number, text in enumerate(texts) if word in text}
        assert found <= true, f"{word} is not in {found - true}"
        hits, there = hits + len(found), there + len(true)
    assert there, "no log has any of the words"
    return hits / there, there
