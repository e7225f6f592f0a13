"""A document gets a new version, then goes to the right record."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.documents.actions import add_document

SIGNED = {"name": "signe.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 signe"}


def test_a_document_is_replaced_then_filed_in_the_right_record(
    town: Town, journey: Journey
) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    odile = welcome(town, "Odile Petit", town.ehpad, town.unit_a)
    add_document(actor_of(town.alice), draft=drafts.document(rose, title="Lettre"))
    journey.enter_as(town.alice, record_of(rose, "documents/"))
    journey.follow("Fiche de Lettre")
    journey.arrives_at("Lettre")
    journey.follow("Déposer une nouvelle version")
    journey.arrives_at("Déposer une nouvelle version")
    journey.page.get_by_label("Fichier").set_input_files(SIGNED)
    journey.fill("Motif du remplacement", "version signée")
    journey.press("Déposer la nouvelle version")
    journey.arrives_at("Lettre")
    expect(journey.main).to_contain_text("version signée")
    with journey.page.expect_download() as former:
        journey.follow("Version 1")
    assert former.value.suggested_filename == "Lettre-v1.pdf"
    journey.follow("Retirer de ce dossier")
    journey.arrives_at("Retirer le document de ce dossier")
    journey.fill("Motif du retrait", "mauvais dossier")
    journey.fill("Le remettre dans le dossier de", "petit")
    journey.press("Retirer de ce dossier")
    expect(journey.page.get_by_role("alert")).to_contain_text("Un point à corriger")
    journey.arrives_at("Retirer le document de ce dossier")
    journey.page.get_by_role("radio", name="PETIT").check()
    journey.press("Retirer de ce dossier")
    journey.arrives_at("Documents")
    expect(journey.main).to_contain_text("Documents retirés de ce dossier")
    journey.follow("Lettre")
    journey.arrives_at("Lettre")
    expect(journey.main).to_contain_text("mauvais dossier")
    journey.page.goto(record_of(odile, "documents/"))
    expect(journey.main).to_contain_text("Lettre")
