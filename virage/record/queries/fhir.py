"""An evaluation made or taken in here, as FHIR carries it: its questionnaire, and its answers."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from virage.formats.fhir.questionnaire import Reference
from virage.formats.fhir.questionnaire_response import write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.calendar import in_paris
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.instruments.models import Evaluation
from virage.instruments.queries import (
    find_evaluation,
    may_go_out,
    received_response_of,
    sheet_behind,
)
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.fhir.whole import signed
from virage.instruments.rules.given import asked
from virage.persons.enums import PRODUCTION_OIDS
from virage.persons.models import Person


def questionnaire_file(actor: Actor, person: Person, evaluation_id: UUID) -> bytes:
    """Return the FHIR Questionnaire that an evaluation answers, journalled.

    That of the version it was made with; of answers taken in, the one that they are to. Refused
    without the right to export; as if it did not exist when the actor does not read the evaluation,
    or it came with a whole record.
    """
    evaluation = _exported(actor, person, evaluation_id)
    received = received_response_of(evaluation)
    if received and received.questionnaire:
        return received.questionnaire.encode()
    questionnaire, _ = questionnaire_of(sheet_behind(evaluation).instrument)
    return write_questionnaire(questionnaire)


def response_file(actor: Actor, person: Person, evaluation_id: UUID) -> bytes:
    """Return the answers of an evaluation as a FHIR QuestionnaireResponse, journalled.

    Those taken in go out as they came. Ours bear the id of the evaluation, and name the person by
    an opaque reference alone. Refused as `questionnaire_file`, and in a demonstration for answers
    that bear a number of the real register: it sends none.
    """
    evaluation = _exported(actor, person, evaluation_id)
    if received := received_response_of(evaluation):
        if settings.IS_DEMO and any(oid in received.response for oid in PRODUCTION_OIDS):
            raise Refused(
                "real_ins",
                "Ces réponses portent un matricule INS venu d’un registre réel, et cette instance "
                "sert à des essais\u00a0: elles restent ici.",
            )
        return received.response.encode()
    opened = sheet_behind(evaluation)
    questionnaire, _ = questionnaire_of(opened.instrument)
    still_asked = asked(opened.instrument, opened.answers)
    answers = {name: given for name, given in opened.answers.items() if name in still_asked}
    response = replace(
        response_of(questionnaire, answers),
        subject=Reference(reference=f"urn:uuid:{person.pk}", type="Patient"),
        authored=in_paris(evaluation.happened_at).isoformat(timespec="seconds"),
    )
    return write_response(
        signed(response, evaluation.pk, evaluation.author_name, evaluation.comment)
    )


def names_of(person: Person) -> frozenset[str]:
    """Return what a file may name a person by: his numbers, and our address. One SQL statement."""
    numbers = {one.value for one in person.identifiers.order_by("pk")} | {person.ins_value}
    after_bar = {one.rpartition("|")[2] for one in numbers}
    return frozenset((numbers | after_bar | {f"urn:uuid:{person.pk}"}) - {""})


def _exported(actor: Actor, person: Person, evaluation_id: UUID) -> Evaluation:
    evaluation = find_evaluation(actor, person.subject_id, evaluation_id)
    if not may_go_out(evaluation):
        raise Refused.hidden()
    require(actor, Verb.EXPORT, person.subject)
    saw(actor, "evaluation.export", [person.subject_id], [evaluation.volet])
    return evaluation
