"""Creating a record, after a look at who the person might already be."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.town import Town
from tests.persons.admissions import admit
from virage.persons.models import Person


def test_one_looks_before_creating(town: Town, journey: Journey) -> None:
    known = admit(town, town.unit_b, "Odette", "Marchand")
    journey.enter_as(town.sofia, "/usagers/")
    journey.follow("Créer un dossier")
    journey.arrives_at("Créer un dossier")
    page = journey.page
    journey.fill("Nom de naissance", "Marchant")
    journey.fill("Premier prénom de naissance", "Odette")
    page.get_by_label("Féminin").check()
    page.get_by_label("Date de naissance").fill("1941-03-12")
    page.get_by_label("Lieu d’accueil").select_option("Rez-de-jardin")
    page.get_by_label("Chambre").select_option("Chambre 12")
    page.get_by_label("Entrée", exact=True).fill("2026-01-05")
    journey.fill("Matricule INS", "1 23")
    journey.press("Créer le dossier")
    journey.arrives_at("Créer un dossier")
    expect(journey.main).to_contain_text("Cette personne a peut-être déjà un dossier")
    asked = page.get_by_role("alert")
    expect(asked).to_be_focused()
    expect(asked.get_by_role("link", name="C’est une autre personne")).to_be_visible()
    expect(journey.main.get_by_role("link", name="Marchand Odette")).to_be_visible()
    page.get_by_label("C’est une autre personne").check()
    journey.press("Créer le dossier")
    journey.arrives_at("Créer un dossier")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link", name="Matricule INS").click()
    expect(page.get_by_label("Matricule INS")).to_be_focused()
    assert Person.objects.count() == 1
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    journey.press("Créer le dossier")
    journey.arrives_at("Identité")
    journey.is_told("Le dossier de Marchant Odette est créé.")
    banner = page.get_by_label("Personne concernée")
    expect(banner).to_contain_text("Chambre 12, Rez-de-jardin")
    assert Person.objects.exclude(pk=known.pk).get().birth_on == known.birth_on


def test_two_edit_an_identity_at_once(town: Town, journey: Journey) -> None:
    rose = admit(town, town.unit_a)
    journey.enter_as(town.sofia, f"/usagers/{rose.pk}/")
    journey.follow("Modifier l’identité")
    journey.arrives_at("Modifier l’identité")
    Person.objects.filter(pk=rose.pk).update(used_given_name="Rosie", version=rose.version + 1)
    journey.page.get_by_label("Prénom utilisé").fill("Rosette")
    journey.press("Enregistrer l’identité")
    journey.arrives_at("Modifier l’identité")
    expect(journey.main.locator("del")).to_contain_text("Rosette")
    expect(journey.main.locator("ins")).to_contain_text("Rosie")
    journey.press("Enregistrer l’identité")
    journey.is_told("L’identité est enregistrée.")
    expect(journey.page.get_by_label("Personne concernée")).to_contain_text("Rosette")


def test_a_session_that_ends_gives_each_field_back(town: Town, journey: Journey) -> None:
    journey.enter_as(town.sofia, "/usagers/nouveau/")
    journey.fill("Nom de naissance", "Lenoir")
    journey.page.get_by_label("Date de naissance").fill("1941-03-12")
    journey.page.context.clear_cookies(name="sessionid")
    journey.press("Créer le dossier")
    journey.arrives_at("Votre session est finie")
    expect(journey.main.locator("dt", has_text="Nom de naissance")).to_be_visible()
    expect(journey.main).to_contain_text("Lenoir")
    expect(journey.main).to_contain_text("12 mars 1941")
