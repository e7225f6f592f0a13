"""Who acts, worked out once a request: no situation chosen, no page but those that say so."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from virage.directory.queries import actor_for
from virage.foundation.access.actor import Actor
from virage.foundation.ui.problems import NO_SITUATION, keep_typing

SESSION_KEY = "situation"

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


def without_situation(view: View) -> View:
    """Let signed-in people without a situation reach this view (choosing one, preferences)."""
    view.without_situation = True  # type: ignore[attr-defined]
    return view


def act_as(request: Any, actor: Actor) -> None:
    """Keep the situation chosen in a session that has a new key from now on."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(actor.membership_id)


class Situation:
    """Set `request.actor` from the membership that the session holds, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        membership_id = request.session.get(SESSION_KEY)
        request.actor = None
        if membership_id and request.user.is_authenticated:
            request.actor = actor_for(request.user, UUID(membership_id), timezone.now())
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever has no situation, or one that has ended, to choose one."""
        is_open = not getattr(view, "login_required", True)
        if is_open or getattr(view, "without_situation", False) or request.actor:
            return None
        if not request.user.is_authenticated:
            return None
        return keep_typing(request, NO_SITUATION) or redirect("directory:situation")
