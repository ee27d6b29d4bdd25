"""write_safe: 32 writers on one SQLite database count up one number; how many counts are lost or refused."""

import sys
import tempfile
import threading
import time
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select, update
from sqlalchemy.exc import SQLAlchemyError

# Importing it gives every SQLite connection of this process the portal's settings and transactions.
import portal.database

PROCESSES, THREADS, COUNTS = 4, 8, 20
counter = Table("counter", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer))


def count_up(url: str, results) -> None:
    """One process: THREADS writers, each reads the number and writes it back one higher, COUNTS times."""
    portal.database.begin_reading(False)
    engine = create_engine(url)
    acknowledged, refused = [], []

    def write() -> None:
        for _ in range(COUNTS):
            try:
                with engine.begin() as connection:
                    value = connection.scalar(select(counter.c.value))
                    connection.execute(update(counter).values(value=value + 1))
                acknowledged.append(1)
            except SQLAlchemyError as error:
                refused.append(str(error))

    threads = [threading.Thread(target=write) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    for error in refused[:3]:
        print(error, file=sys.stderr)
    results.put((len(acknowledged), len(refused)))


def measure() -> list[tuple[str, float, str]]:
    """Lost plus refused writes of 640; both should be none."""
    context = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'counter.sqlite3'}"
        engine = create_engine(url)
        counter.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(counter.insert().values(id=1, value=0))
        results = context.Queue()
        processes = [context.Process(target=count_up, args=(url, results)) for _ in range(PROCESSES)]
        started = time.perf_counter()
        for process in processes:
            process.start()
        outcomes = [results.get(timeout=300) for _ in processes]
        seconds = time.perf_counter() - started
        for process in processes:
            process.join()
        with engine.connect() as connection:
            final = connection.scalar(select(counter.c.value))
        engine.dispose()
    acknowledged = sum(done for done, _ in outcomes)
    refused = sum(failed for _, failed in outcomes)
    wanted = PROCESSES * THREADS * COUNTS
    assert acknowledged + refused == wanted
    lost = acknowledged - final
    note = f"{lost} lost, {refused} refused of {wanted} writes by 32 writers; {wanted / seconds:.0f} a second"
    return [("write_safe", lost + refused, note)]
