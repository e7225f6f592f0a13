"""Who may be taken for another: like names in the banner, and homonyms already known."""

from datetime import date

import pytest
from django.test import Client

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import admit, stay_in
from virage.foundation.ui.components import Badge
from virage.persons import actions
from virage.persons.models import Person
from virage.persons.queries.rows import HOMONYM, NAMESAKE


def test_a_like_name_in_the_establishment_is_a_warning(client: Client, town: Town) -> None:
    sign_in(client, town.sofia)
    admit(town, town.ime_unit, "Jeanne", "Petit")
    jeanne = admit(town, town.unit_a, "Jeanne", "Petit")
    page = client.get(f"/usagers/{jeanne.pk}/")
    assert page.context["record"].identity.like_name == ""
    admit(town, town.unit_b, "Jeannine", "Petit", birth_on=date(1940, 6, 14))
    page = client.get(f"/usagers/{jeanne.pk}/")
    said = page.context["record"].identity.like_name
    assert said == "Petit Jeannine, née le 14/06/1940, Premier étage"
    sign_in(client, town.alice)
    page = client.get(f"/usagers/{jeanne.pk}/")
    assert page.context["record"].identity.like_name == ""


@pytest.mark.parametrize(
    ("hers", "other", "said"),
    [
        ("", "Martelin", "Martelin Jeanne, née GRANDJEAN le 12/03/1941, Premier étage"),
        ("Martelin", "", "Grandjean Jeanne, née le 12/03/1941, Premier étage"),
        ("Martelin", "Quéméner", "Quéméner Jeanne, née GRANDJEAN le 12/03/1941, Premier étage"),
    ],
)
def test_a_like_birth_name_is_a_warning_under_any_name(
    client: Client, town: Town, hers: str, other: str, said: str
) -> None:
    jeanne = admit(town, town.unit_a, "Jeanne", "Petit")
    office = actor_of(town.command_line)
    changes = {"birth_family_name": "Grandjean", "used_family_name": hers}
    actions.update_person(office, person=jeanne, expected_version=1, changes=changes)
    admit(town, town.unit_b, "Jeanne", "Grandjean", used_family_name=other)
    sign_in(client, town.sofia)
    page = client.get(f"/usagers/{jeanne.pk}/")
    assert page.context["record"].identity.like_name == said


def test_a_list_marks_those_who_bear_the_same_names(client: Client, town: Town) -> None:
    admit(town, town.unit_a, "Jeanne", "Petit")
    admit(town, town.unit_a, "Jeanné", "PETIT", birth_on=date(1950, 1, 2))
    known = admit(town, town.unit_a, "Jeanne", "Petit", birth_on=date(1950, 1, 3))
    Person.objects.filter(pk=known.pk).update(is_homonym=True)
    alone = admit(town, town.unit_a, "Rose", "Petit")
    stay = stay_in(town.unit_b)
    actions.receive_stays(actor_of(town.command_line), person=alone, stays=[stay])
    sign_in(client, town.diane)
    listed = client.get("/usagers/").context["paging"].rows
    found = client.post("/usagers/recherche/", {"q": "petit"}).context["found"].rows
    for rows, times in ((listed, 2), (found, 1)):
        marked = [one.birth_on for one in rows if NAMESAKE in one.badges]
        assert sorted(marked) == [date(1941, 3, 12), date(1950, 1, 2)]
        assert len([one for one in rows if one.person_id == alone.pk]) == times
        assert [one.person_id for one in rows if HOMONYM in one.badges] == [known.pk]


def test_a_known_homonym_is_said_in_the_banner_to_all(client: Client, town: Town) -> None:
    rose = admit(town, town.unit_a)
    Person.objects.update(is_homonym=True)
    for who in (town.nina, town.alice):
        sign_in(client, who)
        page = client.get(f"/usagers/{rose.pk}/")
        assert Badge("Homonyme", "warning", "users") in page.context["record"].identity.alerts
        assert "Homonyme" in page.text
