"""The doors that rooms register, as each actor sees them."""

import pytest

from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.ui import navigation
from virage.foundation.ui.navigation import AlertSource, NavItem, SearchBox


def _is_nurse(actor: Actor) -> bool:
    return actor.profession == "nurse"


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", [])
    monkeypatch.setattr(navigation, "_search_boxes", [])
    monkeypatch.setattr(navigation, "_alert_sources", [])
    navigation.register(NavItem("Préférences", "ui:preferences", "cog", "p", _is_nurse, 2))
    navigation.register(NavItem("Composants", "ui:gallery", "box", "c", bool, 1))
    navigation.register_search(SearchBox("ui:gallery", "Chercher", _is_nurse))
    navigation.register_alert(AlertSource("à trancher", "ui:gallery", lambda actor: 3))
    navigation.register_alert(AlertSource("rien", "ui:gallery", lambda actor: 0))


def test_the_rail_is_the_actors_in_its_order(doors: None, town: Town) -> None:
    alice, diane = actor_of(town.alice), actor_of(town.diane)
    links = navigation.links_for(alice, "/ui/")
    assert [(link.label, link.is_current) for link in links] == [
        ("Composants", True),
        ("Préférences", False),
    ]
    assert [link.label for link in navigation.links_for(diane, "/")] == ["Composants"]


def test_search_is_for_those_who_may(doors: None, town: Town) -> None:
    assert navigation.search_for(actor_of(town.alice)) == ("/ui/", "Chercher")
    assert navigation.search_for(actor_of(town.diane)) is None


def test_an_alert_shows_when_something_waits(doors: None, town: Town) -> None:
    alerts = navigation.alerts_for(actor_of(town.alice))
    assert [(alert.label, alert.count) for alert in alerts] == [("à trancher", 3)]
