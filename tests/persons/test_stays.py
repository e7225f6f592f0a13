"""Stays: overlaps, state, place, two people at once; referents."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import SINCE, admit, stay_in, today
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.persons.actions import (
    close_stay,
    name_referent,
    open_stay,
    receive_stays,
    update_stay,
)
from virage.persons.enums import StayStatus
from virage.persons.models import Person, Stay
from virage.persons.queries import find_person
from virage.record.models import Note

LATER = SINCE + timedelta(days=30)


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


@pytest.mark.parametrize(
    ("unit", "entered", "exited", "overlaps"),
    [
        ("unit_a", LATER, None, True),
        ("unit_a", SINCE - timedelta(days=9), None, True),
        ("unit_a", SINCE - timedelta(days=9), SINCE, False),
        ("unit_a", SINCE - timedelta(days=9), SINCE + timedelta(days=1), True),
        ("unit_b", LATER, None, True),
        ("unit_b", SINCE - timedelta(days=9), SINCE, False),
        (None, LATER, None, True),
        ("ime_unit", LATER, None, False),
    ],
)
def test_two_stays_in_one_establishment_do_not_overlap(
    town: Town, rose: Person, unit: str | None, entered: object, exited: object, overlaps: bool
) -> None:
    stay = stay_in(getattr(town, unit or "unit_b"), entered_on=entered, exited_on=exited)
    stay.unit = stay.unit if unit else None
    office = actor_of(town.command_line)
    if overlaps:
        with pytest.raises(Invalid) as refused:
            open_stay(office, person=rose, stay=stay)
        assert list(refused.value.errors) == ["entered_on"]
    else:
        assert open_stay(office, person=rose, stay=stay).person == rose


@pytest.mark.parametrize(
    ("exited", "said"),
    [
        (None, "dans l’unité Rez-de-jardin depuis le 06/01/2025 : notez d’abord la sortie"),
        (LATER, "dans l’unité Rez-de-jardin du 06/01/2025 au 05/02/2025 : corrigez les dates"),
    ],
)
def test_a_move_is_refused_in_words_until_the_exit_is_noted(
    client: Client, town: Town, rose: Person, exited: object, said: str
) -> None:
    rose.stays.update(exited_on=exited)
    sign_in(client, town.sofia)
    url = reverse("persons:stay_add", args=[rose.pk])
    typed = {"place": town.unit_b.pk, "entered_on": str(SINCE + timedelta(days=9)), "version": 1}
    page = client.post(url, typed)
    assert page.status_code == 422
    assert said in page.text
    rose.stays.update(exited_on=SINCE)
    assert client.post(url, typed).status_code == 302


@pytest.mark.parametrize(
    ("held", "typed", "together"),
    [
        ("jour", "temporaire", True),
        ("temporaire", "jour", True),
        ("domicile", "jour", True),
        ("jour", "jour", True),
        ("permanent", "jour", True),
        ("permanent", "temporaire", False),
        ("jour", "", False),
        ("temporaire", "internat", False),
    ],
)
def test_a_stay_by_the_day_goes_with_another_one(
    town: Town, rose: Person, held: str, typed: str, together: bool
) -> None:
    rose.stays.update(reception_mode=held)
    sofia, stay = actor_of(town.sofia), stay_in(town.unit_b, reception_mode=typed)
    if together:
        assert open_stay(sofia, person=rose, stay=stay).unit == town.unit_b
    else:
        with pytest.raises(Invalid):
            open_stay(sofia, person=rose, stay=stay)


def test_an_overlap_received_is_mended_and_none_is_made(town: Town, rose: Person) -> None:
    sofia, other = actor_of(town.sofia), stay_in(town.unit_b, entered_on=LATER)
    receive_stays(sofia, person=rose, stays=[other])
    closed = close_stay(
        sofia, stay=rose.stays.get(unit=town.unit_a), expected_version=1, exited_on=LATER
    )
    assert closed.status == StayStatus.FINISHED
    with pytest.raises(Invalid):
        close_stay(sofia, stay=closed, expected_version=2, exited_on=today())


@pytest.mark.parametrize("status", [StayStatus.CANCELLED, StayStatus.FINISHED])
def test_a_stay_said_to_be_over_leaves_its_place(
    town: Town, rose: Person, status: StayStatus
) -> None:
    rose.stays.update(status=status)
    stay = open_stay(actor_of(town.sofia), person=rose, stay=stay_in(town.unit_a))
    assert stay.status == StayStatus.IN_PROGRESS


def test_a_received_stay_is_kept_as_it_is(town: Town, rose: Person) -> None:
    backwards = stay_in(town.unit_a, entered_on=LATER, exited_on=SINCE, status=StayStatus.ON_LEAVE)
    receive_stays(actor_of(town.sofia), person=rose, stays=[backwards])
    assert Stay.objects.get(pk=backwards.pk).status == StayStatus.ON_LEAVE


def test_the_unit_keeps_the_record_until_the_end_of_the_day_of_exit(
    town: Town, rose: Person
) -> None:
    stay = rose.stays.get()
    sofia = actor_of(town.sofia)
    stay = close_stay(sofia, stay=stay, expected_version=1, exited_on=today())
    assert stay.status == StayStatus.FINISHED
    assert find_person(actor_of(town.alice), rose.pk) == rose
    update_stay(
        sofia, stay=stay, expected_version=2, changes={"exited_on": today() - timedelta(days=1)}
    )
    with pytest.raises(Refused):
        find_person(actor_of(town.alice), rose.pk)
    assert find_person(sofia, rose.pk) == rose


def test_two_people_at_once_see_both_texts(town: Town, rose: Person) -> None:
    sofia, stay = actor_of(town.sofia), rose.stays.get()
    update_stay(sofia, stay=stay, expected_version=1, changes={"unit": town.unit_b})
    with pytest.raises(Conflict) as conflict:
        changes = {"unit": town.unit_a, "entered_on": LATER}
        update_stay(sofia, stay=stay, expected_version=1, changes=changes)
    assert conflict.value.mine == "Unité : Rez-de-jardin\nEntrée : 05/02/2025"
    assert conflict.value.theirs == "Unité : Premier étage\nEntrée : 06/01/2025"


def test_a_stay_cannot_be_moved_to_another_establishment(town: Town, rose: Person) -> None:
    with pytest.raises(Refused):
        update_stay(
            actor_of(town.sofia),
            stay=rose.stays.get(),
            expected_version=1,
            changes={"establishment": town.ime, "unit": town.ime_unit},
        )


def test_a_referent_opens_the_record_between_two_days(town: Town, rose: Person) -> None:
    basile = town.basile.professional
    with pytest.raises(Refused):
        find_person(actor_of(town.basile), rose.pk)
    for start, end in ((today(), None), (SINCE, SINCE)):
        name_referent(
            actor_of(town.sofia), person=rose, professional=basile, starts_on=start, ends_on=end
        )
    assert find_person(actor_of(town.basile), rose.pk) == rose
    rose.subject.referents.filter(ends_on=None).delete()
    with pytest.raises(Refused):
        find_person(actor_of(town.basile), rose.pk)


def test_a_referent_is_of_the_operator_and_his_dates_follow(town: Town, rose: Person) -> None:
    with pytest.raises(Refused):
        name_referent(
            actor_of(town.sofia),
            person=rose,
            professional=town.charlie.professional,
            starts_on=today(),
        )
    with pytest.raises(Invalid):
        name_referent(
            actor_of(town.sofia),
            person=rose,
            professional=town.basile.professional,
            starts_on=today(),
            ends_on=SINCE,
        )


def test_who_is_to_move_is_still_where_she_is(client: Client, town: Town, rose: Person) -> None:
    soon = {"entered_on": None, "planned_entry_on": today() + timedelta(days=3)}
    move = stay_in(town.unit_b, **soon)
    open_stay(actor_of(town.command_line), person=rose, stay=move)
    sign_in(client, town.alice)
    page = client.get(reverse("persons:identity", args=[rose.pk]))
    assert page.context["record"].identity.place == "Rez-de-jardin"
    typed = {"volet": "care", "text": "Prépare son départ.", "happened_at": "2026-01-05T12:30"}
    client.post(reverse("record:notes", args=[rose.pk]), typed)
    assert Note.objects.get().stay.unit == town.unit_a
    sign_in(client, town.sofia)
    stays = client.get(reverse("persons:stays", args=[rose.pk])).context["details"].stays
    assert [stay.unit for stay in stays] == [town.unit_b, town.unit_a]
