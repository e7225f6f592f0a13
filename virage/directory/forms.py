"""Shape and wording of what is typed in the directory."""

from django import forms


class SituationForm(forms.Form):
    """The situation chosen; whether it is one's own is the action's question."""

    membership = forms.UUIDField()
