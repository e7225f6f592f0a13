"""What must be read whole is not cut: the situation, a record's tabs, the title of a document."""

from dataclasses import replace

import pytest

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.directory.models import Establishment, Operator
from virage.documents.actions import add_document

LONG = "Établissement d’hébergement Marie-Antoinette de la Rochefoucauld-Montbéliard"
IS_WHOLE = """(one) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return style.whiteSpace === "normal" && box.width > 60 && box.right <= innerWidth
    && one.scrollWidth <= Math.max(one.clientWidth, box.width);
}"""


@pytest.mark.parametrize("width", [390, 905, 1280])
def test_the_bar_says_the_whole_situation(town: Town, journey: Journey, width: int) -> None:
    Establishment.objects.filter(pk=town.ehpad.pk).update(name=LONG)
    Operator.objects.filter(pk=town.operator.pk).update(name=LONG)
    journey.page.set_viewport_size({"width": width, "height": 800})
    for who in (town.sofia, town.gaspard):
        journey.enter_as(who)
        parts = journey.page.locator(".situation > *")
        assert parts.count() == 2
        assert [one.evaluate(IS_WHOLE) for one in parts.all()] == [True, True]
        assert journey.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_tabs_of_a_record_hold_on_one_line(town: Town, journey: Journey) -> None:
    journey.enter_as(town.diane, record_of(admit(town, town.unit_a)))
    tabs = journey.page.get_by_role("navigation", name="Volets du dossier").get_by_role("link")
    assert tabs.count() >= 12
    assert len({one.evaluate("(one) => one.offsetTop") for one in tabs.all()}) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_title_of_a_document_is_read_whole(town: Town, journey: Journey, width: int) -> None:
    rose = admit(town, town.unit_a)
    title = "Notification de la maison départementale des personnes handicapées, renouvellement"
    add_document(actor_of(town.alice), draft=replace(drafts.document(rose), title=title))
    journey.page.set_viewport_size({"width": width, "height": 800})
    journey.enter_as(town.alice, record_of(rose, "documents/"))
    assert journey.main.get_by_role("rowheader").evaluate(IS_WHOLE)
