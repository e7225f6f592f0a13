"""Who am I, as what, where: choosing a situation, and the home page it leads to."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virage.directory.actions import choose_situation
from virage.directory.forms import SituationForm
from virage.directory.forms.places import FEW
from virage.directory.middleware import act_as, without_situation
from virage.directory.models import Account
from virage.directory.queries import situations_of
from virage.directory.queries.home import visit_card
from virage.foundation.access.request import Request
from virage.foundation.guide.views import INVITED
from virage.foundation.ui import home


@require_http_methods(["GET", "POST"])
@without_situation
def situation(request: Request) -> HttpResponse:
    """Choose among one's situations of today; the present one stays until another is chosen."""
    account, now = cast(Account, request.user), timezone.now()
    situations = list(situations_of(account, now))
    form = SituationForm(request.POST or None, situations=situations)
    if form.is_valid():
        actor = choose_situation(account, membership_id=form.cleaned_data["membership"], at=now)
        act_as(request, actor)
        messages.success(request, f"Vous agissez ici en tant que : {actor.profession_label}.")
        return redirect("directory:home")
    current = getattr(request.actor, "membership_id", None)
    shown = {
        "situations": situations,
        "current": current,
        "form": form if len(situations) > FEW else None,
    }
    return render(request, "directory/situation.html", shown)


@require_GET
def home_page(request: Request) -> HttpResponse:
    """Show what each room says first to this actor; to a newcomer, the visit before all."""
    invitation = visit_card(request.actor, request.session.get(INVITED))
    cards = home.cards_for(request.actor)
    return render(request, "directory/home.html", {"cards": [*filter(None, [invitation]), *cards]})
