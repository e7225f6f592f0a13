"""Taking in the answers of a file."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from virage.formats.outcome import Finding, Unreadable
from virage.foundation.access.enums import Volet
from virage.foundation.content import faults
from virage.instruments.rules.fhir.received import LIMITS, Received, read_answers

# Enough to say what is wrong with a file; a report is to be read.
MOST_TOLD = 50


@dataclass(frozen=True)
class FaultTold:
    """A fault of a file in words: where, what it is, the value received, what to do."""

    place: str
    label: str
    value: str
    help: str


class AnswersForm(forms.Form):
    """A FHIR QuestionnaireResponse; what refuses it is told line by line (`faults`).

    `untold` is how many faults more there are.
    """

    # Judged before the file, which is read for it.
    volet = forms.ChoiceField(
        label="Volet",
        required=False,
        help_text="À choisir seulement si Virage n’a pas cette évaluation : qui lit ce volet lira "
        "les réponses.",
    )
    content = forms.FileField(
        label="Fichier",
        help_text="Des réponses au format FHIR (QuestionnaireResponse, JSON), 2 Mo au plus. Si "
        "Virage ne connaît pas leur questionnaire, il vient avec elles (dans un Bundle, ou à "
        "l’intérieur). Elles sont refusées si elles nomment quelqu’un d’autre que cette personne.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        names: Container[str],
        volets: Iterable[Volet],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [(volet.value, volet.label) for volet in volets]
        self.fields["volet"].choices = [("", "Celui de l’évaluation"), *offered]  # type: ignore[attr-defined]
        self.today, self.names = today, names
        self.faults: list[FaultTold] = []
        self.untold = 0

    def clean_content(self) -> Received:
        """Read the file whole, or tell its faults."""
        data = self.cleaned_data["content"].read(LIMITS.file_bytes + 1)
        chosen = self.cleaned_data.get("volet")
        try:
            return read_answers(data, self.today, self.names, Volet(chosen) if chosen else None)
        except Unreadable as refused:
            findings = refused.findings
        self.faults = [_told(one) for one in findings[:MOST_TOLD]]
        self.untold = len(findings) - len(self.faults)
        if len(findings) == 1:
            told = "Un défaut est dit"
        elif self.untold:
            told = f"Les {MOST_TOLD} premiers défauts, sur {len(findings)}, sont dits"
        else:
            told = f"{len(findings)} défauts sont dits"
        raise forms.ValidationError(f"Rien n’est repris. {told} sous le formulaire.")


def _told(finding: Finding) -> FaultTold:
    known = faults.get(finding.code)
    return FaultTold(finding.path[:200], known.label, finding.value[:100], known.help)
