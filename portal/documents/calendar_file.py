"""Lessons as an iCalendar file (RFC 5545), which phones and Outlook subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.domain.moments import SHANGHAI


@dataclass(frozen=True)
class CalendarEvent:
    """One dated lesson as a calendar shows it.

    ``key`` stays the same for the life of the lesson, ``revision`` grows with each change, so that a calendar
    replaces what it has. ``starts`` and ``ends`` are minutes since midnight on the district's clock.
    ``open`` says that nobody is known yet who gives it.
    """

    key: str
    revision: int
    changed_at: datetime
    day: date
    starts: int
    ends: int
    title: str
    place: str
    note: str = ""
    cancelled: bool = False
    open: bool = False


def calendar_file(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """The file, the same bytes for the same events.

    Times are written in UTC: every calendar reads them without a definition of the zone.
    """
    import icalendar  # takes a while; only this needs it

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//School Cluster Portal//visiting lessons//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", SHANGHAI.key)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for event in events:
        calendar.add_component(_component(icalendar, event))
    return calendar.to_ical()


def _component(icalendar, event: CalendarEvent):
    entry = icalendar.Event()
    entry.add("uid", f"{event.key}@school-cluster-portal")
    entry.add("sequence", event.revision)
    entry.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", _moment(event.day, event.starts))
    entry.add("dtend", _moment(event.day, event.ends))
    entry.add("summary", event.title)
    entry.add("location", event.place)
    if event.note:
        entry.add("description", event.note)
    status = "TENTATIVE" if event.open else "CONFIRMED"
    entry.add("status", "CANCELLED" if event.cancelled else status)
    entry.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    return entry


def _moment(day: date, minutes: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)
