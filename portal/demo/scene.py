"""What the parts of the demonstration share while it is being made."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from portal.domain.ids import uuid7
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import Cluster, District, Person, School, Term


@dataclass
class DemoCluster:
    """A cluster with its schools, the lead first, and the staff of each."""

    row: Cluster
    schools: list[School]
    scheme: object
    principals: dict = field(default_factory=dict)
    staff: dict = field(default_factory=dict)

    @property
    def lead(self) -> School:
        """The lead school."""
        return self.schools[0]


@dataclass
class Scene:
    """The district as far as it has been made."""

    today: date
    rng: random.Random
    password: str
    district: District | None = None
    terms: list[Term] = field(default_factory=list)
    days: dict = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)
    clusters: list[DemoCluster] = field(default_factory=list)
    named: dict[str, Person] = field(default_factory=dict)
    people_count: int = 0

    def add(self, row):
        """Add one row of the district and give it its key at once."""
        row.district_id = self.district.id
        row.id = row.id or uuid7()
        db.session.add(row)
        return row

    def add_many(self, model, rows: list[dict]) -> None:
        """Add many rows in one statement."""
        if rows:
            db.session.flush()  # rows that these point at come first
            db.session.execute(insert(model), [{"district_id": self.district.id, **row} for row in rows])

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment on the district's clock."""
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)

    def school_day(self, day: date) -> date:
        """The day itself, or the next weekday that is no holiday."""
        while day.isoweekday() > 5 or day in self.days:
            day += timedelta(days=1)
        return day

    def is_past(self, day: date) -> bool:
        """Whether the day is over."""
        return day < self.today
