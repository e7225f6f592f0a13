"""A calendar that other software subscribes to: whole days → text/calendar (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from icalendar import Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class DayEntry:
    """Something on one day: an id that never changes, a few words, an address to open."""

    uid: str
    day: date
    summary: str
    url: str


def to_ics(entries: Iterable[DayEntry], *, name: str, at: datetime) -> bytes:
    """Return the calendar as it stands at this instant."""
    calendar = Calendar()
    calendar.add("prodid", "-//Virage//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", at)
        event.add("dtstart", entry.day)
        event.add("summary", entry.summary)
        event.add("url", entry.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
