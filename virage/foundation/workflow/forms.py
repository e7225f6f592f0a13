"""What is asked of who takes a step."""

from typing import Any

from django import forms

from virage.foundation.content import nomenclature
from virage.foundation.workflow.enums import ReasonNeed
from virage.foundation.workflow.models import FollowsWorkflow
from virage.foundation.workflow.rules import Step


class StepForm(forms.Form):
    """One step, from the state on screen, with the reason that the table asks for."""

    seen_state = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(
        self, data: Any = None, *, item: FollowsWorkflow, step: Step, help_text: str = ""
    ) -> None:
        super().__init__(data, initial={"seen_state": item.state_code})
        is_required = step.reason is ReasonNeed.REQUIRED
        if step.reasons:
            choices = [("", "Choisissez"), *nomenclature.get(step.reasons).choices()]
            self.fields["reason_code"] = forms.ChoiceField(
                label="Motif", choices=choices, required=False
            )
        if step.reason is not ReasonNeed.NONE:
            self.fields["reason"] = forms.CharField(
                label="Précision" if step.reasons else "Motif",
                max_length=200,
                required=is_required and not step.reasons,
                help_text=help_text,
            )
