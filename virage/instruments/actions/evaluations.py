"""Evaluations: frozen, and withdrawn from the wrong record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.access.writing import counted, require_entries, signature
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ids import new_id
from virage.foundation.journal.writing import record, record_writes
from virage.instruments.enums import EvaluationStatus
from virage.instruments.models import Evaluation
from virage.instruments.queries import refusal_to_touch
from virage.instruments.rules.answers import EvaluationDraft, answers_to_json, faults_of
from virage.instruments.rules.gir import gir_carried
from virage.instruments.rules.results import scores_to_json

# Columns that keep the draft's value as it is.
SAME_COLUMNS = (
    *("subject_id", "volet", "title", "is_published", "questionnaire", "type"),
    *("status", "authored_on", "authored_at", "source_id", "event_id", "stay_id", "comment"),
    *("instrument", "instrument_version", "due_on"),
)
WITHDRAWAL = ("status", "withdrawn_at", "withdrawn_by", "withdrawn_reason")


@transaction.atomic
def freeze_evaluations(actor: Actor, *, drafts: Sequence[EvaluationDraft]) -> list[Evaluation]:
    """Freeze evaluations, in the order given; few statements whatever their number.

    Refused unless the actor writes in each volet, or may import what has an origin. By hand,
    Invalid without a title or an answer, and for a date to come.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: [one.subject_id], faults_of)
    evaluations = [evaluation_of(actor, draft) for draft in drafts]
    Evaluation.objects.bulk_create(evaluations, batch_size=500)
    one = evaluations[0] if len(evaluations) == 1 else None
    record_writes(actor, "evaluation.freeze", entries, target=one, detail=counted(drafts))
    return evaluations


@transaction.atomic
def withdraw_evaluation(actor: Actor, *, evaluation_id: UUID, reason: str) -> Evaluation:
    """Withdraw an evaluation made in the wrong record: it stays to be read, and counts no more.

    Refused as if it did not exist when the actor does not read it, as `refusal_to_touch` says, and
    of one that is no result; Invalid without a reason. Nothing puts it back: it is made again.
    """
    visible = Evaluation.objects.filter(items_visible_to(actor), pk=evaluation_id)
    evaluation = visible.select_for_update(no_key=True).first()
    if evaluation is None:
        raise Refused.hidden()
    if refused := refusal_to_touch(actor, evaluation):
        raise refused
    if not evaluation.is_result:
        raise Refused("state", "Cette évaluation n’est pas un résultat\u00a0: elle ne compte pas.")
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi vous la retirez."]})
    evaluation.status, evaluation.withdrawn_at = EvaluationStatus.ENTERED_IN_ERROR, actor.at
    evaluation.withdrawn_by_id, evaluation.withdrawn_reason = actor.professional_id, reason
    evaluation.save(update_fields=WITHDRAWAL)
    subject_ids, volet = [evaluation.subject_id], evaluation.volet
    record(actor, "evaluation.withdraw", target=evaluation, subject_ids=subject_ids, volet=volet)
    return evaluation


def evaluation_of(actor: Actor, draft: EvaluationDraft) -> Evaluation:
    """Return the row of an evaluation, to be inserted."""
    columns: dict[str, Any] = {name: getattr(draft, name) for name in SAME_COLUMNS}
    return Evaluation(
        id=draft.sheet_id or new_id(),
        **signature(actor, draft.happened_at, draft.origin, draft.establishment_id),
        **columns,
        answers=answers_to_json(draft.answers),
        scores=scores_to_json(draft.scores),
        gir=gir_carried(draft.instrument, draft.scores, draft.answers),
    )
