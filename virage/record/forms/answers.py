"""Taking in the answers of a file."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from virage.formats.outcome import Finding, Unreadable
from virage.foundation.content import faults
from virage.instruments.rules.fhir.received import LIMITS, Received, read_answers


@dataclass(frozen=True)
class FaultTold:
    """A fault of a file in words: where, what it is, the value received, what to do."""

    place: str
    label: str
    value: str
    help: str


class AnswersForm(forms.Form):
    """A FHIR QuestionnaireResponse; what refuses it is told line by line (`faults`)."""

    content = forms.FileField(
        label="Fichier",
        help_text="Des réponses au format FHIR (QuestionnaireResponse, JSON), 2 Mo au plus. "
        "Elles sont refusées si elles nomment quelqu’un d’autre que cette personne.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )

    def __init__(self, *args: Any, today: date, names: Container[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.names = today, names
        self.faults: list[FaultTold] = []

    def clean_content(self) -> Received:
        """Read the file whole, or tell every fault."""
        data = self.cleaned_data["content"].read(LIMITS.file_bytes + 1)
        try:
            return read_answers(data, self.today, self.names)
        except Unreadable as refused:
            self.faults = [_told(one) for one in refused.findings]
        many = len(self.faults) > 1
        told = f"{len(self.faults)} défauts sont dits" if many else "Un défaut est dit"
        raise forms.ValidationError(f"Rien n’est repris. {told} sous le formulaire.")


def _told(finding: Finding) -> FaultTold:
    known = faults.get(finding.code)
    return FaultTold(finding.path, known.label, finding.value, known.help)
