"""Who acts, worked out once a request; and what stops one at the door: lock, second factor.

All that is known of a session stands in its own row: no page asks anything more.
"""

import logging
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone

from virage.directory.queries import actor_for, seeing_as
from virage.directory.queries.sign_in import HELD, MISSING, must_hold_factor
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.guide.queries import step_invited_to
from virage.foundation.guide.views import INVITED
from virage.foundation.sessions.store import SEEN
from virage.foundation.ui.navigation import page_before
from virage.foundation.ui.problems import (
    NO_SITUATION,
    ONLY_LOOKING,
    SESSION_LOCKED,
    answer,
    keep_typing,
)

logger = logging.getLogger(__name__)

SESSION_KEY = "situation"
FACTOR = "factor"
SEEN_EVERY_S = 60
# Under « Voir comme »: whose situation, and until when, in seconds.
SEEN_AS = "seen_as"
SEEN_AS_FOR_S = 30 * 60
READING = ("GET", "HEAD", "OPTIONS")
# Sent by the browser with what a page asks by itself while nobody is there.
QUIET = "X-Virage-Quiet"

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


def without_situation(view: View) -> View:
    """Let signed-in people without a situation reach this view (choosing one, preferences)."""
    view.without_situation = True  # type: ignore[attr-defined]
    return view


def without_factor(view: View) -> View:
    """Let those who must add a second factor first reach this view, without a situation either."""
    view.without_factor = True  # type: ignore[attr-defined]
    return without_situation(view)


def while_locked(view: View) -> View:
    """Let a locked session reach this view, whatever else it lacks."""
    view.while_locked = True  # type: ignore[attr-defined]
    return without_factor(view)


def only_looks(view: View) -> View:
    """Let this view be posted to under « Voir comme »: to end it, or to lock the session."""
    view.only_looks = True  # type: ignore[attr-defined]
    return view


def start_looking(request: Any, membership_id: UUID) -> None:
    """Look as this situation does from the next page on."""
    until = time.time() + SEEN_AS_FOR_S
    request.session[SEEN_AS] = {"membership": str(membership_id), "until": until}


def stop_looking(request: Any) -> None:
    """Come back to one's own place from the next page on."""
    request.session.pop(SEEN_AS, None)


def act_as(request: Any, actor: Actor) -> None:
    """Keep the situation chosen in a session that has a new key from now on.

    The forms of another tab are stale then: none is signed by a situation it was not opened in.
    """
    request.session.cycle_key()
    rotate_token(request)
    stop_looking(request)
    request.session[SESSION_KEY] = str(actor.membership_id)
    request.session[INVITED] = step_invited_to(actor)


def remember(
    session: MutableMapping[str, Any], membership_id: UUID | None, factor: str = HELD
) -> None:
    """Fill a session as signing in and choosing a situation do."""
    session[FACTOR] = factor
    session[SEEN] = time.time()
    if membership_id:
        session[SESSION_KEY] = str(membership_id)


class SessionLock:
    """Shut a session that is locked, or that nobody has used for `LOCK_MINUTES`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        request.session.write_lock()
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer the lock instead of the page; what was typed is given back, to be copied."""
        is_open = not getattr(view, "login_required", True)
        if is_open or not request.user.is_authenticated:
            return None
        session, now = request.session, time.time()
        idle_s = now - session.get(SEEN, 0)
        if not session.locked_page and idle_s > settings.LOCK_MINUTES * 60:
            session.lock(_page_of(request))
        if session.locked_page:
            if getattr(view, "while_locked", False):
                return None
            return keep_typing(request, SESSION_LOCKED) or redirect(settings.LOCK_URL)
        if idle_s > SEEN_EVERY_S and QUIET not in request.headers:
            session[SEEN] = now
        return None


class Situation:
    """Set `request.actor` from the membership that the session holds, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        membership_id = request.session.get(SESSION_KEY)
        request.actor = None
        is_open = request.user.is_authenticated and not request.session.locked_page
        if membership_id and is_open:
            request.actor = actor_for(request.user, UUID(membership_id), timezone.now())
        was_looking = SEEN_AS in request.session
        if was_looking:
            request.actor = _looking(request)
        # What was asked for while looking writes nothing either, when looking has just ended.
        request.only_looks = was_looking
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever lacks a second factor to add one, and then a situation to choose one."""
        is_public = not getattr(view, "login_required", True)
        if is_public or not request.user.is_authenticated or request.session.locked_page:
            return None
        if _lacks_factor(request) and not getattr(view, "without_factor", False):
            return redirect("directory:totp")
        is_writing = request.method not in READING and not getattr(view, "only_looks", False)
        if request.only_looks and is_writing:
            return answer(request, ONLY_LOOKING)
        if getattr(view, "without_situation", False) or request.actor:
            return None
        return keep_typing(request, NO_SITUATION) or redirect("directory:situation")


def _looking(request: Any) -> Actor | None:
    """Return who looks as someone; once that is over, who acts, and the session forgets it.

    It ends by itself, with the lock, and with the right to look or what was looked at.
    """
    actor: Actor | None = request.actor
    asked = request.session[SEEN_AS]
    if actor and time.time() < asked["until"]:
        try:
            return seeing_as(actor, UUID(asked["membership"]))
        except Refused:
            logger.info("seen_as ended before its time")
    stop_looking(request)
    return actor


def _lacks_factor(request: Any) -> bool:
    """Whether signing in found none where one is due, or the situation now chosen asks for one."""
    state = request.session.get(FACTOR, MISSING)
    if state == HELD:
        return False
    itself = request.actor.itself if request.actor else None
    is_due = itself is not None and must_hold_factor(itself.matrix, itself.profession)
    return is_due or state == MISSING


def _page_of(request: HttpRequest) -> str:
    """Return the page in front of which the session was left."""
    is_page = request.method == "GET" and request.headers.get("HX-Request") != "true"
    return request.get_full_path() if is_page else page_before(request)
