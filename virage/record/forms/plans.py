"""Forms of plans: the plan, its objectives and actions, a review, a signature."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from virage.directory.models import Professional
from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import Matrix
from virage.foundation.ui.fields import DayField
from virage.foundation.ui.forms import VersionedForm
from virage.foundation.workflow.forms import StepForm
from virage.foundation.workflow.rules import Step
from virage.persons.queries import OpenRecord
from virage.plans.enums import UNDER_WAY, ActionState, Agreement, Capacity, Effort, Priority
from virage.plans.models import Plan, PlannedAction
from virage.plans.rules.drafts import (
    ActionDraft,
    ObjectiveDraft,
    PlanDraft,
    ReviewDraft,
    SignatureDraft,
)
from virage.record.forms.fields import SHARE, offer_volets

TITLE_LENGTH = 200


def _text(label: str, rows: int, help_text: str = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)


def _seen_number() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False)


def _owners(
    colleagues: Iterable[Professional], owner: Professional | None
) -> list[tuple[str, str]]:
    """Return who may answer for something, with who does today."""
    people = {one.pk: one.display_name for one in [*colleagues, *([owner] if owner else [])]}
    return [("", "Personne"), *((str(pk), name) for pk, name in people.items())]


class PlanForm(forms.Form):
    """A plan to begin, in one of the volets that the actor writes."""

    title = forms.CharField(
        label="Titre",
        max_length=TITLE_LENGTH,
        help_text="Par exemple «\u00a0Projet personnalisé 2027\u00a0».",
    )
    volet = forms.ChoiceField(label="Volet")
    starts_on = DayField(label="Début")
    review_on = DayField(label="Bilan prévu le", required=False)
    is_published = forms.BooleanField(label=SHARE, required=False)

    def __init__(self, *args: Any, rights: Matrix, volets: Iterable[Volet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_volets(self, rights, volets)

    def draft(self, record: OpenRecord) -> PlanDraft:
        """Return what was typed, for the action: in the current stay of the record."""
        typed = self.cleaned_data
        return PlanDraft(
            subject_id=record.person.subject_id,
            volet=Volet(typed["volet"]),
            title=typed["title"],
            starts_on=typed["starts_on"],
            review_on=typed["review_on"],
            is_published=typed["is_published"],
            establishment_id=record.stay.establishment_id if record.stay else None,
        )


class PlanEditForm(VersionedForm):
    """The title, the owner, the days and the sharing of a plan."""

    title = forms.CharField(label="Titre", max_length=TITLE_LENGTH)
    owner_id = forms.ChoiceField(
        label="Responsable", required=False, help_text="Qui tient le bilan, et en est prévenu."
    )
    starts_on = DayField(label="Début")
    review_on = DayField(label="Bilan prévu le", required=False)
    is_published = forms.BooleanField(label=SHARE, required=False)

    def __init__(
        self, *args: Any, colleagues: Iterable[Professional], item: Plan, **kwargs: Any
    ) -> None:
        super().__init__(*args, item=item, **kwargs)
        self.fields["owner_id"].choices = _owners(colleagues, item.owner)  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """Return what was typed, for the action."""
        typed = self.values()
        return typed | {"owner_id": UUID(typed["owner_id"]) if typed["owner_id"] else None}


class ObjectiveForm(VersionedForm):
    """What a plan is to reach, and by what it will be seen."""

    title = forms.CharField(
        label="Objectif", max_length=TITLE_LENGTH, help_text="Ce que l’on veut atteindre."
    )
    description = _text("Description", 3)
    expected_result = _text("Résultat attendu", 2, "À quoi verra-t-on que c’est atteint\u00a0?")
    due_on = DayField(label="Échéance", required=False)

    def draft(self) -> ObjectiveDraft:
        """Return what was typed, for the action."""
        return ObjectiveDraft(**self.values())


class ActionForm(VersionedForm):
    """Something to be done: by whom, when, how much it matters, after what."""

    title = forms.CharField(
        label="Action", max_length=TITLE_LENGTH, help_text="Commencez par un verbe."
    )
    description = _text("Description", 3)
    owner_id = forms.ChoiceField(label="Responsable", required=False)
    starts_on = DayField(label="Début", required=False)
    due_on = DayField(label="Échéance", required=False)
    priority = forms.TypedChoiceField(
        label="Priorité", choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    effort = forms.ChoiceField(label="Effort", choices=Effort.choices, initial=Effort.MEDIUM)
    percent = forms.IntegerField(label="Avancement (%)", min_value=0, max_value=100, required=False)
    needs = forms.MultipleChoiceField(
        label="À faire après", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        colleagues: Iterable[Professional],
        others: Sequence[PlannedAction],
        needed: Sequence[PlannedAction] = (),
        item: PlannedAction | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, item=item, **kwargs)
        owner = item.owner if item else None
        self.fields["owner_id"].choices = _owners(colleagues, owner)  # type: ignore[attr-defined]
        self.fields["needs"].choices = [(str(one.pk), one.title) for one in others]  # type: ignore[attr-defined]
        self.initial["needs"] = [str(one.pk) for one in needed]
        if not others:
            del self.fields["needs"]
        self.percent_said = item.percent if item else 0
        if item is None or item.state not in UNDER_WAY:
            del self.fields["percent"]

    def draft(self) -> ActionDraft:
        """Return what was typed, for the action."""
        typed = self.values()
        owner = typed.pop("owner_id")
        needs = tuple(UUID(pk) for pk in typed.pop("needs", ()))
        percent = typed.pop("percent", None)
        return ActionDraft(
            **typed,
            owner_id=UUID(owner) if owner else None,
            needs=needs,
            percent=self.percent_said if percent is None else percent,
        )


class ActionFromAnswerForm(forms.Form):
    """Where an action that comes from an answer goes, and the answer it proposes once done."""

    objective = forms.ChoiceField(label="Objectif du plan")
    title = forms.CharField(
        label="Action", max_length=TITLE_LENGTH, help_text="Commencez par un verbe."
    )
    proposed = forms.ChoiceField(
        label="Réponse proposée une fois l’action faite",
        required=False,
        help_text="Montrée près de la question à la prochaine évaluation, jamais écrite d’office.",
    )

    def __init__(
        self,
        *args: Any,
        objectives: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        proposals: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].choices = objectives  # type: ignore[attr-defined]
        self.fields["proposed"].choices = [("", "Ne rien proposer"), *proposals]  # type: ignore[attr-defined]
        if not proposals:
            del self.fields["proposed"]


class CommentForm(forms.Form):
    """A word, which stays as it is written."""

    text = _text("Commentaire", 3, required=True)


class PlanStepForm(StepForm):
    """A step of a plan, with its last version on screen."""

    seen_number = _seen_number()

    def __init__(self, data: Any = None, *, item: Plan, step: Step) -> None:
        super().__init__(data, item=item, step=step)
        self.initial["seen_number"] = item.number


class FinishForm(StepForm):
    """An action that is done: when it was."""

    done_on = DayField(label="Faite le", initial=timezone.localdate)


class ReviewForm(forms.Form):
    """A review that was held, with the last version of the plan on screen."""

    seen_number = _seen_number()
    held_on = DayField(label="Bilan tenu le")
    synthesis = _text(
        "Synthèse", 6, "Ce qui est atteint, ce qui ne l’est pas et pourquoi.", required=True
    )
    next_on = DayField(label="Prochain bilan", required=False)

    def draft(self) -> ReviewDraft:
        """Return what was typed, for the action."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "seen_number"}
        return ReviewDraft(**typed)


class SignatureForm(forms.Form):
    """What someone says of a version."""

    name = forms.CharField(label="Nom", max_length=200)
    capacity = forms.ChoiceField(label="Qualité", choices=Capacity.choices)
    agreement = forms.ChoiceField(label="Avis", choices=Agreement.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Pourquoi",
        max_length=500,
        required=False,
        help_text="À dire en cas de refus, ou quand l’avis n’a pas pu être recueilli.",
    )
    signed_on = DayField(label="Le")

    def draft(self) -> SignatureDraft:
        """Return what was typed, for the action."""
        typed = self.cleaned_data
        return SignatureDraft(
            name=typed["name"],
            capacity=Capacity(typed["capacity"]),
            agreement=Agreement(typed["agreement"]),
            reason=typed["reason"],
            signed_on=typed["signed_on"],
        )


class ActionFilterForm(forms.Form):
    """Which actions of a plan to show; a value that makes no sense filters nothing."""

    state = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *ActionState.choices]
    )
    owner = forms.ChoiceField(label="Responsable", required=False)

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Tous"), *owners]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """Return the filter that the address asks for."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("state", "owner")}


class MonthForm(forms.Form):
    """The month that a calendar shows, written 2026-12."""

    month = forms.RegexField(r"^(20|21)\d\d-(0[1-9]|1[0-2])$", required=False)

    def first_day(self, today: date) -> date:
        """Return the first day of the month asked for, else of this one."""
        asked = self.cleaned_data.get("month") if self.is_valid() else ""
        return date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
