"""Events: planning one, reading one, saying what became of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from virage.agenda.actions import plan_event, report_event, reported_before
from virage.agenda.queries import refusal_to_report
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.errors import DomainError
from virage.foundation.ui.forms import add_domain_error
from virage.persons.queries import open_record
from virage.persons.queries.places import colleagues_of
from virage.persons.views import answer_person_form
from virage.record.forms.events import EventForm, OutcomeForm
from virage.record.queries.items import open_event


@require_http_methods(["GET", "POST"])
def plan(request: Request, person_id: UUID) -> HttpResponse:
    """Note an event to come, or one that has taken place."""
    actor = request.actor
    record = open_record(actor, person_id, "timeline")
    volets = require_writable_volets(actor)
    form = EventForm(
        request.POST or None,
        volets=volets,
        colleagues=colleagues_of(actor),
        birth_on=record.person.birth_on,
        initial={"professionals": [str(actor.professional_id)]},
    )

    def act() -> HttpResponse:
        event = plan_event(actor, draft=form.draft(record))
        messages.success(request, "L’évènement est noté.")
        return redirect("record:event", person_id, event.pk)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Noter un évènement",
        note="À venir ou déjà passé : son compte rendu s’ajoute ensuite.",
        submit="Noter l’évènement",
        cancel=reverse("record:timeline", args=[person_id]),
    )


@require_http_methods(["GET", "POST"])
def event_page(request: Request, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Show an event and, while it is open, the form that says what became of it."""
    actor = request.actor
    record = open_record(actor, person_id, "timeline", in_emergency=True)
    shown = open_event(actor, record.person, event_id)
    if request.method == "POST" and (refused := refusal_to_report(actor, shown.event)):
        raise refused
    if request.method == "POST" and not shown.may_report:
        raise reported_before(shown.event, mine=request.POST.get("report", ""))
    is_to_come = shown.event.happened_at > actor.at
    form = OutcomeForm(request.POST or None, is_to_come=is_to_come) if shown.may_report else None
    if form and form.is_valid():
        try:
            report_event(
                actor,
                subject_id=record.person.subject_id,
                event_id=event_id,
                outcome=form.outcome(),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, "Le compte rendu est enregistré.")
            return redirect("record:event", person_id, event_id)
    context = {"record": record, "shown": shown, "form": form, "is_to_come": is_to_come}
    status = 422 if form and form.errors else 200
    return render(request, "record/event.html", context, status=status)
