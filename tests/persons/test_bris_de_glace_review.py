"""The weekly review of the bris de glace: what is late, what is often, how many wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.foundation.access.enums import Review
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.journal.collector import collecting_reads
from virage.persons import actions
from virage.persons.models import Person
from virage.persons.queries.openings import review_card, review_week

WHY = {"motive": "fall", "reason": "Chute dans le couloir, seule de nuit."}


@pytest.fixture
def louise(town: Town) -> Person:
    """Someone of the other unit: out of Alice's team."""
    return welcome(town, "Louise Bernard", town.ehpad, town.unit_b)


def test_the_review_tells_what_is_late_and_what_is_often(town: Town, louise: Person) -> None:
    alice, now = actor_of(town.alice), timezone.now()
    for days in (20, 3, 2, 1, 0):
        opening = actions.break_the_glass(alice, person_id=louise.pk, **WHY)
        at = now - timedelta(days=days)
        BrisDeGlace.objects.filter(pk=opening.pk).update(
            asked_at=at, opened_at=at, ends_at=at + timedelta(minutes=1)
        )
    with collecting_reads():
        week = review_week(actor_of(town.diane), timezone.localdate(now))
    assert [row.badges[0].label for row in week.waiting][-1] == "Revue en retard"
    latest = week.rows[0]
    assert "4 en 7 jours" in [badge.label for badge in latest.badges]
    assert all("en 7 jours" not in badge.label for badge in week.waiting[-1].badges)


def test_the_home_page_says_how_many_wait_for_the_review(
    client: Client, town: Town, louise: Person, queries: Any
) -> None:
    alice, now = actor_of(town.alice), timezone.now()
    sign_in(client, town.diane)
    assert "Bris de glace à revoir" not in client.get("/").text
    openings = []
    for days in (20, 6, 0):
        openings.append(actions.break_the_glass(alice, person_id=louise.pk, **WHY))
        at = now - timedelta(days=days)
        BrisDeGlace.objects.filter(pk=openings[-1].pk).update(
            asked_at=at, opened_at=at, ends_at=at + timedelta(minutes=1)
        )
    with queries(at_most=12):
        page = client.get("/").text
    assert "3 ouvertures en urgence attendent votre revue, dont 1 en retard." in page
    week = client.get("/usagers/bris-de-glace/").context["week"]
    assert len(week.rows) + len(week.waiting) == 3, "the card leads to all of them"
    for opening in openings[:2]:
        actions.review_opening(
            actor_of(town.diane), opening=opening, review=Review.ACCEPTED, word="Vu."
        )
    assert "1 ouverture en urgence attend votre revue." in client.get("/").text
    assert review_card(actor_of(town.alice)) is None
    BrisDeGlace.objects.update(professional_id=town.diane.professional_id)
    assert review_card(actor_of(town.diane)) is None, "nobody reviews her own"
