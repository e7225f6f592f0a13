"""Finding someone: the list, the search, and who is never found."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.directory.actions import create_room, create_unit
from virage.foundation.access.models import Restriction


@pytest.fixture
def sofia(town: Town, journey: Journey) -> Journey:
    """The secretary, and four persons of whom one has objected to her reading."""
    admit(town, town.unit_a, "Rose", "Lambert", stay={"room": town.room_a1})
    admit(town, town.unit_b, "Éloïse", "Garçon-Noël")
    admit(town, town.unit_b, "Odile", "Petit", used_family_name="de la Tour-Ménard")
    hidden = admit(town, town.unit_b, "Solange", "Secrète")
    Restriction.objects.create(
        subject_id=hidden.subject_id, professional_id=town.sofia.professional_id, reason="Voisine"
    )
    journey.enter_as(town.sofia)
    return journey


def test_in_the_list(town: Town, sofia: Journey) -> None:
    sofia.page.get_by_role("navigation", name="Navigation").get_by_text("Résidents").click()
    sofia.arrives_at("Résidents")
    rows = sofia.main.get_by_role("row").filter(has=sofia.page.get_by_role("rowheader"))
    expect(rows).to_have_count(3)
    sofia.page.get_by_label("Unité").select_option("Premier étage")
    expect(rows).to_have_count(2)
    expect(sofia.main).not_to_contain_text("Secrète")
    sofia.page.get_by_role("link", name="Nom").click()
    expect(rows.first).to_contain_text("née PETIT")
    sofia.page.get_by_label("Séjour").select_option("Sortis")
    expect(sofia.main).to_contain_text("Personne ne correspond à ces choix")
    sofia.arrives_at("Résidents")
    sofia.follow("Voir tous les séjours en cours")
    sofia.follow("Lambert Rose")
    sofia.arrives_at("Identité")
    expect(sofia.page.get_by_label("Personne concernée")).to_contain_text("Chambre 12")


def test_a_long_name_or_unit_takes_no_more_lines(town: Town, journey: Journey) -> None:
    office = actor_of(town.command_line)
    verger = create_unit(office, establishment=town.ehpad, name="Le Verger (unité protégée)")
    admit(town, town.unit_a, "Rose", "Lambert", stay={"room": town.room_a1})
    stay = {"room": create_room(office, unit=verger, name="114")}
    admit(town, verger, "Odile", "Barbezieux", used_family_name="Jacquemart", stay=stay)
    journey.enter_as(town.sofia, "/usagers/")
    for width in (1280, 390):
        journey.page.set_viewport_size({"width": width, "height": 800})
        rows = [row.bounding_box() for row in journey.main.locator("tbody tr").all()]
        first, second = (box["height"] for box in rows if box)
        assert abs(first - second) < 4


def test_by_words_without_their_accents(sofia: Journey) -> None:
    sofia.search("eloise garcon")
    sofia.arrives_at("Chercher une personne")
    expect(sofia.main).to_contain_text("1 personne trouvée")
    assert "garcon" not in sofia.page.url
    sofia.search("ménard")
    expect(sofia.main.get_by_role("link", name="de la Tour-Ménard Odile")).to_be_visible()
    sofia.search("Secrète")
    expect(sofia.main).to_contain_text("Personne ne correspond à cette recherche")
    sofia.arrives_at("Chercher une personne")
