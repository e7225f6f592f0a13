"""« Ce que voit cette situation », and « Voir comme »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from virage.directory.actions import come_back, look_as
from virage.directory.middleware import only_looks, start_looking, stop_looking
from virage.directory.queries import rights_seen
from virage.foundation.access.request import Request
from virage.foundation.ui.paging import Column

COLUMNS = tuple(
    Column(label) for label in ("Volet", "Cette situation peut", "« Voir comme » vous en montre")
)


@require_GET
def membership_rights(request: Request, membership_id: UUID) -> HttpResponse:
    """Show what a situation may do, volet by volet, and how many records it reaches."""
    shown = {"rights": rights_seen(request.actor, membership_id), "columns": COLUMNS}
    shown["membership_id"] = membership_id
    return render(request, "directory/membership_rights.html", shown)


@require_POST
def membership_look_as(request: Request, membership_id: UUID) -> HttpResponse:
    """Look as this situation does, for a while."""
    look_as(request.actor, membership_id=membership_id)
    start_looking(request, membership_id)
    return redirect("directory:home")


@require_POST
@only_looks
def look_back(request: Request) -> HttpResponse:
    """Come back to one's own place."""
    if request.actor.sides:
        come_back(request.actor)
        stop_looking(request)
        messages.success(request, "Vous êtes revenu à votre place.")
    return redirect("directory:home")
