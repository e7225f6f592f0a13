"""Who sees whom, and what a refusal says."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import admit, stay_in, today
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.access.predicates import items_in_reach_of
from virage.foundation.errors import Refused
from virage.persons.actions import name_referent, open_stay
from virage.persons.models import Person, Stay
from virage.persons.queries import find_person, persons_visible_to, stays_visible_to


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


@pytest.mark.parametrize(
    ("who", "condition"),
    [
        ("alice", ""),
        ("aude", ""),
        ("diane", ""),
        ("gaspard", ""),
        ("command_line", ""),
        ("basile", "care_team"),
        ("bob", "care_team"),
        ("tom", "matrix"),
        ("charlie", "hidden"),
    ],
)
def test_the_team_sees_her_and_the_others_are_told_why(
    town: Town, rose: Person, who: str, condition: str
) -> None:
    actor = actor_of(getattr(town, who))
    assert persons_visible_to(actor).filter(pk=rose.pk).exists() == (not condition)
    if condition:
        with pytest.raises(Refused) as refused:
            find_person(actor, rose.pk)
        assert refused.value.condition == condition
        assert "Lambert" not in refused.value.message.title()


def test_who_has_left_is_the_office_s_business(town: Town) -> None:
    gone = admit(town, town.unit_a, stay={"exited_on": today() - timedelta(days=1)})
    with pytest.raises(Refused):
        find_person(actor_of(town.alice), gone.pk)
    assert find_person(actor_of(town.sofia), gone.pk) == gone


@pytest.mark.parametrize("closing", ["profession", "professional_id"])
def test_an_objection_closes_the_record(town: Town, rose: Person, closing: str) -> None:
    value = {"profession": "nurse", "professional_id": town.alice.professional_id}[closing]
    restriction = Restriction.objects.create(
        subject=rose.subject, reason="Opposition de la personne", **{closing: value}
    )
    with pytest.raises(Refused) as refused:
        find_person(actor_of(town.alice), rose.pk)
    assert refused.value.condition == "restriction"
    assert find_person(actor_of(town.aude), rose.pk) == rose
    restriction.ended_at = timezone.now()
    restriction.save()
    assert find_person(actor_of(town.alice), rose.pk) == rose


def test_outside_the_team_a_sensitive_record_does_not_exist(town: Town, rose: Person) -> None:
    Subject.objects.filter(pk=rose.subject_id).update(is_sensitive=True)
    with pytest.raises(Refused) as refused:
        find_person(actor_of(town.basile), rose.pk)
    assert refused.value.is_hidden
    assert find_person(actor_of(town.alice), rose.pk) == rose


@pytest.mark.parametrize(
    ("who", "status", "said"),
    [
        ("basile", 403, "Vous n'êtes pas dans l'équipe"),
        ("charlie", 404, "introuvable"),
        ("tom", 403, "ne donne accès à aucun dossier"),
    ],
)
def test_a_refusal_page_says_why_and_names_nobody(
    client: Client, town: Town, rose: Person, who: str, status: int, said: str
) -> None:
    sign_in(client, getattr(town, who))
    for path in ("", "sejours/", "entourage/", "photo/", "modifier/"):
        page = client.get(f"/usagers/{rose.pk}/{path}")
        assert page.status_code == status
        text = page.text.replace("’", "'").replace("&#x27;", "'")
        assert said in text
        assert "lambert" not in text.lower()


def test_an_unknown_person_is_not_found(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    assert client.get(f"/usagers/{uuid4()}/").status_code == 404


def test_each_establishment_sees_its_own_stays_unless_they_are_shared(town: Town) -> None:
    rose = admit(town, town.unit_a)
    command_line = actor_of(town.command_line)
    open_stay(command_line, person=rose, stay=stay_in(town.ime_unit))
    sofia = actor_of(town.sofia)
    assert [stay.establishment for stay in stays_visible_to(sofia)] == [town.ehpad]
    assert stays_visible_to(command_line).count() == 2
    Subject.objects.filter(pk=rose.subject_id).update(is_shared_between_establishments=True)
    assert stays_visible_to(sofia).count() == 2


def test_a_stay_judges_its_reach_as_the_rule_does(town: Town) -> None:
    office = actor_of(town.command_line)
    both = admit(town, town.unit_a)
    open_stay(office, person=both, stay=stay_in(town.ime_unit))
    shared = admit(town, town.unit_b, "Zoé", "Ailleurs")
    open_stay(office, person=shared, stay=stay_in(town.ime_unit))
    Subject.objects.filter(pk=shared.subject_id).update(is_shared_between_establishments=True)
    followed = admit(town, town.unit_b, "Paul", "Suivi")
    for who in (town.alice, town.bob):
        referent = {"professional": who.professional, "starts_on": today()}
        name_referent(office, person=followed, **referent)
    ended = today() - timedelta(days=1)
    Stay.objects.filter(person=both, unit=town.ime_unit).update(exited_on=ended)
    Stay.objects.filter(person=followed).update(status="planned", entered_on=None)
    seen = {}
    for who in ("alice", "aude", "basile", "bob", "nina", "sofia", "diane", "gaspard", "charlie"):
        actor = actor_of(getattr(town, who))
        shown = set(stays_visible_to(actor).values_list("pk", flat=True))
        assert shown == set(
            Stay.objects.filter(items_in_reach_of(actor)).values_list("pk", flat=True)
        ), who
        seen[who] = len(shown)
    assert (seen["alice"], seen["gaspard"], seen["charlie"]) == (2, 5, 0)


def test_a_unit_opens_the_record_of_who_is_about_to_enter_it(client: Client, town: Town) -> None:
    days = {"Paul": 15, "Zélie": 16}
    to_come = {
        name: admit(
            town,
            town.unit_a,
            name,
            "Prévu",
            stay={"entered_on": None, "planned_entry_on": today() + timedelta(days=number)},
        )
        for name, number in days.items()
    }
    for who, listed in (("alice", {"Paul"}), ("sofia", set(days)), ("basile", set())):
        sign_in(client, getattr(town, who))
        page = client.get("/usagers/?state=planned")
        assert {row.given_name for row in page.context["paging"].rows} == listed
        for name, person in to_come.items():
            status = client.get(f"/usagers/{person.pk}/").status_code
            assert status == (200 if name in listed else 403)
