"""« Qui a vu » says what was opened, page by page, and not only that the record was."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.access.url_cases import addresses
from tests.access.url_town import build_url_town
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.foundation.journal.collector import collecting_reads
from virage.persons.actions import break_the_glass
from virage.persons.models import Person
from virage.record.queries.accesses import accesses_of

pytestmark = pytest.mark.django_db

# What a nurse of the unit opens, by address; her fact, note and others are of the care volet.
OPENED = {
    "persons:identity": ("Dossier administratif lu", "Administratif"),
    "persons:stays": ("Dossier administratif lu", "Administratif"),
    "persons:surroundings": ("Dossier administratif lu", "Administratif"),
    "persons:photo": ("Photo vue", "Identité"),
    "record:timeline": ("Chronologie lue", "Soins"),
    "record:volet soins": ("Chronologie lue", "Soins"),
    "record:volet budget": ("Identité vue", "Identité"),
    "record:notes": ("Transmissions lues", "Soins"),
    "record:note": ("Transmission lue", "Soins"),
    "record:note_correct": ("Transmission lue", "Soins"),
    "record:event": ("Évènement lu", "Soins"),
    "record:evaluation": ("Évaluation lue", "Soins"),
    "record:documents": ("Liste des documents lue", "Soins"),
    "record:document": ("Document téléchargé", "Soins"),
    "record:accesses": ("Liste des accès lue", "Administratif"),
    "exchange:received_list": ("Éléments reçus lus", "Soins"),
    "exchange:received_item": ("Élément reçu lu", "Soins"),
}


def latest(director: Membership, person: Person) -> tuple[str, str]:
    """Return the last gesture that a person is told, and on which volets."""
    with collecting_reads():
        asked = accesses_of(actor_of(director), person, QueryDict())
    return asked.rows[0].gesture, asked.rows[0].volets


def test_each_page_says_what_it_opens(client: Client) -> None:
    town = build_url_town()
    rose = town.targets["ours"]
    pages = {str(page): page.url(rose.ids) for page in addresses() if str(page) in OPENED}
    sign_in(client, town.roles["nurse"].membership)
    said = {}
    for page, url in pages.items():
        client.get(url)
        said[page] = latest(town.roles["director"].membership, rose.person)
    assert said == OPENED


def test_a_bris_de_glace_is_told_in_its_own_words(client: Client, town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    sign_in(client, town.alice)
    asked = client.get(reverse("persons:emergency_open", args=[louise.pk]))
    assert asked.status_code == 200 and "BERNARD" not in asked.text.upper()
    assert latest(town.diane, louise) == ("Bris de glace envisagé", "Rien")
    why = {"motive": "fall", "reason": "Chute dans le couloir, seule de nuit."}
    break_the_glass(actor_of(town.alice), person_id=louise.pk, **why)
    client.get(reverse("persons:emergency", args=[louise.pk]))
    assert latest(town.diane, louise) == ("Fiche d’urgence lue", "Administratif")


def test_who_is_only_named_beside_another_is_told_just_that(
    client: Client, town: Town, rose: Person
) -> None:
    other = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    sign_in(client, town.alice)
    client.get(reverse("record:accesses", args=[rose.pk]))
    assert latest(town.diane, other) == ("Identité vue", "Identité")
    assert latest(town.diane, rose) == ("Liste des accès lue", "Administratif")
