"""Term summaries through the pages: begun, written, signed, submitted, accepted; figures and documents."""

import json
import threading
from datetime import UTC, date, datetime

import pytest

from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    AuditEntry,
    Meeting,
    Notification,
    SummarySection,
    SummarySnapshot,
    TermSummary,
)
from portal.queries import summaries


def begin(as_, world, who="lead", cluster=None, term="2025-2026-1") -> TermSummary:
    cluster = cluster or world.cluster
    answer = as_(who).post(f"/summaries/clusters/{cluster.id}/begin", data={"term": term})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return summaries.of_cluster(cluster, db.session.get(type(world.term), (cluster.district_id, world.term.id)))


def test_lead_begins_a_summary_once(as_, world):
    first = begin(as_, world)
    again = begin(as_, world)
    sections = [(s.key, s.text, s.is_done) for s in summaries.sections_of(first)]
    assert first.id == again.id
    assert sections == [(k, "", False) for k in ("basics", "practice", "results", "problems", "next")]
    page = as_("lead").get(f"/summaries/{first.id}").get_data(as_text=True)
    assert "麟峰小学片区以麟峰小学为领衔学校" in page
    for who in ("bureau", "liaison", "principal"):
        assert as_(who).get(f"/summaries/{first.id}").status_code == 200
    print(as_("lead").get("/summaries/").get_data(as_text=True)[:200])
