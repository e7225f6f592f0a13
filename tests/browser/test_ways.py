"""The same gestures from the keyboard alone, on a phone, and without a script."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.factors import fresh_code
from tests.factories.town import PASSWORD, Town, actor_of
from tests.persons.admissions import admit
from virage.directory.enums import UsagerWord
from virage.directory.models import Establishment
from virage.persons.models import Person
from virage.record.actions import write_note
from virage.record.models import Note

# Links in a sentence are exempt; the name in the strip is pressed with the whole strip.
SMALL_TARGETS = """() => [...document.querySelectorAll("main a, main summary, main button, .bar a")]
    .filter((one) => one.checkVisibility() && !one.closest(".help"))
    .map((one) => [one.innerText, Math.round(one.getBoundingClientRect().height)])
    .filter(([, height]) => height < 44)"""
ROW_HEIGHTS = """() => [...document.querySelectorAll("tbody tr")]
    .map((row) => Math.round(row.getBoundingClientRect().height))"""


@pytest.fixture
def rose(town: Town) -> Person:
    person = admit(town, town.unit_a, stay={"room": town.room_a1})
    write_note(actor_of(town.alice), draft=drafts.note(person))
    return person


def tab_to(journey: Journey, name: str) -> None:
    """Press Tab until the element of this name has the focus; each one on the way shows it.

    Inside a field of date and time the browser draws its own mark.
    """
    for _ in range(60):
        journey.page.keyboard.press("Tab")
        tag, outline, words = journey.page.evaluate(
            """() => {
                const active = document.activeElement;
                return [active.tagName, getComputedStyle(active).outlineStyle, active.innerText];
            }"""
        )
        assert outline == "solid" or tag == "INPUT"
        if words.strip() == name:
            return
    raise AssertionError(f"the keyboard does not reach « {name} »")


def test_the_keyboard_alone(town: Town, journey: Journey, rose: Person) -> None:
    keys = journey.page.keyboard
    journey.page.goto("/connexion/")
    tab_to(journey, "Aller au contenu")
    keys.press("Enter")
    expect(journey.page.locator("main")).to_be_focused()
    keys.press("Tab")
    keys.type("alice@" + town.alice.professional.account.email.partition("@")[2])
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    journey.arrives_at("Prouvez que c’est bien vous")
    keys.press("Tab")
    keys.type(fresh_code(town.alice.professional.account))
    keys.press("Enter")
    journey.arrives_at("Bonjour")
    keys.press("?")
    help_dialog = journey.page.get_by_role("dialog", name="Raccourcis clavier")
    expect(help_dialog).to_contain_text("Aller à « Résidents »")
    journey.arrives_at("Bonjour")
    keys.press("Escape")
    expect(help_dialog).to_be_hidden()
    keys.press("g")
    keys.press("u")
    journey.arrives_at("Résidents")
    tab_to(journey, "Aller au contenu")
    keys.press("Enter")
    tab_to(journey, "Lambert Rose")
    keys.press("Enter")
    journey.arrives_at("Identité")
    tab_to(journey, "Transmissions")
    keys.press("Enter")
    journey.arrives_at("Transmissions")
    keys.press("n")
    expect(journey.page.locator("textarea")).to_be_focused()
    keys.type("Écrit sans souris.")
    tab_to(journey, "Enregistrer la transmission")
    keys.press("Enter")
    journey.is_told("La transmission est enregistrée.")
    assert Note.objects.filter(text="Écrit sans souris.").exists()


def test_a_phone_at_night(town: Town, journey: Journey, rose: Person) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="Ouille" * 50))
    journey.page.set_viewport_size({"width": 390, "height": 844})
    journey.page.emulate_media(color_scheme="dark")
    journey.enter_as(town.alice)
    for path, title in (
        ("/", "Bonjour"),
        ("/usagers/", "Résidents"),
        (record_of(rose), "Identité"),
        (record_of(rose, "sejours/"), "Séjours"),
        (record_of(rose, "chronologie/"), "Chronologie"),
        (record_of(rose, "documents/"), "Documents"),
        (record_of(rose, "qui-a-vu/"), "Qui a vu ce dossier"),
        (record_of(rose, f"transmissions/{note.pk}/"), "Transmission"),
        (record_of(rose, "transmissions/"), "Transmissions"),
    ):
        journey.page.goto(path)
        journey.arrives_at(title)
        width = journey.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} pixels wide"
        assert journey.page.evaluate(SMALL_TARGETS) == [], path
        current = journey.page.locator(".tabs [aria-current]")
        if current.count():
            expect(current.first).to_be_in_viewport(ratio=0.99)
    journey.main.get_by_text("Écrire une transmission").click()
    journey.fill("Transmission", "Écrit au lit du résident.")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")
    expect(journey.page.locator(".identity .name")).to_be_in_viewport()
    journey.page.get_by_label("Personne concernée").get_by_role("group").click()
    expect(journey.page.get_by_text("Ouvrir la synthèse du dossier")).to_be_visible()
    journey.page.get_by_role("navigation", name="Navigation").get_by_text("Résidents").click()
    journey.arrives_at("Résidents")


def test_a_row_holds_on_one_line_and_on_a_phone_on_two(town: Town, journey: Journey) -> None:
    someone = admit(
        town,
        town.unit_a,
        "Marie-Antoinette",
        "de la Rochefoucauld-Montbéliard",
        used_family_name="de la Haute-Chevrollière-Montbazin",
    )
    Person.objects.filter(pk=someone.pk).update(is_doubtful=True)
    journey.enter_as(town.diane)
    for path in (
        "/usagers/",
        "/annuaire/",
        "/annuaire/professionnels/",
        "/annuaire/situations/",
        record_of(someone, "qui-a-vu/"),
    ):
        # On a phone, what marks a person has a third line: it is read whole.
        marked = path == "/usagers/"
        for width, tallest in ((1280, 48), (390, 104 if marked else 90)):
            journey.page.set_viewport_size({"width": width, "height": 800})
            journey.page.goto(path)
            heights = journey.page.evaluate(ROW_HEIGHTS)
            assert heights, path
            assert max(heights) <= tallest, f"{path} at {width} pixels: {heights}"
            frame = journey.page.locator(".table-frame")
            assert frame.evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 0, path


def test_two_badges_are_read_whole_and_cut_no_name(town: Town, journey: Journey) -> None:
    someone = admit(town, town.unit_a, "Rose", "Lambert")
    Person.objects.filter(pk=someone.pk).update(is_doubtful=True)
    journey.enter_as(town.diane, "/usagers/")
    name, row = journey.main.locator("tbody th"), journey.main.locator("tbody tr")
    alone = name.evaluate("cell => cell.offsetWidth")
    Person.objects.filter(pk=someone.pk).update(is_homonym=True)
    for width in (1280, 390):
        journey.page.set_viewport_size({"width": width, "height": 800})
        journey.page.goto("/usagers/")
        for badge in ("Identité douteuse", "Homonyme"):
            expect(row.get_by_text(badge)).to_be_in_viewport(ratio=1)
        if width == 1280:
            assert name.evaluate("cell => cell.offsetWidth") == alone


def test_a_phone_sorts_a_list_whose_head_it_does_not_show(town: Town, journey: Journey) -> None:
    admit(town, town.unit_a, "Rose", "Lambert", birth_on=date(1951, 3, 12))
    admit(town, town.unit_a, "Paul", "Petit", birth_on=date(1940, 3, 12))
    journey.enter_as(town.diane, "/usagers/")
    expect(journey.main.get_by_text("Trier par")).to_be_hidden()
    journey.page.set_viewport_size({"width": 390, "height": 844})
    names = journey.main.locator("tbody th")
    for label, first in (("Naissance", "Petit"), ("Naissance, à l’envers", "Lambert")):
        journey.main.locator(".sorts summary").click()
        journey.main.locator(".sorts").get_by_role("link", name=label, exact=True).click()
        expect(names.first).to_contain_text(first)
        expect(journey.main.locator(".sorts summary")).to_have_text(re.compile("Naissance"))
    journey.arrives_at("Résidents")


def test_the_rail_holds_the_longest_word_for_usagers(town: Town, journey: Journey) -> None:
    Establishment.objects.filter(pk=town.ehpad.pk).update(usager_word=UsagerWord.CHILD)
    journey.enter_as(town.alice)
    entry = journey.page.locator(".rail").get_by_text("Enfants et jeunes")
    assert entry.evaluate("word => word.closest('a').offsetHeight") == 44
    assert entry.evaluate("word => word.closest('a').scrollWidth <= word.closest('a').clientWidth")


def test_a_thumb_finds_each_room(town: Town, journey: Journey) -> None:
    journey.page.set_viewport_size({"width": 390, "height": 844})
    journey.enter_as(town.diane, f"/annuaire/etablissements/{town.ehpad.pk}/")
    journey.arrives_at(town.ehpad.name)
    expect(journey.main.get_by_role("link", name="Modifier la chambre")).not_to_have_count(0)
    assert journey.page.evaluate(SMALL_TARGETS) == []


@pytest.fixture
def without_script(
    browser: Browser, browser_context_args: dict[str, object], live_server: object
) -> Iterator[Journey]:
    """A browser that runs no script; axe, which is one, cannot check its pages."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield Journey(context.new_page(), str(live_server), check=lambda page: None)
    context.close()


def test_without_script(town: Town, without_script: Journey, rose: Person) -> None:
    journey = without_script
    journey.sign_in(town.alice)
    journey.arrives_at("Bonjour")
    journey.page.get_by_role("navigation", name="Navigation").get_by_text("Résidents").click()
    journey.page.get_by_label("Séjour").select_option("Sortis")
    journey.press("Filtrer")
    expect(journey.main).to_contain_text("Personne ne correspond à ces choix")
    journey.follow("Voir tous les séjours en cours")
    journey.follow("Lambert Rose")
    journey.open_tab("Transmissions")
    journey.main.get_by_text("Écrire une transmission").click()
    journey.press("Enregistrer la transmission")
    expect(journey.page.get_by_role("alert")).to_contain_text("Un point à corriger")
    journey.fill("Transmission", "Écrit sans script.")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")
    expect(journey.main).to_contain_text("Écrit sans script.")
    journey.page.get_by_role("banner").get_by_text("Alice Martel").click()
    journey.press("Se déconnecter")
    journey.arrives_at("Se connecter")
