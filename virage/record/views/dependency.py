"""The dependency of a unit: its GMP, and the list behind it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from virage.foundation.access.request import Request
from virage.record.queries.dependency import unit_dependency, unit_people


@require_GET
def unit_gmp(request: Request, unit_id: UUID) -> HttpResponse:
    """Show the GMP of a unit today, and how the number is made."""
    shown = unit_dependency(request.actor, unit_id)
    return render(request, "record/unit_gmp.html", {"shown": shown})


@require_GET
def unit_gmp_list(request: Request, unit_id: UUID) -> HttpResponse:
    """Show who is behind the GMP of a unit."""
    shown = unit_people(request.actor, unit_id)
    return render(request, "record/unit_gmp_list.html", {"shown": shown})
