"""The tabs of a record: each room registers its own in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.ui import components


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page of the record; `url_name` takes `person_id`.

    `holds` gives the rows that it shows an actor, each of one `subject`: a record that has none
    has no such tab.
    """

    key: str
    label: str
    url_name: str
    allowed: Callable[[Actor], bool]
    order: int
    holds: Callable[[Actor], QuerySet[Any]] | None = None


_tabs: list[Tab] = []
_emergency_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab to every record; the lowest order comes first."""
    _tabs.append(tab)


def register_in_emergency(tab: Tab) -> None:
    """Add a tab to the records that a bris de glace opens: they have none of the others."""
    _emergency_tabs.append(tab)


def tabs_in_emergency(actor: Actor, person: Any, current: str) -> tuple[components.Tab, ...]:
    """Return the tabs of a record that a bris de glace opens to the actor."""
    shown = (tab for tab in _emergency_tabs if tab.allowed(actor))
    return tuple(
        components.Tab(tab.label, reverse(tab.url_name, args=[person.pk]), tab.key == current)
        for tab in sorted(shown, key=lambda tab: tab.order)
    )


def filled_tabs(actor: Actor) -> dict[str, Exists]:
    """Return what to annotate persons with, for `tabs_for` to know which tabs hold something."""
    return {
        f"has_{tab.key}": Exists(tab.holds(actor).filter(subject=OuterRef("subject")))
        for tab in _tabs
        if tab.holds and tab.allowed(actor)
    }


def tabs_for(actor: Actor, person: Any, current: str) -> tuple[components.Tab, ...]:
    """Return the tabs that the actor may open, of a person who has her `filled_tabs`.

    `current` is the key of the page shown.
    """
    shown = (
        tab
        for tab in _tabs
        if tab.allowed(actor) and (tab.holds is None or getattr(person, f"has_{tab.key}"))
    )
    return tuple(
        components.Tab(
            tab.label,
            reverse(tab.url_name, args=[person.pk]),
            is_current=tab.key == current,
        )
        for tab in sorted(shown, key=lambda tab: tab.order)
    )
