"""Putting the objectives and the actions of a plan in another order, a place at a time."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from virage.foundation.access.request import Request
from virage.plans.actions.order import put_before
from virage.record.queries.plan_parts import places_of
from virage.record.views.plans import open_plan_to_change


@require_GET
def order_page(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show what a plan holds in its order, with what may go up and down."""
    record, shown = open_plan_to_change(request, person_id, plan_id)
    context = {"record": record, "shown": shown, "places": places_of(shown)}
    return render(request, "record/plan_order.html", context)


@require_POST
def move_up(
    request: Request, person_id: UUID, plan_id: UUID, part_id: UUID, other_id: UUID
) -> HttpResponse:
    """Let a part of a plan go before the one that stands before it."""
    open_plan_to_change(request, person_id, plan_id)
    put_before(request.actor, plan_id=plan_id, part_id=part_id, other_id=other_id)
    return _back_to(person_id, plan_id, part_id)


@require_POST
def move_down(
    request: Request, person_id: UUID, plan_id: UUID, part_id: UUID, other_id: UUID
) -> HttpResponse:
    """Let a part of a plan go after the one that stands after it."""
    open_plan_to_change(request, person_id, plan_id)
    put_before(request.actor, plan_id=plan_id, part_id=other_id, other_id=part_id)
    return _back_to(person_id, plan_id, part_id)


def _back_to(person_id: UUID, plan_id: UUID, part_id: UUID) -> HttpResponse:
    # Back to what was moved, whatever its place is now.
    return redirect(f"{reverse('record:plan_order', args=[person_id, plan_id])}#place-{part_id}")
