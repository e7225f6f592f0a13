"""What is typed of a plan, and what refuses it, by field."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin
from virage.plans.enums import Agreement, Capacity, Effort, Priority

Faults = dict[str, list[str]]
BACKWARDS = "La fin est avant le début."


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    """A plan to begin about a subject."""

    subject_id: UUID
    volet: Volet
    title: str
    starts_on: date
    review_on: date | None = None
    is_published: bool = False
    establishment_id: UUID | None = None
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class ObjectiveDraft:
    """What a plan is to reach, and by what it will be seen."""

    title: str
    description: str = ""
    expected_result: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ActionDraft:
    """Something to be done for an objective; `needs` are the actions that come first."""

    title: str
    description: str = ""
    owner_id: UUID | None = None
    starts_on: date | None = None
    due_on: date | None = None
    priority: int = Priority.NORMAL
    effort: str = Effort.MEDIUM
    percent: int = 0
    needs: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnswerOrigin:
    """The answer of an evaluation that an action comes from, and the one it proposes once done.

    `answer` and `proposed_told` are in words, `proposed` is what the instrument would store.
    """

    evaluation_id: UUID
    instrument: str
    item: str
    answer: str
    proposed: str = ""
    proposed_told: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewDraft:
    """A review: when it was held, what came out of it, when the next one is."""

    held_on: date
    synthesis: str
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class SignatureDraft:
    """What someone says of a version, or why he was not asked."""

    name: str
    capacity: Capacity
    agreement: Agreement
    reason: str
    signed_on: date


def faults_of(draft: PlanDraft, at: datetime) -> Faults:
    """Return what refuses a plan, by field; it may begin in the future."""
    return faults_of_plan(draft.title, draft.starts_on, draft.review_on)


def faults_of_plan(title: str, starts_on: date, review_on: date | None) -> Faults:
    """Return what refuses the title and the days of a plan, by field."""
    faults = _title_faults(title)
    if review_on and review_on < starts_on:
        faults["review_on"] = ["Le bilan est avant le début du plan."]
    return faults


def faults_of_objective(draft: ObjectiveDraft) -> Faults:
    """Return what refuses an objective, by field."""
    return _title_faults(draft.title)


def faults_of_action(draft: ActionDraft) -> Faults:
    """Return what refuses an action, by field."""
    faults = _title_faults(draft.title)
    if draft.starts_on and draft.due_on and draft.due_on < draft.starts_on:
        faults["due_on"] = [BACKWARDS]
    if not 0 <= draft.percent <= 100:
        faults["percent"] = ["Entre 0 et 100."]
    return faults


def faults_of_review(draft: ReviewDraft, starts_on: date, today: date) -> Faults:
    """Return what refuses a review of a plan that starts on a day, by field: a day to come or
    before that one, nothing said, a next one before it.
    """
    faults: Faults = {}
    if draft.held_on < starts_on:
        faults["held_on"] = [f"Le plan commence le {starts_on:%d/%m/%Y}\u00a0: pas de bilan avant."]
    if draft.held_on > today:
        faults["held_on"] = ["Un bilan à venir ne peut pas déjà avoir eu lieu."]
    if not draft.synthesis.strip():
        faults["synthesis"] = ["Dites ce qui ressort du bilan."]
    if draft.next_on and draft.next_on <= draft.held_on:
        faults["next_on"] = ["Le prochain bilan vient après celui-ci."]
    return faults


def faults_of_signature(draft: SignatureDraft, frozen_on: date, today: date) -> Faults:
    """Return what refuses a signature of a version frozen on a day, by field: what is signed is
    that version; a refusal, or none collected, says why.
    """
    faults: Faults = {}
    if draft.signed_on < frozen_on:
        faults["signed_on"] = [f"Cette version n’existait pas avant le {frozen_on:%d/%m/%Y}."]
    if not draft.name.strip():
        faults["name"] = ["Dites de qui il s’agit."]
    if draft.agreement != Agreement.AGREED and not draft.reason.strip():
        faults["reason"] = ["Dites pourquoi."]
    if draft.signed_on > today:
        faults["signed_on"] = ["Une signature ne peut pas être datée dans l’avenir."]
    return faults


def _title_faults(title: str) -> Faults:
    return {} if title.strip() else {"title": ["Donnez un titre."]}
