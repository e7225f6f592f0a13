"""A record comes in, a doubtful identity is settled, a record goes out."""

import json
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, needs_official_files
from virage.exchange.models import Import
from virage.foundation.outbox.actions import drain
from virage.persons.models import Person


def send_file(journey: Journey, file: Path) -> None:
    """Send a file from the imports page, and wait on its report until the worker has read it."""
    journey.page.get_by_role("navigation", name="Navigation").get_by_text("Imports").click()
    journey.arrives_at("Imports de dossiers")
    journey.page.get_by_label("Fichier du dossier").set_input_files(file)
    journey.page.get_by_label("Unité").select_option(label="Rez-de-jardin")
    journey.press("Importer le dossier")
    journey.arrives_at("Rapport d’import")
    waiting = journey.main.get_by_text("Le fichier est bien reçu.")
    expect(waiting).to_be_visible()
    drain()
    expect(waiting).to_have_count(0, timeout=10_000)


@needs_official_files
@pytest.mark.parametrize("file", [FHIR_BUNDLE, CDA_DOCUMENT], ids=["fhir", "cda"])
def test_the_official_files_come_in(town: Town, journey: Journey, file: Path) -> None:
    journey.enter_as(town.sofia)
    send_file(journey, file)
    journey.arrives_at("Rapport d’import")
    expect(journey.main).to_contain_text("Dossier importé")
    expect(journey.main.get_by_role("row").filter(has_text="Avertissement").first).to_be_visible()
    journey.follow("Ouvrir le dossier")
    journey.arrives_at("Identité")
    journey.enter_as(town.denis, record_of(Person.objects.get(), "chronologie/"))
    journey.arrives_at("Chronologie")
    journey.open_tab("Reçu, non repris")
    journey.arrives_at("Reçu, non repris")
    first = journey.main.get_by_role("rowheader").first.get_by_role("link")
    title = first.inner_text()
    first.click()
    journey.arrives_at(title)
    expect(journey.main).to_contain_text("conservé tel quel")


def test_a_file_that_is_no_record_is_refused(town: Town, journey: Journey, tmp_path: Path) -> None:
    letter = tmp_path / "lettre.json"
    letter.write_text('{"bonjour": "à tous"}')
    journey.enter_as(town.sofia)
    send_file(journey, letter)
    journey.arrives_at("Rapport d’import")
    expect(journey.page.get_by_role("alert")).to_contain_text("Fichier refusé")
    journey.enter_as(town.diane, journey.page.url)
    with journey.page.expect_download() as download:
        journey.follow("Télécharger le fichier d’origine")
    assert download.value.path().read_bytes() == letter.read_bytes()
    assert not Person.objects.exists()


def test_a_doubtful_identity_is_settled(town: Town, journey: Journey) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    twin = record(person=person(identifiers=[], birth_on=date(1938, 5, 7)), stays=[])
    receive(actor_of(town.sofia), file_of(twin))
    journey.enter_as(town.sofia)
    journey.page.get_by_role("link", name="Identités à comparer").click()
    journey.arrives_at("Imports de dossiers")
    held = journey.main.get_by_role("row").filter(has_text="Identité à comparer")
    held.get_by_role("link").click()
    journey.arrives_at("Rapport d’import")
    journey.follow("Comparer les identités")
    journey.arrives_at("Comparer les identités")
    differing = journey.main.get_by_role("row").filter(has_text="Diffère")
    expect(differing).to_have_count(1)
    expect(differing).to_contain_text("17/05/1938")
    journey.press("Enregistrer ma décision")
    expect(journey.page.get_by_role("alert")).to_contain_text("Un point à corriger")
    journey.page.get_by_label("LEROUX Odette Marie").check()
    journey.press("Enregistrer ma décision")
    journey.arrives_at("Rapport d’import")
    journey.is_told("Votre décision est enregistrée")
    assert Person.objects.count() == 1


def test_a_record_goes_out(town: Town, journey: Journey) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    journey.enter_as(town.diane, record_of(Person.objects.get()))
    journey.open_tab("Exporter")
    journey.arrives_at("Exporter le dossier")
    expect(journey.main).to_contain_text("Le dossier entier va sortir")
    journey.press("Exporter le dossier")
    expect(journey.page.get_by_role("alert")).to_contain_text("2 points à corriger")
    journey.page.get_by_role("textbox", name="Destinataire").fill("IME Les Tilleuls, Nantes")
    journey.page.get_by_label("J’ai vérifié").check()
    with journey.page.expect_download() as download:
        journey.press("Exporter le dossier")
    bundle = json.loads(download.value.path().read_text())
    assert bundle["type"] == "transaction"
    assert "leroux" not in download.value.suggested_filename.lower()
    assert Import.objects.count() == 1
    journey.open_tab("Qui a vu")
    gone = journey.main.get_by_role("row").filter(has_text="dossier exporté")
    expect(gone).to_contain_text("Destinataire : IME Les Tilleuls, Nantes")
