"""The account of another, for who manages it: inviting, giving access back, departure."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.directory import actions
from virage.directory.actions.leaving import open_works
from virage.directory.forms import DepartureForm
from virage.directory.forms.sign_in import ResetForm
from virage.directory.models import Professional
from virage.directory.queries import (
    account_of,
    account_refusal,
    factors_of,
    heirs_of,
    history_of,
    memberships_of_professional,
    noted_departure,
    professional_of,
)
from virage.directory.queries.leaving import departure_undone
from virage.directory.queries.sign_in import sessions_shown
from virage.directory.views import answer_directory_form
from virage.foundation.access.request import Request


@require_GET
def account(request: Request, professional_id: UUID) -> HttpResponse:
    """Show the account of a professional: what protects it, its sessions, its history."""
    found = in_charge(request, professional_id)
    owned = account_of(found)
    shown = {
        "professional": found,
        "account": owned,
        "factors": factors_of(owned),
        "sessions": sessions_shown(owned),
        "history": history_of(owned),
        "has_mail": has_mail(),
    }
    return render(request, "directory/account.html", shown)


@require_POST
def account_invite(request: Request, professional_id: UUID) -> HttpResponse:
    """Have the link of a first password mailed to the owner of a new account."""
    found = professional_of(request.actor, professional_id)
    actions.invite(request.actor, account=account_of(found), site=site_of(request))
    messages.success(request, "L’invitation part dans quelques secondes.")
    return redirect("directory:professional", found.pk)


@require_http_methods(["GET", "POST"])
def access_reset(request: Request, professional_id: UUID) -> HttpResponse:
    """Give access back, face to face: a link is shown once, all that was before is void."""
    found = in_charge(request, professional_id)
    owned = account_of(found)
    form = ResetForm(request.POST or None)

    def act() -> HttpResponse:
        path = actions.reset_access(request.actor, account=owned, **form.cleaned_data)
        shown = {"professional": found, "link": request.build_absolute_uri(path)}
        return render(request, "directory/password_link.html", shown)

    return answer_directory_form(
        request,
        form,
        act,
        template="directory/access_reset.html",
        professional=found,
        cancel=reverse("directory:account", args=[found.pk]),
    )


@require_POST
def sessions_end(request: Request, professional_id: UUID) -> HttpResponse:
    """End the sessions of a professional, on every computer."""
    found = professional_of(request.actor, professional_id)
    count = actions.end_account_sessions(request.actor, account=account_of(found))
    messages.success(request, f"Sessions fermées\u00a0: {count}.")
    return redirect("directory:account", found.pk)


@require_http_methods(["GET", "POST"])
def departure(request: Request, professional_id: UUID) -> HttpResponse:
    """Note a departure: what it changes is shown first."""
    found, today = in_charge(request, professional_id), timezone.localdate()
    heirs = heirs_of(request.actor, found, today)
    form = DepartureForm(request.POST or None, heirs=heirs, initial={"last_day": today})

    def act() -> HttpResponse:
        actions.leave(request.actor, professional=found, **form.cleaned_data)
        messages.success(request, f"Départ enregistré\u00a0: {found.display_name}.")
        return redirect("directory:professional", found.pk)

    rows = memberships_of_professional(request.actor, found)
    return answer_directory_form(
        request,
        form,
        act,
        template="directory/departure.html",
        professional=found,
        memberships=[one for one, _ in rows if not one.ends_on or one.ends_on > today],
        works=open_works(found, today),
        cancel=reverse("directory:professional", args=[found.pk]),
    )


@require_http_methods(["GET", "POST"])
def departure_cancel(request: Request, professional_id: UUID) -> HttpResponse:
    """Cancel a departure until its day is over: what goes on, and what does not come back."""
    found = in_charge(request, professional_id)
    noted = noted_departure(found)

    def act() -> HttpResponse:
        actions.cancel_departure(request.actor, professional=found)
        messages.success(request, f"Départ annulé\u00a0: {found.display_name}.")
        return redirect("directory:professional", found.pk)

    return answer_directory_form(
        request,
        Form(request.POST if request.method == "POST" else None),
        act,
        template="directory/departure_cancel.html",
        professional=found,
        undone=departure_undone(noted) if noted else [],
        handed=noted.handed if noted else [],
        cancel=reverse("directory:professional", args=[found.pk]),
    )


def in_charge(request: Request, professional_id: UUID) -> Professional:
    """Return a professional whose account the actor may decide of; raise what refuses it."""
    found = professional_of(request.actor, professional_id)
    if refused := account_refusal(request.actor, found):
        raise refused
    return found


def site_of(request: HttpRequest) -> str:
    """Return the address of the site if it is known, and not the one that a visitor says."""
    return next(iter(settings.CSRF_TRUSTED_ORIGINS), request.build_absolute_uri("/"))


def has_mail() -> bool:
    """Whether mail leaves this site."""
    return not settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend")
