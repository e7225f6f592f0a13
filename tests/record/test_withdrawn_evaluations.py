"""An evaluation made in the wrong record: withdrawn, it is still read there and counts no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.town import Town, actor_of, sign_in
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import withdraw_evaluation
from virage.instruments.models import Evaluation
from virage.instruments.queries import measures_of
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person
from virage.record.queries.reminders import due_evaluations

WEIGHED = {"q__weight": "61.5", "q__height": "160", "q__misleading": "no"}
VARIABLES = "coherence orientation washing dressing feeding elimination transfers indoors"
LETTERS = {f"q__{one}_letter": "c" for one in VARIABLES.split()}


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


def made(client: Client, person: Person, instrument: str, *answers: dict[str, Any]) -> Evaluation:
    """Fill in a sheet to its end, one save after the other, without what lacks."""
    began = client.post(reverse("record:sheet_begin", args=[person.pk]), {"instrument": instrument})
    last = answers[-1] | {"accepts_missing": "on"}
    for typed in (*(one | {"step": "save"} for one in answers), last):
        form = client.get(began.url).context["form"]
        shown = {name: form[name].value() for name in ("happened_at", "seen")}
        assert client.post(began.url, shown | typed).status_code == 302
    return Evaluation.objects.get(instrument=instrument)


def test_it_counts_no_more_and_says_by_whom_and_why(
    alice: Client, town: Town, rose: Person
) -> None:
    actor = actor_of(town.alice)
    weighed = made(alice, rose, "weight", WEIGHED)
    by = timezone.localdate() + timedelta(days=365)
    weight = in_force("weight", timezone.localdate())
    assert due_evaluations(actor, by).exists()
    assert measures_of(actor, rose.subject_id, weight, weighed.volet)
    page = reverse("record:evaluation", args=[rose.pk, weighed.pk])
    door = reverse("record:evaluation_withdraw", args=[rose.pk, weighed.pk])
    assert door in alice.get(page).text
    assert alice.post(door, {"reason": ""}).status_code == 422
    assert alice.post(door, {"reason": "C’était Louise"}).url == page
    weighed.refresh_from_db()
    assert weighed.status == "entered-in-error"
    assert JournalEvent.objects.get(action="evaluation.withdraw").target_id == weighed.pk
    assert not due_evaluations(actor, by).exists()
    assert not measures_of(actor, rose.subject_id, weight, weighed.volet)
    told = alice.get(page).text
    assert "C’était Louise" in told and "61,5" in told
    closed = ("retirer/", "evolution/", "joindre/", "/fhir/", "/action/", "À refaire")
    assert not [one for one in closed if one in told]
    for name in ("evolution", "evaluation_fhir", "evaluation_attach", "evaluation_withdraw"):
        answer = alice.get(reverse(f"record:{name}", args=[rose.pk, weighed.pk]))
        assert answer.status_code in (403, 404), name
    overview = alice.get(reverse("record:evaluations", args=[rose.pk])).context["overview"]
    assert not overview.followed and not overview.others
    assert [one.evaluation for one in overview.set_aside] == [weighed]


def test_its_gir_counts_no_more_in_the_unit(alice: Client, town: Town, rose: Person) -> None:
    way = {"q__way": "letters"}
    grid = made(alice, rose, "aggir", way, way | LETTERS)
    assert grid.gir == 1
    gmp = reverse("record:unit_gmp", args=[town.unit_a.pk])
    sign_in(alice, town.diane)
    assert alice.get(gmp).context["shown"].assessed == 1
    withdraw_evaluation(actor_of(town.alice), evaluation_id=grid.pk, reason="Autre personne")
    assert alice.get(gmp).context["shown"].assessed == 0


def test_who_may_not_write_there_withdraws_nothing(
    alice: Client, town: Town, rose: Person, ines: Person
) -> None:
    weighed = made(alice, rose, "weight", WEIGHED)

    def withdraw(who: Any, reason: str = "Autre personne") -> None:
        withdraw_evaluation(actor_of(who), evaluation_id=weighed.pk, reason=reason)

    for who in (town.basile, town.tom, town.bob):
        with pytest.raises(Refused):
            withdraw(who)
    with pytest.raises(Invalid):
        withdraw(town.alice, " ")
    withdraw(town.alice)
    with pytest.raises(Refused, match="retirée"):
        withdraw(town.alice)
