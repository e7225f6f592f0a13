"""Help, page by page, and the guided visit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from virage.foundation.access.request import Request
from virage.foundation.guide import actions
from virage.foundation.guide.queries import every_help, own_step, visit_of
from virage.foundation.guide.rules import Visit, step_after

# What the session holds while a visit is followed: its key and the step, from 0; and the step at
# which the home page invites to it, if it does: no page costs a statement more.
FOLLOWED, INVITED = "visit", "visit_invited"


@login_not_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the topics of the help by theme; they tell of no one, and open to all."""
    return render(request, "guide/index.html", {"index": every_help().index})


@login_not_required
@require_GET
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """Show the help of a page, with what the reader's profession needs besides."""
    shown = every_help().topic(key)
    if shown is None:
        raise Http404
    actor = getattr(request, "actor", None)
    own = shown.for_professions.get(actor.profession, "") if actor else ""
    return render(request, "guide/topic.html", {"topic": shown, "own": own})


@require_GET
def visit(request: Request) -> HttpResponse:
    """Show the visit of the reader's trade as a list, and where he is in it."""
    shown = _visit(request)
    step = own_step(request.actor, shown)
    context = {"visit": shown, "step": step, "is_done": step == len(shown.steps)}
    return render(request, "guide/visit.html", context)


@require_POST
def follow(request: Request) -> HttpResponse:
    """Go to a step (`next`, `previous`, `again`, its number), or `stop`; the step is kept."""
    shown = _visit(request)
    asked = request.POST.get("to", "")
    if asked == "stop":
        request.session.pop(FOLLOWED, None)
        return redirect("guide:visit")
    step = step_after(own_step(request.actor, shown), asked, shown.steps)
    actions.go_to_step(request.actor, visit=shown, step=step)
    if step == len(shown.steps):
        request.session.pop(FOLLOWED, None)
        request.session.pop(INVITED, None)
        return redirect("guide:visit")
    if request.session.get(INVITED) is not None:
        request.session[INVITED] = step
    request.session[FOLLOWED] = [shown.key, step]
    return redirect(shown.steps[step].door)


@require_POST
def put_away(request: Request) -> HttpResponse:
    """Put away the card of the home page that invites to the visit."""
    actions.put_away(request.actor, visit=_visit(request))
    request.session.pop(INVITED, None)
    messages.success(request, "La carte est rangée. La visite reste dans le menu de votre nom.")
    return redirect("directory:home")


def _visit(request: Request) -> Visit:
    shown = visit_of(request.actor)
    if shown is None:
        raise Http404
    return shown
