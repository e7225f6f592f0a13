"""Adding a document, replacing its file, taking it back."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from virage.documents.enums import Confidentiality
from virage.documents.rules import (
    ACCEPTED,
    DocumentDraft,
    VersionDraft,
    content_fault,
    type_of_file_name,
)
from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import Matrix
from virage.foundation.calendar import midnight
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import DayField
from virage.instruments.models import Evaluation, Sheet
from virage.persons.queries import OpenRecord
from virage.persons.queries.rows import PersonRow
from virage.record.forms.fields import SHARE, offer_volets, refuse_before_birth

VALID_UNTIL = "Valable jusqu’au"
EXTENSIONS = ",".join(sorted(nature.extension for nature in ACCEPTED.values()))


class FileForm(forms.Form):
    """A file that may come in."""

    content = forms.FileField(
        label="Fichier",
        help_text="PDF, image, texte ou document bureautique, 20 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": EXTENSIONS}),
    )

    def clean_content(self) -> "UploadedFile[Any]":
        """Judge the file with the other fields: one that is refused is chosen again only once."""
        file: UploadedFile[Any] = self.cleaned_data["content"]
        if message := content_fault(file.read(), type_of_file_name(file.name or "")):
            raise forms.ValidationError(message)
        file.seek(0)
        return file


class DocumentForm(FileForm):
    """A file, what it is, and who may read it."""

    title = forms.CharField(label="Titre", max_length=255)
    volet = forms.ChoiceField(label="Volet")
    type = CodedChoiceField("document_type", label="Nature du document")
    made_on = DayField(label="Date du document")
    confidentiality = forms.ChoiceField(
        label="Confidentialité",
        choices=Confidentiality.choices,
        initial=Confidentiality.NORMAL,
        widget=forms.RadioSelect,
    )
    is_published = forms.BooleanField(label=SHARE, required=False)

    def __init__(
        self,
        *args: Any,
        rights: Matrix,
        volets: Iterable[Volet],
        birth_on: date | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        refuse_before_birth(self.fields["made_on"], birth_on)
        offer_volets(self, rights, volets)

    def draft(self, record: OpenRecord) -> DocumentDraft:
        """Return the file and what was typed, for the action; the type is that of the name."""
        typed = self.cleaned_data
        return DocumentDraft(
            subject_id=record.person.subject_id,
            volet=Volet(typed["volet"]),
            title=typed["title"],
            content=typed["content"].read(),
            content_type=type_of_file_name(typed["content"].name),
            happened_at=midnight(typed["made_on"]),
            type=typed["type"],
            is_published=typed["is_published"],
            confidentiality=Confidentiality(typed["confidentiality"]),
            establishment_id=record.stay.establishment_id if record.stay else None,
        )


class EvidenceForm(FileForm):
    """A file that an evaluation stands on, and until when it is valid."""

    title = forms.CharField(label="Titre", max_length=255)
    made_on = DayField(label="Date du document")
    valid_until = DayField(label=VALID_UNTIL, required=False, help_text="Facultatif.")

    def __init__(self, *args: Any, birth_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        refuse_before_birth(self.fields["made_on"], birth_on)

    def clean(self) -> dict[str, Any]:
        """Refuse a validity that ends before the document was made."""
        typed = super().clean() or {}
        made_on, until = typed.get("made_on"), typed.get("valid_until")
        if made_on and until and until < made_on:
            self.add_error("valid_until", "La validité finit avant la date du document.")
        return typed

    def draft(self, item: Evaluation | Sheet) -> DocumentDraft:
        """Return the file and what was typed, for the action; its volet is that of the item."""
        typed = self.cleaned_data
        return DocumentDraft(
            subject_id=item.subject_id,
            volet=Volet(item.volet),
            title=typed["title"],
            content=typed["content"].read(),
            content_type=type_of_file_name(typed["content"].name),
            happened_at=midnight(typed["made_on"]),
            evaluation_id=item.pk,
            valid_until=typed["valid_until"],
            establishment_id=item.establishment_id,
        )


class ReplacementForm(FileForm):
    """A file that takes the place of another, and why."""

    made_on = DayField(label="Date du document")
    reason = forms.CharField(
        label="Motif du remplacement",
        max_length=200,
        help_text="Par exemple « version signée ». Il reste dans l’historique.",
    )
    valid_until = DayField(label=VALID_UNTIL, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, birth_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        refuse_before_birth(self.fields["made_on"], birth_on)
        if not self.initial.get("valid_until"):
            del self.fields["valid_until"]

    def draft(self) -> VersionDraft:
        """Return the file and what was typed, for the action."""
        typed = self.cleaned_data
        return VersionDraft(
            content=typed["content"].read(),
            content_type=type_of_file_name(typed["content"].name),
            happened_at=midnight(typed["made_on"]),
            reason=typed["reason"],
            valid_until=typed.get("valid_until"),
        )


class CancellationForm(forms.Form):
    """Why a document is taken back and, if wished, in whose record it belongs.

    The persons found under what is typed are offered by name and birth date: nothing is filed
    before one was chosen among them.
    """

    reason = forms.CharField(
        label="Motif du retrait",
        max_length=200,
        help_text="Par exemple « classé dans le mauvais dossier ». Ne nommez pas l’autre personne.",
    )
    named = forms.CharField(
        label="Le remettre dans le dossier de",
        required=False,
        max_length=100,
        help_text="Facultatif : nom, prénom ou date de naissance. Vous choisirez ensuite.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, find: Callable[[str], Iterable[PersonRow]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.persons: dict[str, PersonRow] = {}
        if named := str(self.data.get("named", "")).strip():
            self.persons = {str(one.person_id): one for one in find(named)}
        if self.persons:
            self.fields["right"] = forms.ChoiceField(
                label="Le bon dossier",
                choices=[(key, _known_as(one)) for key, one in self.persons.items()],
                widget=forms.RadioSelect,
                error_messages={"required": "Choisissez le bon dossier parmi ceux trouvés."},
            )

    def clean_named(self) -> str:
        """Refuse a name under which nobody is found."""
        named: str = self.cleaned_data["named"]
        if named and not self.persons:
            raise forms.ValidationError("Aucun dossier que vous voyez ne répond à ce nom.")
        return named

    @property
    def right_person_id(self) -> UUID | None:
        """The person in whose record the document belongs, if one was chosen."""
        chosen = self.persons.get(self.cleaned_data.get("right", ""))
        return chosen.person_id if chosen else None


def _known_as(person: PersonRow) -> str:
    born = f"{person.birth_on:%d/%m/%Y}" if person.birth_on else person.birth_label
    name = f"{person.family_name} {person.given_name}".strip()
    return ", ".join(filter(None, (name, born, person.unit, person.room)))
