"""What the shell shows around every page."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from virage.foundation.access.actor import Actor
from virage.foundation.guide.queries import help_for, visit_of
from virage.foundation.guide.views import FOLLOWED
from virage.foundation.ui import navigation

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "virage_theme"
KEYS_COOKIE = "virage_keys"


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Who is here, as what, where, and the doors open to them; bare before a situation is known.

    `situation_url` is empty for who has no other one, `seen_as` unless one looks as someone.
    """

    links: tuple[navigation.NavLink, ...] = ()
    search: tuple[str, str] | None = None
    alerts: tuple[navigation.Alert, ...] = ()
    display_name: str = ""
    profession_label: str = ""
    establishment_name: str = ""
    establishment_finess: str = ""
    situation_url: str = ""
    seen_as: str = ""
    is_demo: bool = False
    theme: str = "auto"
    has_keys: bool = True
    printed_at: datetime | None = None
    lock_minutes: int = 0
    most_text_bytes: int = 0
    most_file_bytes: int = 0
    help_url: str = ""
    visit: "VisitStep | None" = None

    @property
    def most_words(self) -> str:
        """What a form may carry."""
        text, files = self.most_text_bytes // 10**6, self.most_file_bytes // 10**6
        return f"{text}\N{NO-BREAK SPACE}Mo de texte et {files}\N{NO-BREAK SPACE}Mo de fichiers"


@dataclass(frozen=True, kw_only=True)
class VisitStep:
    """The step of the visit that is being followed."""

    number: int
    total: int
    title: str
    text: str

    @property
    def next_label(self) -> str:
        """What going on does."""
        return "Étape suivante" if self.number < self.total else "Terminer la visite"


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
        most_text_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        most_file_bytes=settings.IMPORT_MAX_FILE_BYTES,
        help_url=_help_url(request),
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
        seen_as=actor.seen_as,
        visit=_visit_step(request, actor),
        situation_url=resolve_url(settings.SITUATION_URL) if actor.has_other_situations else "",
    )


def _help_url(request: HttpRequest) -> str:
    """Return the help of the page shown; of all of them, for an address that leads nowhere."""
    topic = help_for(request.resolver_match.view_name) if request.resolver_match else None
    return reverse("guide:topic", args=[topic.key]) if topic else reverse("guide:index")


def _visit_step(request: HttpRequest, actor: Actor) -> VisitStep | None:
    """Return the step that the session follows; no SQL statement."""
    key, step = request.session.get(FOLLOWED, ("", 0))
    visit = visit_of(actor) if key else None
    if visit is None or visit.key != key or step >= len(visit.steps):
        return None
    shown = visit.steps[step]
    return VisitStep(number=step + 1, total=len(visit.steps), title=shown.title, text=shown.text)
