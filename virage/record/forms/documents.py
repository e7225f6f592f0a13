"""Adding a document."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from virage.documents.enums import Confidentiality
from virage.documents.rules import (
    ACCEPTED,
    DocumentDraft,
    content_fault,
    type_of_file_name,
)
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import midnight
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import DayField
from virage.persons.queries import OpenRecord
from virage.record.forms.fields import SHARE, offer_volets, refuse_before_birth

EXTENSIONS = ",".join(sorted(nature.extension for nature in ACCEPTED.values()))


class DocumentForm(forms.Form):
    """A file, what it is, and who may read it."""

    content = forms.FileField(
        label="Fichier",
        help_text="PDF, image, texte ou document bureautique, 20 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": EXTENSIONS}),
    )
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
        self, *args: Any, volets: Iterable[Volet], birth_on: date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        refuse_before_birth(self.fields["made_on"], birth_on)
        offer_volets(self, volets)

    def clean_content(self) -> "UploadedFile[Any]":
        """Judge the file with the other fields: one that is refused is chosen again only once."""
        file: UploadedFile[Any] = self.cleaned_data["content"]
        if message := content_fault(file.read(), type_of_file_name(file.name or "")):
            raise forms.ValidationError(message)
        file.seek(0)
        return file

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
