"""What the gallery shows: every component in every state, on invented people."""

from django import forms
from django.http import QueryDict


class GalleryForm(forms.Form):
    """A form with a field of every kind."""

    text = forms.CharField(label="Texte")


def gallery_of(query: QueryDict) -> dict[str, object]:
    """Return the samples of the gallery."""
    return {"form": GalleryForm()}
