"""Keys: their form, their order, and that two are never the same."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from portal.domain import ids
from portal.domain.ids import uuid7


def test_keys_have_the_form_of_version_7_and_tell_the_millisecond():
    before = time.time_ns() // 1_000_000
    made = [uuid7() for _ in range(50)]
    assert {(key.version, key.variant) for key in made} == {(7, uuid.RFC_4122)}
    assert before <= made[0].int >> 80 <= time.time_ns() // 1_000_000


def test_keys_of_one_millisecond_sort_in_the_order_of_making(monkeypatch):
    """Two steps that one person takes in one go once stood in either order."""
    moment = time.time_ns() + 10**9
    monkeypatch.setattr(ids.time, "time_ns", lambda: moment)
    made = [uuid7() for _ in range(2000)]
    assert made == sorted(set(made))
    monkeypatch.setattr(ids.time, "time_ns", lambda: moment - 10**12)  # a clock that is put back
    assert uuid7() > made[-1]


def test_keys_of_several_threads_differ():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: uuid7(), range(4000)))
    assert len(set(made)) == 4000
