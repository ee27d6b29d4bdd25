"""Many who press a button at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

from portal.extensions import db


def at_once(app, calls: list) -> list:
    """What the calls answer, in their order, when all of them start together."""
    barrier = threading.Barrier(len(calls))

    def go(call):
        with app.app_context():
            barrier.wait()
            return call()

    db.session.commit()
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


def poster(app, who: str, address: str, **data):
    """A call that posts as somebody with a browser of the own and answers the status."""
    client = app.test_client().log_in(who)
    return lambda: client.post(address, data=data).status_code
