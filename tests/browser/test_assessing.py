"""A nurse assesses a GIR on her phone and reads why; a manager reads what it makes of a unit."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.instruments.actions import Typed, answer_sheet, freeze_evaluations
from virage.instruments.models import Sheet
from virage.instruments.rules.given import Given
from virage.persons.models import Person

VARIABLES = (
    *("Cohérence", "Orientation", "Toilette", "Habillage", "Alimentation", "Élimination"),
    *("Transferts", "Déplacement à l’intérieur", "Déplacement à l’extérieur", "Alerter"),
)
# What the page asks for leaves half a second late.
SLOW_LINE = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (...held) {
  setTimeout(() => send.apply(this, held), 500);
};
"""


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


def test_a_gir_on_a_phone(town: Town, journey: Journey, rose: Person) -> None:
    page = journey.page
    page.set_viewport_size({"width": 390, "height": 844})
    journey.enter_as(town.alice, record_of(rose, "evaluations/"))
    journey.arrives_at("Évaluations")
    page.get_by_label("Commencer une évaluation").select_option(label="Grille AGGIR")
    journey.press("Commencer")
    journey.arrives_at("Grille AGGIR")
    page.get_by_label("Une lettre par variable").check()
    # What that leads to is asked in place, and the keyboard stays where it was.
    expect(page.get_by_role("group", name="Toilette", exact=True)).to_be_visible()
    expect(page.get_by_label("Une lettre par variable")).to_be_focused()
    journey.arrives_at("Grille AGGIR")
    for name in VARIABLES[:-1]:
        page.get_by_role("group", name=name, exact=True).get_by_label("B · fait en partie").check()
    journey.press("Terminer l’évaluation")
    expect(page.get_by_role("alert")).to_contain_text("Alerter")
    journey.arrives_at("Grille AGGIR")
    last = page.get_by_role("group", name=VARIABLES[-1], exact=True)
    last.get_by_label("A · fait seul").focus()
    page.keyboard.press("Space")
    journey.press("Terminer l’évaluation")
    expect(journey.main).to_contain_text("GIR 4")
    journey.arrives_at("Grille AGGIR")
    expect(journey.main).to_contain_text("le seuil de 650 est atteint")
    page.get_by_text("Comment ces nombres sont faits").click()
    journey.arrives_at("Grille AGGIR")
    journey.follow("Voir l’évolution")
    expect(page.get_by_role("table", name="Résultats")).to_contain_text("Dépendance partielle")
    journey.arrives_at("Grille AGGIR")


def test_what_is_entered_while_the_page_asks_again_is_kept(
    town: Town, journey: Journey, rose: Person
) -> None:
    page = journey.page
    page.add_init_script(SLOW_LINE)
    journey.enter_as(town.alice, record_of(rose, "evaluations/"))
    page.get_by_label("Commencer une évaluation").select_option(label="Grille AGGIR")
    journey.press("Commencer")
    page.get_by_label("Geste par geste").check()
    page.get_by_label("Une lettre par variable").check()
    comment = page.get_by_role("textbox", name="Commentaire", exact=True)
    comment.press_sequentially("Elle se lève seule depuis hier.", delay=40)
    expect(page.get_by_role("group", name="Toilette", exact=True)).to_be_visible()
    expect(comment).to_have_value("Elle se lève seule depuis hier.")
    expect(page.get_by_label("Une lettre par variable")).to_be_checked()
    journey.press("Enregistrer et continuer")
    expect(page.get_by_text("Réponses enregistrées.")).to_be_visible()
    page.reload()
    expect(comment).to_have_value("Elle se lève seule depuis hier.")
    expect(page.get_by_label("Une lettre par variable")).to_be_checked()


def test_finishing_while_the_page_asks_again_waits_for_it(
    town: Town, journey: Journey, rose: Person
) -> None:
    page = journey.page
    page.add_init_script(SLOW_LINE)
    journey.enter_as(town.alice, record_of(rose, "evaluations/"))
    page.get_by_label("Commencer une évaluation").select_option(label="Grille AGGIR")
    journey.press("Commencer")
    page.get_by_label("Une lettre par variable").check()
    journey.press("Terminer l’évaluation")
    # What the answer leads to lacks, which is told at once.
    expect(page.get_by_role("alert")).to_contain_text("Toilette")
    page.get_by_label("Terminer sans les réponses qui manquent").check()
    journey.press("Terminer l’évaluation")
    expect(journey.main).to_contain_text("Incomplet")


def test_a_colleague_s_answer_is_told_where_the_form_was(
    town: Town, journey: Journey, rose: Person
) -> None:
    page = journey.page
    journey.enter_as(town.alice, record_of(rose, "evaluations/"))
    page.get_by_label("Commencer une évaluation").select_option(label="Échelle de Norton")
    journey.press("Commencer")
    page.get_by_label("Confus").check()
    theirs = Typed(0, {"mental": Given("alert"), "activity": Given("bed")})
    answer_sheet(actor_of(town.aude), sheet_id=Sheet.objects.get().pk, typed=theirs)
    journey.press("Enregistrer et continuer")
    expect(page.get_by_text("Aude Lenoir a répondu «\u00a0Alerte\u00a0»")).to_be_in_viewport()
    expect(page.get_by_label("Confus")).to_be_checked()
    expect(page.get_by_label("Alité")).to_be_checked()
    journey.arrives_at("Échelle de Norton")
    journey.press("Enregistrer et continuer")
    expect(page.get_by_text("Réponses enregistrées.")).to_be_visible()
    expect(page.get_by_label("Confus")).to_be_checked()


def test_a_manager_reads_the_gmp_of_a_unit(town: Town, journey: Journey, rose: Person) -> None:
    welcome(town, "Marthe Colin", town.ehpad, town.unit_a)
    freeze_evaluations(actor_of(town.alice), drafts=[drafts.grid(rose, 2)])
    journey.enter_as(town.diane, f"/annuaire/etablissements/{town.ehpad.pk}/")
    journey.arrives_at("EHPAD Les Tilleuls")
    card = journey.main.get_by_role("article").filter(has_text="Rez-de-jardin")
    card.get_by_role("link", name="GMP de l’unité").click()
    journey.arrives_at("Rez-de-jardin")
    expect(journey.main).to_contain_text("GMP\u00a0: 840")
    expect(journey.main).to_contain_text("1 personne présente n’a pas de GIR")
    journey.follow("Voir la liste")
    journey.arrives_at("Rez-de-jardin")
    people = journey.page.get_by_role("table", name="Personnes présentes")
    expect(people.get_by_role("row")).to_have_count(3)
    expect(people).to_contain_text("Sans GIR")
    expect(people).not_to_contain_text("GIR 2")
