"""What the matrix opens for some hours only: the pages say what lies beyond, never « nobody »."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import Grant
from virage.persons.models import Person
from virage.record.actions import write_note
from virage.record.rules import window_of

BEYOND = "Soins : ce qui a été saisi il y a plus de 72 heures ne vous est pas ouvert."


@pytest.mark.parametrize("name", ["notes", "timeline", "documents"])
def test_an_empty_list_does_not_say_that_nobody_wrote(
    name: str, client: Client, town: Town, rose: Person
) -> None:
    former = actor_of(town.alice, at=drafts.moments_ago(80))
    write_note(former, draft=drafts.note(rose, happened_at=drafts.moments_ago(80)))
    sign_in(client, town.nina)
    shown = client.get(reverse(f"record:{name}", args=[rose.pk])).text
    assert "Rien de saisi dans les 72 dernières heures" in shown
    assert BEYOND in shown
    assert "encore" not in shown


def test_a_list_says_what_it_leaves_out_to_those_it_limits(
    client: Client, town: Town, rose: Person
) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    url = reverse("record:notes", args=[rose.pk])
    for who, limited in ((town.nina, True), (town.alice, False)):
        sign_in(client, who)
        shown = client.get(url).text
        assert "A bien dormi." in shown
        assert (BEYOND in shown) is limited


def test_a_volet_open_whole_besides_has_no_window() -> None:
    limited, whole = Grant(Cell.READ, 48), Grant(Cell.READ)
    assert window_of({Volet.CARE: [limited, whole], Volet.PROJECT: [Grant(Cell.OWN)]}) is None
    window = window_of({Volet.CARE: [limited], Volet.MEDICAL: [Grant(Cell.READ, 24)]})
    assert window is not None
    assert (window.nothing, window.volets) == (
        "Rien de saisi dans les 24 dernières heures",
        [Volet.CARE, Volet.MEDICAL],
    )
