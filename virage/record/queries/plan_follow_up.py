"""All that happened to a plan of a record: steps taken, words said, reviews, signatures, proofs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, QuerySet, UUIDField, Value
from django.db.models.expressions import Combinable

from virage.documents.queries import documents_of
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Kind
from virage.foundation.workflow.models import Transition
from virage.plans.enums import Agreement
from virage.plans.models import PlanReview, Signature
from virage.plans.queries.plans import comments_of, steps_of
from virage.record.queries.plan_parts import AGREEMENT_KINDS
from virage.record.queries.plans import PlanShown

THE_PLAN = "Le plan"
BEGUN = {"plan": "Plan commencé", "objective": "Objectif ajouté", "plan_action": "Action ajoutée"}
NOTHING, NO_ACTION = Value("", output_field=CharField()), Value(None, output_field=UUIDField())


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Something that happened to a plan; `about` names the part of it, or who was asked."""

    title: str
    about: str
    at: datetime
    author: str
    kind: Kind
    text: str


class _Said(NamedTuple):
    """The columns that all that is said of a plan gives, in the order of `_columns`."""

    kind: str
    recorded_at: datetime
    author_name: str
    action_id: UUID | None
    code: str
    about: str
    text: str


def follow_up(actor: Actor, shown: PlanShown) -> list[Followed]:
    """Return all that happened to a plan shown, the latest first, with the proofs that the actor
    reads, journalled; two SQL statements.
    """
    opened = shown.opened
    names = {one.pk: one.title for one in (*opened.objectives, *opened.actions)}
    # A review is told with what came out of it.
    steps = [_step(one, names) for one in steps_of(opened) if one.verb != "review"]
    said = [_Said(*row) for row in _all_said(actor, shown)]
    volets = {one.code for one in said if one.kind == "proof"}
    saw(actor, "plan.read", [shown.person.subject_id], volets)
    words = [_told(one, names) for one in said]
    return sorted((*steps, *words), key=lambda one: one.at, reverse=True)


def _all_said(actor: Actor, shown: PlanShown) -> QuerySet[Any, Any]:
    plan = shown.plan
    proofs = documents_of(actor, shown.person.subject_id).filter(
        plan_action_id__in=[one.pk for one in shown.opened.actions]
    )
    reviews = PlanReview.objects.filter(of_version__plan=plan)
    signatures = Signature.objects.filter(of_version__plan=plan)
    comments = comments_of(shown.opened).order_by()
    return _columns("comment", comments, F("action_id"), NOTHING, NOTHING, F("text")).union(
        _columns("review", reviews, NO_ACTION, NOTHING, F("of_version__reason"), F("synthesis")),
        _columns("signature", signatures, NO_ACTION, F("agreement"), F("name"), F("reason")),
        _columns("proof", proofs, F("plan_action_id"), F("volet"), F("title"), NOTHING),
        all=True,
    )


def _columns(kind: str, rows: QuerySet[Any], *columns: Combinable) -> QuerySet[Any, Any]:
    said = Value(kind, output_field=CharField())
    return rows.values_list(said, "recorded_at", "author_name", *columns)


def _step(step: Transition, names: dict[UUID, str]) -> Followed:
    return Followed(
        title=step.step.label if step.step else BEGUN[step.workflow],
        about=names.get(step.item_id, THE_PLAN),
        at=step.happened_at,
        author=step.actor_name,
        kind=step.reached.tone.value,
        text=f"Motif\u00a0: {step.why}" if step.why else "",
    )


def _told(said: _Said, names: dict[UUID, str]) -> Followed:
    kind: Kind = "neutral"
    title, text = "Commentaire", said.text
    about = names[said.action_id] if said.action_id else said.about or THE_PLAN
    if said.kind == "review":
        title, about, kind = said.about, THE_PLAN, "info"
    elif said.kind == "signature":
        agreement = Agreement(said.code)
        title, kind = f"Avis\u00a0: {agreement.label.lower()}", AGREEMENT_KINDS[agreement]
        text = f"Motif\u00a0: {said.text}" if said.text else ""
    elif said.kind == "proof":
        title, text = "Preuve ajoutée", said.about
    return Followed(
        title=title,
        about=about,
        at=said.recorded_at,
        author=said.author_name,
        kind=kind,
        text=text,
    )
