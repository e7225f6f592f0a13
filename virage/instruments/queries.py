"""Reading evaluations."""

from uuid import UUID

from django.db.models import QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.instruments.models import Evaluation


def evaluations_of(actor: Actor, subject_id: UUID) -> QuerySet[Evaluation]:
    """Return the evaluations of one subject that the actor reads; unordered."""
    return Evaluation.objects.filter(items_visible_to(actor), subject=subject_id)


def find_evaluation(actor: Actor, subject_id: UUID, evaluation_id: UUID) -> Evaluation:
    """Return one evaluation; Refused as if it did not exist when the actor does not read it."""
    evaluations = evaluations_of(actor, subject_id).select_related("establishment", "source")
    evaluation = evaluations.filter(pk=evaluation_id).first()
    if evaluation is None:
        raise Refused.hidden()
    return evaluation
