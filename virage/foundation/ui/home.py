"""The cards of the home page: each room registers its own in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from virage.foundation.access.actor import Actor


@dataclass(frozen=True)
class Line:
    """One thing on a card: what it is, where it leads, when, a word on it, and how it begins.

    Those that follow each other in a `group` stand under its name.
    """

    label: str
    url: str
    note: str = ""
    at: datetime | None = None
    text: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a room says first to someone who arrives: a sentence, and a few lines.

    `url` is that of the page that holds all of it, if there is one; `put_away_url` takes the POST
    after which its reader sees it no more.
    """

    title: str
    url: str = ""
    icon: str
    summary: str
    lines: tuple[Line, ...] = ()
    put_away_url: str = ""


# Gives an actor's card, in two SQL statements at most, or None when the card is not for him.
CardSource = Callable[[Actor], Card | None]

_sources: list[tuple[int, CardSource]] = []


def register(source: CardSource, *, order: int) -> None:
    """Add a card to the home page; the lowest order comes first."""
    _sources.append((order, source))


def cards_for(actor: Actor) -> tuple[Card, ...]:
    """Return the cards of an actor, in order."""
    sources = sorted(_sources, key=lambda pair: pair[0])
    cards = (source(actor) for _, source in sources)
    return tuple(card for card in cards if card)
