"""What the shell leads to: each room registers its doors in `apps.ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from virage.foundation.access.actor import Actor


@dataclass(frozen=True)
class NavItem:
    """An entry of the rail: `key` is the letter that goes there after `g`.

    The label is a word, or the function that gives it for an actor.

    A role sees seven entries at most: `allowed` chooses them, `order` sorts them.
    """

    label: str | Callable[[Actor], str]
    url_name: str
    icon: str
    key: str
    allowed: Callable[[Actor], bool]
    order: int


@dataclass(frozen=True)
class SearchBox:
    """The search of the top bar: it posts the words typed (field `q`), never in the address."""

    url_name: str
    label: str
    allowed: Callable[[Actor], bool]


@dataclass(frozen=True)
class AlertSource:
    """A figure of the top bar: how many things wait for this actor; nothing shows at zero."""

    label: str
    url_name: str
    count: Callable[[Actor], int]


@dataclass(frozen=True)
class WayBack:
    """Where a page that was refused leads back to.

    `url` is asked with what the address names, and gives nothing when there is no way.
    """

    label: str
    url: Callable[[Actor, Mapping[str, Any]], str]


@dataclass(frozen=True)
class NavLink:
    """An entry of the rail, for one actor on one page."""

    label: str
    url: str
    icon: str
    key: str
    is_current: bool


@dataclass(frozen=True)
class Alert:
    """A figure of the top bar, for one actor."""

    label: str
    url: str
    count: int


_items: list[NavItem] = []
_search_boxes: list[SearchBox] = []
_alert_sources: list[AlertSource] = []
_ways_back: list[WayBack] = []


def register(item: NavItem) -> None:
    """Add an entry to the rail."""
    _items.append(item)


def register_search(box: SearchBox) -> None:
    """Add a search to the top bar, which shows the first one that the actor may use."""
    _search_boxes.append(box)


def register_alert(source: AlertSource) -> None:
    """Add a figure to the top bar; its count is asked once a page, in one SQL statement."""
    _alert_sources.append(source)


def register_way_back(way: WayBack) -> None:
    """Add a way back from refusals; it is asked on refused pages alone, in one SQL statement."""
    _ways_back.append(way)


def links_for(actor: Actor, path: str) -> tuple[NavLink, ...]:
    """Return the rail of an actor; the entry with the longest address leading to `path` is current.

    The home page `/` leads to itself alone.
    """
    items = sorted((item for item in _items if item.allowed(actor)), key=lambda item: item.order)
    urls = [reverse(item.url_name) for item in items]
    leading = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    current = max(leading, key=len, default="")
    return tuple(
        NavLink(_worded(item.label, actor), url, item.icon, item.key, url == current)
        for item, url in zip(items, urls, strict=True)
    )


def _worded(label: str | Callable[[Actor], str], actor: Actor) -> str:
    return label if isinstance(label, str) else label(actor)


def search_for(actor: Actor) -> tuple[str, str] | None:
    """Return the address and the label of the actor's search, if there is one."""
    box = next((box for box in _search_boxes if box.allowed(actor)), None)
    return (reverse(box.url_name), box.label) if box else None


def way_back_for(actor: Actor, named: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the label and the address of the first way back that there is."""
    ways = ((way.label, way.url(actor, named)) for way in _ways_back)
    return next((way for way in ways if way[1]), None)


def alerts_for(actor: Actor) -> tuple[Alert, ...]:
    """Return the figures that are not zero."""
    counted = ((source, source.count(actor)) for source in _alert_sources)
    return tuple(
        Alert(source.label, reverse(source.url_name), count) for source, count in counted if count
    )


def page_before(request: HttpRequest, otherwise: str = "/") -> str:
    """Return the page of ours that a button was on: its own address may open to buttons alone.

    `otherwise` when the browser does not say.
    """
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        here = request.get_host()
    except DisallowedHost:  # the page that refuses this name comes through here too
        return "/"
    if not url_has_allowed_host_and_scheme(referer, here, request.is_secure()):
        return otherwise
    _, _, path, query, _ = urlsplit(referer)
    # Browsers read « /\ » as « // », the start of another site's address.
    return urlunsplit(("", "", "/" + path.lstrip("/\\"), query, ""))
