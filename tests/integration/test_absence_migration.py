"""A migrated database refuses two lessons of one person at one time by itself, as one made from the models."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from portal import config
from portal.constraints import violated
from portal.extensions import db
from portal.models import VisitingSession
from tests.cast import people_the_world
from tests.conftest import make_app
from tests.support.absences import dated_lesson
from tests.support.postgres import postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def migrated(request, tmp_path, worker_id):
    """An application over a database that all migrations have made."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'migrated.sqlite3'}"
    else:
        url = postgres_url(f"portal_booked_{worker_id}")
    with make_app(url, tmp_path).app_context():
        upgrade(str(config.ROOT / "migrations"))
        yield people_the_world()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("role", ["teacher", "substitute"])
def test_an_overlap_is_refused_whichever_column_names_the_person(migrated, role):
    world: SimpleNamespace = migrated
    day = world.today
    dated_lesson(world, world.mentor, world.linfeng, day, 500, "一（1）班")
    other = dated_lesson(world, world.teacher, world.gongchen, day, 530, "三（1）班")
    db.session.commit()
    row = db.session.get(VisitingSession, (other.district_id, other.id))
    if role == "teacher":
        row.person_id = world.mentor.id
    else:
        row.substitute_id, row.state = world.mentor.id, "substituted"
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.flush()
    assert violated(refused.value) == "person_booked_twice"
