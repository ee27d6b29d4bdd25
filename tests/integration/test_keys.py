"""Keys as they are read: the same key is one object wherever SQLite gives it, on both engines it is the key."""

from portal.extensions import db
from portal.models import School


def test_a_key_read_twice_is_the_key_and_no_key_is_none(world):
    columns = db.select(School.id, School.district_id, School.parent_id).where(School.id == world.linfeng.id)
    first, second = (db.session.execute(columns).one() for _turn in range(2))
    assert tuple(first) == tuple(second) == (world.linfeng.id, world.east.id, None)
    if db.engine.dialect.name == "sqlite":
        assert (first.id is second.id, first.district_id is second.district_id) == (True, True)
