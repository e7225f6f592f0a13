"""Evaluations in and out as FHIR: the questions, the answers, the answers of others."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.ui.paging import Column
from virage.foundation.ui.responses import attachment
from virage.persons.queries import open_record
from virage.persons.views import answer_person_form
from virage.record.actions import take_in_answers
from virage.record.forms.answers import AnswersForm
from virage.record.queries.fhir import names_of, questionnaire_file, response_file

FHIR = "application/fhir+json"
FAULT_COLUMNS = (Column("Où"), Column("Défaut"), Column("Reçu"), Column("Que faire"))


@require_GET
def questionnaire(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Give the questions of an evaluation as a FHIR Questionnaire."""
    person = open_record(request.actor, person_id).person
    content = questionnaire_file(request.actor, person, evaluation_id)
    return attachment(request, content, "questionnaire.json", FHIR)


@require_GET
def response(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Give the answers of an evaluation as a FHIR QuestionnaireResponse."""
    person = open_record(request.actor, person_id).person
    content = response_file(request.actor, person, evaluation_id)
    return attachment(request, content, f"reponses-{evaluation_id}.json", FHIR)


@require_http_methods(["GET", "POST"])
def take_in(request: Request, person_id: UUID) -> HttpResponse:
    """Take in the answers of a file, all of them or none, with a report of what refuses them."""
    actor = request.actor
    record = open_record(actor, person_id, "evaluations")
    volets = require_writable_volets(actor)
    names = names_of(record.person)
    form = AnswersForm(
        request.POST or None, request.FILES or None, today=actor.today, names=names, volets=volets
    )

    def act() -> HttpResponse:
        received = form.cleaned_data["content"]
        evaluation = take_in_answers(
            actor,
            subject_id=record.person.subject_id,
            establishment_id=record.stay.establishment_id if record.stay else None,
            received=received,
        )
        messages.success(request, "Les réponses sont reprises : l’évaluation est terminée.")
        if received.beside:
            messages.warning(
                request, "Le fichier dit autre chose encore, qui n’a pas de place ici."
            )
        birth_on = record.person.birth_on
        if birth_on and received.earliest_on < birth_on:
            messages.warning(
                request,
                f"Le fichier parle du {received.earliest_on:%d/%m/%Y}, avant la naissance de la "
                "personne\u00a0: la date est gardée. Vérifiez-la, et que le dossier est le bon.",
            )
        return redirect("record:evaluation", person_id, evaluation.pk)

    return answer_person_form(
        request,
        form,
        act,
        template="record/answers_take_in.html",
        record=record,
        columns=FAULT_COLUMNS,
    )
