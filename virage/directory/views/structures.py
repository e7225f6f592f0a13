"""Establishments and services, their units and rooms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.directory.actions import (
    create_establishment,
    create_room,
    create_unit,
    update_establishment,
    update_operator,
    update_room,
    update_unit,
)
from virage.directory.forms import (
    EstablishmentFilter,
    EstablishmentForm,
    OperatorForm,
    RoomForm,
    UnitForm,
)
from virage.directory.queries import (
    establishment_of,
    establishments_of,
    gmp_unit_ids,
    operator_of,
    room_of,
    unit_of,
    units_with_rooms,
)
from virage.directory.queries.matrix import rights_refusal
from virage.directory.rules import management_refusal, require_management
from virage.directory.views import answer_directory_form
from virage.foundation.access.request import Request
from virage.foundation.ui.paging import Column, paginate

NOBODY_PROTECTS = (
    "Sans adresse de la protection des données, la direction est prévenue à sa place\u00a0: "
    "ajoutez celle du délégué, ou de qui en tient lieu."
)
COLUMNS = (
    Column("Nom", "name", ("name",)),
    Column("Catégorie", "kind", ("kind",)),
    Column("Commune", "town", ("town",)),
    Column("FINESS", "finess", ("finess",)),
    Column("Unités", "units", ("unit_count",), is_number=True),
)


@require_GET
def establishment_list(request: Request) -> HttpResponse:
    """List the establishments and services of the operator."""
    every = establishments_of(request.actor)
    form = EstablishmentFilter(request.GET, establishments=every)
    shown = {
        "paging": paginate(form.filter(every), request.GET, COLUMNS),
        "filters": form,
        "can_add": management_refusal(request.actor) is None,
        "decides_rights": rights_refusal(request.actor) is None,
    }
    return render(request, "directory/establishment_list.html", shown)


@require_GET
def establishment(request: Request, establishment_id: UUID) -> HttpResponse:
    """Show an establishment, its units and their rooms."""
    found = establishment_of(request.actor, establishment_id)
    shown = {
        "establishment": found,
        "units": units_with_rooms(found),
        "can_edit": management_refusal(request.actor) is None,
        "can_manage": management_refusal(request.actor, found.pk) is None,
        "gmp_unit_ids": gmp_unit_ids(request.actor, found),
    }
    return render(request, "directory/establishment.html", shown)


@require_http_methods(["GET", "POST"])
def operator_edit(request: Request) -> HttpResponse:
    """Correct the operator."""
    require_management(request.actor)
    found = operator_of(request.actor)
    form = OperatorForm(request.POST or None, item=found)

    def act() -> HttpResponse:
        update_operator(
            request.actor,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "L’organisme est enregistré.")
        return redirect("directory:establishment_list")

    return answer_directory_form(
        request,
        form,
        act,
        current=lambda: operator_of(request.actor),
        title="Modifier l’organisme",
        warning="" if found.privacy_emails else NOBODY_PROTECTS,
        submit="Enregistrer l’organisme",
        cancel=reverse("directory:establishment_list"),
    )


@require_http_methods(["GET", "POST"])
def establishment_add(request: Request) -> HttpResponse:
    """Add an establishment or service to the operator."""
    require_management(request.actor)
    form = EstablishmentForm(request.POST or None)

    def act() -> HttpResponse:
        made = create_establishment(request.actor, **form.values())
        messages.success(request, f"« {made.name} » est dans l’annuaire.")
        return redirect("directory:establishment", made.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Ajouter un établissement ou service",
        submit="Ajouter l’établissement",
        cancel=reverse("directory:establishment_list"),
    )


@require_http_methods(["GET", "POST"])
def establishment_edit(request: Request, establishment_id: UUID) -> HttpResponse:
    """Correct an establishment or service."""
    found = establishment_of(request.actor, establishment_id)
    require_management(request.actor)
    form = EstablishmentForm(request.POST or None, item=found)

    def act() -> HttpResponse:
        update_establishment(
            request.actor,
            establishment=found,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "L’établissement est enregistré.")
        return redirect("directory:establishment", found.pk)

    return answer_directory_form(
        request,
        form,
        act,
        current=lambda: establishment_of(request.actor, establishment_id),
        title="Modifier l’établissement",
        note=found.name,
        submit="Enregistrer l’établissement",
        cancel=reverse("directory:establishment", args=[found.pk]),
    )


@require_http_methods(["GET", "POST"])
def unit_add(request: Request, establishment_id: UUID) -> HttpResponse:
    """Add a unit to an establishment."""
    found = establishment_of(request.actor, establishment_id)
    require_management(request.actor, found.pk)
    form = UnitForm(request.POST or None)

    def act() -> HttpResponse:
        made = create_unit(request.actor, establishment=found, **form.values())
        messages.success(request, f"L’unité « {made.name} » est ajoutée.")
        return redirect("directory:establishment", found.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Ajouter une unité",
        note=found.name,
        submit="Ajouter l’unité",
        cancel=reverse("directory:establishment", args=[found.pk]),
    )


@require_http_methods(["GET", "POST"])
def unit_edit(request: Request, unit_id: UUID) -> HttpResponse:
    """Correct a unit."""
    unit = unit_of(request.actor, unit_id)
    require_management(request.actor, unit.establishment_id)
    form = UnitForm(request.POST or None, item=unit)

    def act() -> HttpResponse:
        update_unit(
            request.actor,
            unit=unit,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "L’unité est enregistrée.")
        return redirect("directory:establishment", unit.establishment_id)

    return answer_directory_form(
        request,
        form,
        act,
        current=lambda: unit_of(request.actor, unit_id),
        title="Modifier l’unité",
        note=f"{unit.establishment.name}, {unit.name}",
        submit="Enregistrer l’unité",
        cancel=reverse("directory:establishment", args=[unit.establishment_id]),
    )


@require_http_methods(["GET", "POST"])
def room_add(request: Request, unit_id: UUID) -> HttpResponse:
    """Add a room to a unit; the form comes back empty, ready for the next one."""
    unit = unit_of(request.actor, unit_id)
    require_management(request.actor, unit.establishment_id)
    form = RoomForm(request.POST or None)

    def act() -> HttpResponse:
        made = create_room(request.actor, unit=unit, **form.values())
        messages.success(request, f"La chambre « {made.name} » est ajoutée. Vous pouvez continuer.")
        return redirect("directory:room_add", unit.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Ajouter une chambre",
        note=f"{unit.establishment.name}, {unit.name}",
        submit="Ajouter la chambre",
        cancel=reverse("directory:establishment", args=[unit.establishment_id]),
    )


@require_http_methods(["GET", "POST"])
def room_edit(request: Request, room_id: UUID) -> HttpResponse:
    """Correct a room."""
    room = room_of(request.actor, room_id)
    establishment = room.unit.establishment
    require_management(request.actor, establishment.pk)
    form = RoomForm(request.POST or None, item=room)

    def act() -> HttpResponse:
        update_room(
            request.actor,
            room=room,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "La chambre est enregistrée.")
        return redirect("directory:establishment", establishment.pk)

    return answer_directory_form(
        request,
        form,
        act,
        current=lambda: room_of(request.actor, room_id),
        title="Modifier la chambre",
        note=f"{establishment.name}, {room.unit.name}, {room.name}",
        submit="Enregistrer la chambre",
        cancel=reverse("directory:establishment", args=[establishment.pk]),
    )
