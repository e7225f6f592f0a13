"""One's own calendar feed, and what a calendar reads at its secret address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.formats.calendar_feed import CONTENT_TYPE, DayEntry, to_ics
from virage.foundation.access.request import Request
from virage.foundation.ui.responses import attachment
from virage.plans.actions.due import renew_feed, revoke_feed
from virage.plans.queries.due import acting, days_of, feed_of_token, own_feed

SHOWN_ONCE = "calendar_address"


@require_http_methods(["GET", "POST"])
def feed(request: Request) -> HttpResponse:
    """Show whether one has a calendar feed; make its address anew.

    The session holds it until the page that follows shows it, once: that page asked again makes no
    other.
    """
    if request.method == "POST":
        request.session[SHOWN_ONCE] = renew_feed(request.actor)
        return redirect("plans:feed")
    token = request.session.pop(SHOWN_ONCE, "")
    path = reverse("plans:feed_file", args=[token]) if token else ""
    address = request.build_absolute_uri(path) if path else ""
    shown = {"feed": own_feed(request.actor), "address": address}
    return render(request, "plans/feed.html", shown)


@require_POST
def feed_revoke(request: Request) -> HttpResponse:
    """Close the address of one's calendar feed."""
    revoke_feed(request.actor)
    messages.success(request, "L’adresse est supprimée\u00a0: elle n’ouvre plus rien.")
    return redirect("plans:feed")


@login_not_required
@require_GET
@never_cache
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give the days on which something of plans is due to a calendar that holds the token: days
    alone."""
    at = timezone.now()
    found = feed_of_token(token, at)
    if found is None:
        raise Http404
    home = request.build_absolute_uri(reverse("directory:home"))
    entries = [
        DayEntry(uid=str(pk), day=day, summary=summary, url=home)
        for pk, day, summary in days_of(acting(found.professional, at))
    ]
    return attachment(request, to_ics(entries, name="Virage", at=at), "virage.ics", CONTENT_TYPE)
