"""The volets under the timeline: those that are open to the actor, and the others."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.verdict import KEEPER_OF_RIGHTS, require
from virage.foundation.ui import components
from virage.record.rules import VOLET_SLUGS, Window, window_of


def reads_something(actor: Actor) -> bool:
    """Whether the matrix opens at least one volet to the actor."""
    return bool(actor.readable_volets)


def require_readable(actor: Actor, volet: Volet) -> None:
    """Raise `Refused` unless the matrix lets the actor read something of the volet."""
    if volet not in actor.readable_volets:
        require(actor, Cell.READ, None, volet)


def volet_tabs(
    actor: Actor, person_id: UUID, current: Volet | None = None
) -> tuple[components.Tab, ...]:
    """Return all volets together, then each volet that the matrix opens to the actor."""
    together = reverse("record:timeline", args=[person_id])
    return (
        components.Tab("Tous les volets", together, is_current=current is None),
        *(_volet_tab(person_id, volet, current == volet) for volet in actor.readable_volets),
    )


def closed_volets(actor: Actor, person_id: UUID) -> tuple[components.Tab, ...]:
    """Return the volets closed to the actor; the page of each says by which rule."""
    readable = actor.readable_volets
    return tuple(_volet_tab(person_id, volet) for volet in Volet if volet not in readable)


def closed_told(actor: Actor) -> str:
    """Say, where a list is empty, which volets the matrix closes to the actor; nothing for none."""
    readable = actor.readable_volets
    closed = ", ".join(volet.label for volet in Volet if volet not in readable)
    if not closed:
        return ""
    return (
        f" Le tableau des droits ferme d’autres volets à votre profession\u00a0: {closed}. "
        f"À voir avec {KEEPER_OF_RIGHTS}."
    )


def window_for(actor: Actor, volets: Iterable[Volet] = tuple(Volet)) -> Window | None:
    """Return the hours that the matrix leaves to the actor in these volets, or None for all."""
    return window_of({volet: actor.grants(volet) for volet in volets})


def _volet_tab(person_id: UUID, volet: Volet, is_current: bool = False) -> components.Tab:
    url = reverse("record:volet", args=[person_id, VOLET_SLUGS[volet]])
    return components.Tab(volet.label, url, is_current)
