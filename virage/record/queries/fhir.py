"""An evaluation made here, as FHIR carries it: its questionnaire, and its answers."""

from dataclasses import replace
from uuid import UUID

from virage.formats.fhir.questionnaire import Reference
from virage.formats.fhir.questionnaire_response import write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.calendar import in_paris
from virage.foundation.journal.collector import saw
from virage.instruments.queries import OpenSheet, sheet_behind
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.given import asked
from virage.persons.models import Person


def questionnaire_file(actor: Actor, person: Person, evaluation_id: UUID) -> bytes:
    """Return the FHIR Questionnaire of the version that an evaluation was made with, journalled.

    Refused without the right to export; as if it did not exist when the actor does not read the
    evaluation, or it was not made here.
    """
    opened = _exported(actor, person, evaluation_id)
    questionnaire, _ = questionnaire_of(opened.instrument)
    return write_questionnaire(questionnaire)


def response_file(actor: Actor, person: Person, evaluation_id: UUID) -> bytes:
    """Return the answers of an evaluation as a FHIR QuestionnaireResponse, journalled.

    It names the person by an opaque reference alone. Refused as `questionnaire_file`.
    """
    opened = _exported(actor, person, evaluation_id)
    questionnaire, _ = questionnaire_of(opened.instrument)
    still_asked = asked(opened.instrument, opened.answers)
    answers = {name: given for name, given in opened.answers.items() if name in still_asked}
    response = response_of(questionnaire, answers)
    return write_response(
        replace(
            response,
            subject=Reference(reference=f"urn:uuid:{person.pk}", type="Patient"),
            authored=in_paris(opened.sheet.happened_at).isoformat(timespec="seconds"),
        )
    )


def names_of(person: Person) -> frozenset[str]:
    """Return what a file may name a person by: his numbers, and our address. One SQL statement."""
    numbers = {one.value for one in person.identifiers.order_by("pk")} | {person.ins_value}
    after_bar = {one.rpartition("|")[2] for one in numbers}
    return frozenset((numbers | after_bar | {f"urn:uuid:{person.pk}"}) - {""})


def _exported(actor: Actor, person: Person, evaluation_id: UUID) -> OpenSheet:
    opened = sheet_behind(actor, person.subject_id, evaluation_id)
    require(actor, Verb.EXPORT, person.subject)
    saw(actor, "evaluation.export", [person.subject_id], [opened.sheet.volet])
    return opened
