"""A document is chosen, its period and its file told, and it comes as a download."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.record.actions import write_note


def download(journey: Journey, button: str) -> tuple[str, bytes]:
    """Press a button and return the name and the bytes of the file that comes."""
    with journey.page.expect_download() as coming:
        journey.press(button)
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_a_nurse_edits_a_month_of_transmissions(town: Town, journey: Journey) -> None:
    person = admit(town, town.unit_a, stay={"room": town.room_a1})
    write_note(actor_of(town.alice), draft=drafts.note(person))
    journey.enter_as(town.alice, record_of(person))
    journey.open_tab("Éditer")
    journey.arrives_at("Éditer")
    journey.follow("Recueil des transmissions")
    journey.arrives_at("Recueil des transmissions")
    journey.page.locator("[name=until]").fill("2020-01-01")
    journey.press("Éditer le document")
    journey.arrives_at("Recueil des transmissions")
    expect(journey.page.get_by_role("alert")).to_contain_text("la période finit avant")
    journey.page.locator("[name=until]").fill(f"{actor_of(town.alice).today}")
    name, content = download(journey, "Éditer le document")
    assert name.startswith("Recueil-des-transmissions")
    assert content.startswith(b"%PDF-")


def test_a_secretary_edits_the_list_and_files_a_sheet(town: Town, journey: Journey) -> None:
    person = admit(town, town.unit_a, stay={"room": town.room_a1})
    journey.enter_as(town.sofia, "/usagers/")
    journey.follow("Éditer la liste")
    journey.arrives_at("Liste des présents")
    journey.page.get_by_label("LibreOffice").check()
    name, content = download(journey, "Éditer la liste")
    assert name.endswith(".odt")
    assert content.startswith(b"PK")
    journey.page.goto(record_of(person, "editions/fiche/"))
    journey.page.get_by_label("Enregistrer dans le dossier").check()
    journey.press("Éditer le document")
    journey.arrives_at("Documents")
    expect(journey.main.get_by_role("rowheader")).to_contain_text("Fiche de la personne")
