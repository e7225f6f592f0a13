"""What the forms say before anything is written."""

import pytest

from virage.foundation.access.matrix import shipped
from virage.record.forms.documents import DocumentForm
from virage.record.forms.notes import NoteForm


@pytest.mark.parametrize("kind", [NoteForm, DocumentForm])
def test_sharing_says_to_whom_it_opens(kind: type[NoteForm] | type[DocumentForm]) -> None:
    form = kind(rights=shipped(), volets=shipped().writable_volets("psychologist"), birth_on=None)
    shared = form["is_published"]
    assert shared.label == "Partager avec l’équipe et la personne"
    person, *volets = shared.help_text.split(" Dans le volet ")
    assert person == "La personne pourra le lire."
    assert [volet.split("\u00a0»")[0] for volet in volets] == [
        "«\u00a0Psychologique",
        "«\u00a0Projet personnalisé",
    ]
    assert "Infirmière, infirmier\u00a0; Éducatrice" in volets[0]
    assert "Aide-soignante" not in volets[0]
