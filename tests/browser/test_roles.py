"""What five professions see of the same person, and what they do not."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.town import Town, actor_of, hire
from tests.persons.admissions import admit
from virage.foundation.access.enums import Volet
from virage.persons.models import Person
from virage.record.actions import write_note

CARE, SOCIAL, MEDICAL = "Pansement refait.", "Sortie au marché.", "Traitement revu."


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Who, the tabs of the record, the texts on its timeline, and the volets to write in."""

    who: str
    tabs: tuple[str, ...]
    texts: tuple[str, ...]
    writes_in: tuple[str, ...]


OWN = (
    *("Identité", "Chronologie", "Transmissions", "Évaluations", "Plans", "Documents"),
    *("Éditer", "Droits"),
)
ALL = (
    *("Identité", "Séjours", "Entourage", "Chronologie"),
    *("Transmissions", "Évaluations", "Plans", "Documents"),
    *("Qui a vu", "Éditer", "Droits"),
)
SIGHTS = (
    Sight(
        who="alice",
        tabs=ALL,
        texts=(CARE, SOCIAL, MEDICAL),
        writes_in=("Soins", "Projet personnalisé"),
    ),
    Sight(
        who="edith",
        tabs=ALL,
        texts=(SOCIAL,),
        writes_in=("Socio-éducatif", "Projet personnalisé", "Budget et argent"),
    ),
    Sight(who="nina", tabs=OWN, texts=(CARE,), writes_in=("Socio-éducatif",)),
    Sight(who="sofia", tabs=ALL, texts=(), writes_in=("Administratif", "Budget et argent")),
)


@pytest.fixture
def rose(town: Town) -> Person:
    """Someone of the home, with a transmission in three volets."""
    person = admit(town, town.unit_a)
    for author, volet, text in (
        (town.alice, Volet.CARE, CARE),
        (town.aude, Volet.SOCIO_EDUCATIVE, SOCIAL),
        (town.denis, Volet.MEDICAL, MEDICAL),
    ):
        write_note(actor_of(author), draft=drafts.note(person, volet=volet, text=text))
    return person


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.who)
def test_each_profession_has_its_own_sight(
    town: Town, journey: Journey, rose: Person, sight: Sight
) -> None:
    hirer, units = actor_of(town.command_line), [town.unit_a]
    staff = {"edith": hire(hirer, "Edith Colin", "educator", town.ehpad, units=units)}
    journey.enter_as(staff.get(sight.who) or getattr(town, sight.who), record_of(rose))
    journey.arrives_at("Identité")
    assert tuple(journey.tabs) == sight.tabs
    journey.open_tab("Chronologie")
    journey.arrives_at("Chronologie")
    seen = {text for text in (CARE, SOCIAL, MEDICAL) if text in journey.main.inner_text()}
    assert seen == set(sight.texts)
    journey.follow("Écrire une transmission")
    journey.arrives_at("Transmissions")
    volets = journey.main.get_by_label("Volet").get_by_role("option").all_inner_texts()
    assert set(volets) == set(sight.writes_in)


def test_technical_administrators_see_accounts_and_no_one(
    town: Town, journey: Journey, rose: Person
) -> None:
    journey.enter_as(town.tom)
    journey.arrives_at("Bonjour")
    expect(journey.main).to_contain_text("jamais un dossier")
    expect(journey.page.get_by_role("searchbox")).to_have_count(0)
    journey.page.goto(record_of(rose))
    journey.arrives_at("Cet accès vous est refusé")
    expect(journey.main).not_to_contain_text(re.compile("lambert", re.IGNORECASE))
    journey.page.goto("/annuaire/professionnels/")
    journey.arrives_at("Professionnels")
    journey.follow("Martel Alice")
    journey.arrives_at("Alice Martel")
    expect(journey.main).to_contain_text("@")


def test_out_of_reach_says_why_and_whom_to_ask(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.basile, record_of(rose))
    journey.arrives_at("Cet accès vous est refusé")
    expect(journey.main).to_contain_text("Vous n’êtes pas dans l’équipe")
    expect(journey.main).to_contain_text("À voir avec")
    expect(journey.main).not_to_contain_text(re.compile("lambert", re.IGNORECASE))
    journey.enter_as(town.charlie, record_of(rose))
    journey.arrives_at("Cette page est introuvable")
