"""The tabs of a record: each room registers its own in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.ui import components


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page of the record; `url_name` takes `person_id`."""

    key: str
    label: str
    url_name: str
    allowed: Callable[[Actor], bool]
    order: int


_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab to every record; the lowest order comes first."""
    _tabs.append(tab)


def tabs_for(actor: Actor, person_id: UUID, current: str) -> tuple[components.Tab, ...]:
    """Return the tabs that the actor may open; `current` is the key of the page shown."""
    allowed = sorted((tab for tab in _tabs if tab.allowed(actor)), key=lambda tab: tab.order)
    return tuple(
        components.Tab(
            tab.label,
            reverse(tab.url_name, args=[person_id]),
            is_current=tab.key == current,
        )
        for tab in allowed
    )
