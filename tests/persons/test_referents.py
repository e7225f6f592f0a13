"""Referents: whom one names, until when, and what it opens."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import SINCE, admit, today
from virage.foundation.errors import Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import name_referent
from virage.persons.models import Person, Referent
from virage.persons.queries import find_person

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


@pytest.fixture
def referent(town: Town, rose: Person) -> Referent:
    """Return Basile, of the other unit, who follows Rose."""
    return name_referent(
        actor_of(town.sofia),
        person=rose,
        professional=town.basile.professional,
        starts_on=SINCE,
        ends_on=today() + timedelta(days=90),
    )


def end_url(referent: Referent, person: Person) -> str:
    return reverse("persons:referent_end", args=[person.pk, referent.pk])


def test_a_referent_is_ended_beside_where_he_is_shown(
    client: Client, town: Town, rose: Person, referent: Referent
) -> None:
    sign_in(client, town.sofia)
    url, shown = end_url(referent, rose), reverse("persons:stays", args=[rose.pk])
    assert url in client.get(shown).text
    assert find_person(actor_of(town.basile), rose.pk) == rose
    assert client.post(url, {"ends_on": YESTERDAY.isoformat()}).headers["Location"] == shown
    with pytest.raises(Refused):
        find_person(actor_of(town.basile), rose.pk)
    page = client.get(shown).text
    assert f'jusqu’au <time datetime="{YESTERDAY}">' in page and url not in page
    written = JournalEvent.objects.get(action="referent.end")
    assert written.lines.get().volets == "administrative"
    assert (
        "Fin du rôle d’un référent" in client.get(reverse("record:accesses", args=[rose.pk])).text
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (SINCE - timedelta(days=1), "La fin précède le début."),
        (today() + timedelta(days=91), "Pour prolonger"),
    ],
)
def test_an_end_is_after_the_start_and_is_never_put_off(
    client: Client, town: Town, rose: Person, referent: Referent, day: object, said: str
) -> None:
    sign_in(client, town.sofia)
    answer = client.post(end_url(referent, rose), {"ends_on": str(day)})
    assert answer.status_code == 422
    assert said in answer.text, answer.context["form"].errors


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_named"),
    [
        (today(), None, False),
        (SINCE - timedelta(days=9), SINCE, False),
        (SINCE - timedelta(days=9), None, False),
        (today() + timedelta(days=90), None, False),
        (today() + timedelta(days=91), None, True),
        (SINCE - timedelta(days=9), SINCE - timedelta(days=1), True),
    ],
)
def test_a_referent_is_named_once_for_a_day(
    client: Client,
    town: Town,
    rose: Person,
    referent: Referent,
    starts_on: date,
    ends_on: date | None,
    is_named: bool,
) -> None:
    sign_in(client, town.sofia)
    url = reverse("persons:referent_name", args=[rose.pk])
    who = referent.professional
    days = {"starts_on": str(starts_on), "ends_on": str(ends_on or "")}
    answer = client.post(url, {"professional": str(who.pk)} | days)
    if is_named:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        end = f"{referent.ends_on:%d/%m/%Y}"
        said = f"{who.display_name} est déjà référent depuis le 06/01/2025 jusqu’au {end}."
        assert answer.context["form"].errors["starts_on"] == [said]


def test_nobody_names_himself(client: Client, town: Town, rose: Person) -> None:
    own = town.sofia.professional
    sign_in(client, town.sofia)
    url = reverse("persons:referent_name", args=[rose.pk])
    assert str(own.pk) not in client.get(url).text
    with pytest.raises(Refused) as refused:
        name_referent(actor_of(town.sofia), person=rose, professional=own, starts_on=SINCE)
    assert refused.value.message.startswith("Nul ne s’ouvre") and refused.value.whom_to_ask


def test_a_referent_is_found_in_the_record_of_the_person_alone(
    client: Client, town: Town, referent: Referent
) -> None:
    other = admit(town, town.unit_b, "Louise", "Bernard")
    sign_in(client, town.sofia)
    assert client.get(end_url(referent, other)).status_code == 404
