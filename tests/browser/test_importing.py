"""The directory brought from a spreadsheet, in a real browser."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.town import Town
from virage.directory.models import Professional
from virage.foundation.outbox.actions import drain

STAFF = """Matricule;Nom;Prénom;E-mail;Établissement;Unité;Profession;Date de début
M1;Lefèvre;Zoé;zoe@example.org;990000101;Rez-de-jardin;IDE;{}
M2;de la Rochefoucauld-Montbéliard;Marie-Antoinette;;EHPAD Les Tilleuls;;Médecin;01/02/2026
"""


def bring(journey: Journey, text: str) -> None:
    journey.page.get_by_label("Professionnels et situations").check()
    file = {"name": "personnel.csv", "mimeType": "text/csv", "buffer": text.encode()}
    journey.page.get_by_label("Fichier").set_input_files([file])
    journey.press("Lire le tableau")
    journey.arrives_at("Professionnels et situations")


def test_a_table_is_corrected_then_written(town: Town, journey: Journey) -> None:
    journey.enter_as(town.gaspard, "/annuaire/imports/")
    journey.arrives_at("Importer l’annuaire")
    bring(journey, STAFF.format("bientôt"))
    expect(journey.main).to_contain_text("Des lignes sont à corriger")
    expect(journey.main).to_contain_text("31/12/2026")
    with journey.page.expect_download() as download:
        journey.follow("Télécharger le tableau à corriger")
    assert "bientôt" in download.value.path().read_text(encoding="utf-8-sig")
    journey.follow("Importer l’annuaire")
    journey.arrives_at("Importer l’annuaire")
    bring(journey, STAFF.format("05/01/2026"))
    expect(journey.main).to_contain_text("Situation ouverte")
    journey.press("Importer dans l’annuaire")
    expect(journey.main).to_contain_text("Écriture en cours")
    drain()
    expect(journey.main).to_contain_text("Tableau importé")
    assert Professional.objects.filter(registration_number__in=["M1", "M2"]).count() == 2
