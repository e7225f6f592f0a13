"""A FHIR object being read, which remembers what was read: the rest is never lost in silence.

An absent element reads as an empty one, so mappings need no test of presence. A value of the
wrong JSON type refuses the file; a value that we cannot represent is reported and left unread.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from virage.formats.outcome import Finding, Unreadable
from virage.foundation.calendar import is_in_calendar, midnight

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTIAL_DAY = re.compile(r"\d{4}(?:-\d{2})?")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})")

MOMENT = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T.+)?)?)?", re.ASCII)

LONGEST_LIST = 20_000
"""Elements of one list: far above any record, far below what makes a reader slow."""

ALONE = -1
"""The place of an object that is not in a list."""


class Element:
    """One JSON object of a FHIR resource, with its place in the file for the report."""

    __slots__ = ("_findings", "_opened", "_parent", "_read", "_read_places", "_step", "value")

    def __init__(
        self, value: dict[str, Any], parent: "Element | None", step: str, findings: list[Finding]
    ) -> None:
        self.value = value
        self._parent = parent
        self._step = step
        self._findings = findings
        self._read: set[str] = set()
        self._opened: dict[str, dict[int, Element]] = {}
        self._read_places: dict[str, set[int]] = {}

    @classmethod
    def top(cls, value: dict[str, Any], path: str, findings: list[Finding]) -> "Element":
        """The element that a reader starts from."""
        return cls(value, None, path, findings)

    @classmethod
    def empty(cls, path: str = "") -> "Element":
        """The absence of an element."""
        return cls({}, None, path, [])

    @property
    def path(self) -> str:
        """Where it was read: « Bundle.entry[2].Encounter.period »."""
        return f"{self._parent.path}.{self._step}" if self._parent else self._step

    def __bool__(self) -> bool:
        return bool(self.value)

    def report(self, code: str, name: str = "", value: str = "") -> None:
        """Note a fault that does not refuse the file."""
        self._findings.append(Finding(code, self._place(name), value))

    # Values

    def ignore(self, *names: str) -> None:
        """Count these names as read: pure structure, without content."""
        self._read.update(names)

    def text(self, name: str) -> str:
        return self._get(name, str) or ""

    def flag(self, name: str) -> bool | None:
        value: bool | None = self._get(name, bool)
        return value

    def integer(self, name: str) -> int | None:
        value: int | None = self._get(name, int)
        return value

    def decimal(self, name: str) -> Decimal | None:
        value = self._get(name, int, Decimal)
        return None if value is None else Decimal(value)

    def day(self, name: str, partial: str = "date_partial") -> date | None:
        """A plain date. A time beside it stays unread; a partial date too, and is reported."""
        value = self._peek(name, str)
        if not value:
            return None
        day = _parsed_day(value[:10]) if DAY.match(value) else None
        if day is None and PARTIAL_DAY.fullmatch(value):
            self.report(partial, name, value)
        elif day is None:
            self.report("date_unreadable", name, value)
        elif len(value) == 10:
            self._read.add(name)
        return day

    def instant(self, name: str) -> datetime | None:
        """An instant. A plain date becomes midnight in Paris, is reported and stays unread."""
        value = self._peek(name, str)
        if not value:
            return None
        if DAY.fullmatch(value):
            day = _parsed_day(value)
            if day:
                self.report("time_missing", name, value)
                return midnight(day)
        elif INSTANT.fullmatch(value):
            moment = _parsed_instant(value)
            if moment:
                self._read.add(name)
                return moment
        self.report("date_unreadable", name, value)
        return None

    def first_text(self, name: str) -> str:
        """The first string of a list of strings; the others stay unread."""
        values = self._list(name)
        if not values or values[0] is None:
            return ""
        if not isinstance(values[0], str):
            self._refuse("resource_invalid", name)
        self._read_places.setdefault(name, set()).add(0)
        return str(values[0])

    def texts(self, name: str) -> list[str]:
        """A list of strings, left unread: `read_text` says which were kept; a hole reads empty."""
        values = self._list(name)
        if any(value is not None and not isinstance(value, str) for value in values):
            self._refuse("resource_invalid", name)
        return [value or "" for value in values]

    def read_text(self, name: str, place: int) -> None:
        """Count one string of a list as read."""
        self._read_places.setdefault(name, set()).add(place)

    # Elements below

    def child(self, name: str) -> "Element":
        """The object below, or an empty one."""
        value = self._peek(name, dict)
        return self._open(name, ALONE, value) if value else self._absent(name)

    def children(self, name: str, most: int = LONGEST_LIST) -> list["Element"]:
        """The objects of a list below; a hole in the list reads as an empty one."""
        values = self._list(name, most)
        return [self._open(name, place, value) for place, value in enumerate(values)]

    def first(self, name: str) -> "Element":
        """The first object of a list below, or an empty one."""
        values = self._list(name)
        return self._open(name, 0, values[0]) if values else self._absent(f"{name}[0]")

    def extensions(self, *urls: str) -> list["Element"]:
        """The extensions with one of these canonical URLs."""
        values = self._list("extension")
        self._opened.setdefault("extension", {})
        found = [
            self._open("extension", place, value)
            for place, value in enumerate(values)
            if not isinstance(value, dict) or value.get("url") in urls
        ]
        for child in found:
            child.ignore("url")
        return found

    def extension(self, *urls: str) -> "Element":
        """The first of the extensions with one of these URLs, or an empty element."""
        return next(iter(self.extensions(*urls)), self._absent("extension"))

    # What was not read

    def rest(self) -> Iterator[tuple[str, Any]]:
        """The parts that nobody read, each with its path; whole when nothing in it was read."""
        for name, value in self.value.items():
            if name in self._read:
                continue
            if name in self._opened:
                yield from self._rest_below(name, value)
            elif name in self._read_places:
                yield from self._rest_of_texts(name, value)
            else:
                yield self._place(name), value

    @property
    def _is_untouched(self) -> bool:
        opened = (child for below in self._opened.values() for child in below.values())
        return not (self._read or self._read_places) and all(each._is_untouched for each in opened)

    def _rest_below(self, name: str, value: Any) -> Iterator[tuple[str, Any]]:
        opened = self._opened[name]
        for place, each in enumerate(value) if isinstance(value, list) else [(ALONE, value)]:
            child = opened.get(place)
            if child is None:
                yield f"{self._place(name)}[{place}]", each
                continue
            rest = list(child.rest())
            # Part of an extension means nothing without its URL.
            if rest and (name == "extension" or child._is_untouched):
                yield child.path, child.value
            else:
                yield from rest

    def _rest_of_texts(self, name: str, values: list[Any]) -> Iterator[tuple[str, Any]]:
        for place, value in enumerate(values):
            if value is not None and place not in self._read_places[name]:
                yield f"{self._place(name)}[{place}]", value

    # Checked access

    def _place(self, name: str) -> str:
        return f"{self.path}.{name}" if name else self.path

    def _peek(self, name: str, *kinds: type) -> Any:
        value = self.value.get(name)
        if value is None:
            return None
        if type(value) not in kinds:
            self._refuse("resource_invalid", name)
        return value

    def _list(self, name: str, most: int = LONGEST_LIST) -> list[Any]:
        values: list[Any] = self._peek(name, list) or []
        if len(values) > most:
            self._refuse("too_many_entries", name)
        return values

    def _get(self, name: str, *kinds: type) -> Any:
        value = self._peek(name, *kinds)
        if value is not None:
            self._read.add(name)
        return value

    def _absent(self, step: str) -> "Element":
        return Element({}, self, step, self._findings)

    def _open(self, name: str, place: int, value: Any) -> "Element":
        opened = self._opened.setdefault(name, {})
        child = opened.get(place)
        if child is None:
            step = name if place == ALONE else f"{name}[{place}]"
            child = opened[place] = Element(
                {} if value is None else value, self, step, self._findings
            )
            if not isinstance(child.value, dict):
                raise Unreadable(Finding("resource_invalid", child.path, _shown(value)))
        return child

    def _refuse(self, code: str, name: str) -> NoReturn:
        raise Unreadable(Finding(code, self._place(name), _shown(self.value[name])))


def is_moment(value: str) -> bool:
    """Whether a date or an instant, as far as it goes, is one that there can be."""
    if not MOMENT.fullmatch(value):
        return False
    try:
        # The first day of a year or a month alone.
        datetime.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


def _parsed_day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if is_in_calendar(day) else None


def _parsed_instant(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if is_in_calendar(moment) else None


def _shown(value: Any) -> str:
    return str(value)[:100] if isinstance(value, str | int | Decimal) else type(value).__name__
