"""What was settled at the turn of a term: one row for each thing that was confirmed, closed or opened."""

import uuid
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one, one_of, ref

TURN_KINDS = ("pairing", "pair", "group", "duties", "plan", "told")


class TermTurnMark(Tenant, db.Model):
    """One thing of a cluster that is settled for the term that begins, by whom and when; never twice.

    ``subject_id`` is the pair or group; for what a cluster has once a term it is the cluster itself.
    ``told`` says that the schools know of it.
    """

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    settled_at: Mapped[datetime]

    person = one("Person", "TermTurnMark", "person_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("person_id", "person"),
        one_of("kind", TURN_KINDS),
        UniqueConstraint(
            "district_id", "cluster_id", "term_id", "kind", "subject_id", name="term_turn_mark_once"
        ),
    )
