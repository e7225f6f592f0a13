"""What the shell shows around every page."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from virage.foundation.ui import navigation

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "virage_theme"
KEYS_COOKIE = "virage_keys"


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Who is here, as what, where, and the doors open to them; bare before a situation is known.

    `situation_url` is empty for who has no other one.
    """

    links: tuple[navigation.NavLink, ...] = ()
    search: tuple[str, str] | None = None
    alerts: tuple[navigation.Alert, ...] = ()
    display_name: str = ""
    profession_label: str = ""
    establishment_name: str = ""
    establishment_finess: str = ""
    situation_url: str = ""
    is_demo: bool = False
    theme: str = "auto"
    has_keys: bool = True
    printed_at: datetime | None = None
    lock_minutes: int = 0


def shell(request: HttpRequest) -> dict[str, object]:
    """Give templates `shell`, worked out only if the page shows it."""
    return {"shell": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell of a request; an actor is there once a situation has been chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    bare = Shell(
        is_demo=settings.IS_DEMO,
        theme=theme if theme in THEMES else "auto",
        has_keys=request.COOKIES.get(KEYS_COOKIE) != "off",
        printed_at=now(),
        lock_minutes=settings.LOCK_MINUTES,
    )
    actor = getattr(request, "actor", None)
    if actor is None:
        return bare
    return replace(
        bare,
        links=navigation.links_for(actor, request.path),
        search=navigation.search_for(actor),
        alerts=navigation.alerts_for(actor),
        display_name=actor.display_name,
        profession_label=actor.profession_label,
        establishment_name=actor.establishment_name,
        establishment_finess=actor.establishment_finess,
        situation_url=resolve_url(settings.SITUATION_URL) if actor.has_other_situations else "",
    )
