"""Professionals of the operator and their accounts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.directory.actions import (
    create_professional,
    issue_password_link,
    open_account,
    update_professional,
)
from virage.directory.forms import AccountForm, ProfessionalFilter, ProfessionalForm
from virage.directory.queries import (
    account_of,
    account_refusal,
    establishments_of,
    memberships_of_professional,
    noted_departure,
    professional_of,
    staff_found,
    staff_in,
)
from virage.directory.rules import manager_refusal, require_manager
from virage.directory.views import answer_directory_form
from virage.directory.views.accounts import has_mail, in_charge
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import choices_asked, words_typed
from virage.foundation.ui.paging import Column, address_of_list, paginate

SEARCH = "staff-search-form"
COLUMNS = (
    Column("Nom", "name", ("search_text",)),
    Column("Métier", "profession", ("profession_name",)),
    Column("Où"),
    Column("Téléphone"),
    Column("Compte"),
)


@require_http_methods(["GET", "POST"])
def professional_list(request: Request) -> HttpResponse:
    """List the professionals, or those whom the words of a search find."""
    actor, words, query = request.actor, words_typed(request), choices_asked(request)
    form = ProfessionalFilter(query, establishments=establishments_of(actor))
    found = staff_in(actor, staff_found(actor, words), **form.asked())
    shown = {
        "paging": paginate(found, query, COLUMNS, form=SEARCH if words else ""),
        "filters": form,
        "words": words,
        "search_url": address_of_list(request.path, query),
        "can_add": manager_refusal(actor) is None,
    }
    return render(request, "directory/professional_list.html", shown)


@require_GET
def professional(request: Request, professional_id: UUID) -> HttpResponse:
    """Show a professional, the account and the memberships, past ones included."""
    actor = request.actor
    found = professional_of(actor, professional_id)
    rows = memberships_of_professional(actor, found)
    shown = {
        "professional": found,
        "account": getattr(found, "account", None),
        "rows": rows,
        "has_situation": any(not one.ends_on or one.ends_on >= actor.today for one, _ in rows),
        "today": actor.today,
        "can_manage": manager_refusal(actor) is None,
        "departure": noted_departure(found),
        "is_oneself": found.pk == actor.professional_id,
        "has_charge": account_refusal(actor, found) is None,
        "directs": actor.directs,
        "has_mail": has_mail(),
    }
    return render(request, "directory/professional.html", shown)


@require_http_methods(["GET", "POST"])
def professional_add(request: Request) -> HttpResponse:
    """Add a professional to the operator."""
    require_manager(request.actor)
    form = ProfessionalForm(request.POST or None)

    def act() -> HttpResponse:
        made = create_professional(request.actor, **form.values())
        messages.success(request, f"{made.display_name} est dans l’annuaire.")
        return redirect("directory:professional", made.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Ajouter un professionnel",
        submit="Ajouter le professionnel",
        cancel=reverse("directory:professional_list"),
    )


@require_http_methods(["GET", "POST"])
def professional_edit(request: Request, professional_id: UUID) -> HttpResponse:
    """Correct a professional."""
    found = in_charge(request, professional_id)
    form = ProfessionalForm(request.POST or None, item=found)

    def act() -> HttpResponse:
        update_professional(
            request.actor,
            professional=found,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "La fiche est enregistrée.")
        return redirect("directory:professional", found.pk)

    return answer_directory_form(
        request,
        form,
        act,
        current=lambda: professional_of(request.actor, professional_id),
        title="Modifier la fiche",
        note=found.display_name,
        submit="Enregistrer la fiche",
        cancel=reverse("directory:professional", args=[found.pk]),
    )


@require_http_methods(["GET", "POST"])
def account_open(request: Request, professional_id: UUID) -> HttpResponse:
    """Open the account of a professional."""
    found = in_charge(request, professional_id)
    form = AccountForm(request.POST or None, initial={"email": found.work_email})

    def act() -> HttpResponse:
        open_account(request.actor, professional=found, **form.cleaned_data)
        messages.success(request, "Le compte est ouvert. Il lui faut maintenant un mot de passe.")
        return redirect("directory:professional", found.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Ouvrir un compte",
        note=found.display_name,
        submit="Ouvrir le compte",
        cancel=reverse("directory:professional", args=[found.pk]),
    )


@require_POST
def password_link(request: Request, professional_id: UUID) -> HttpResponse:
    """Show, once, a one-time link to hand to the owner of a new account."""
    found = professional_of(request.actor, professional_id)
    path = issue_password_link(request.actor, account=account_of(found))
    shown = {"professional": found, "link": request.build_absolute_uri(path)}
    return render(request, "directory/password_link.html", shown)
