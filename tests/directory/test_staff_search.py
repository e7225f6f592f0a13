"""The staff found by what people know of a colleague, in one budget whatever their number."""

from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions import create_professional, update_professional
from virage.directory.models import Membership, Professional
from virage.directory.queries import staff_found
from virage.directory.rules import searched

pytestmark = pytest.mark.django_db


def names(town: Town, words: str) -> set[str]:
    return {one.display_name for one in staff_found(actor_of(town.aude), words)}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("marTEL", {"Alice Martel"}),
        ("ali mar", {"Alice Martel"}),
        ("infirm", {"Alice Martel"}),
        ("premier etage", {"Basile Roy"}),
        ("clairiere educ", {"Bob Garnier"}),
        ("lefevre", {"Zoé Lefèvre"}),
        ("06 12 34", {"Zoé Lefèvre"}),
        ("0612.34.56.78", {"Zoé Lefèvre"}),
        ("orthopt", {"Zoé Lefèvre"}),
        ("artel", set()),
        ("dumas", set()),
        ("%", None),
    ],
)
def test_any_beginning_of_words_finds(town: Town, words: str, found: set[str] | None) -> None:
    create_professional(
        actor_of(town.gaspard),
        family_name="Lefèvre",
        given_name="Zoé",
        profession_name="Orthoptiste",
        phone="0612345678",
    )
    if found is None:
        assert (
            len(names(town, words))
            == Professional.objects.filter(operator=town.operator).count() - 1
        )
    else:
        assert names(town, words) == found


def test_names_stand_in_the_order_of_a_dictionary(town: Town) -> None:
    for family_name, given_name in (("Zola", "Émile"), ("Évrard", "Zoé"), ("Évrard", "Élodie")):
        create_professional(actor_of(town.gaspard), family_name=family_name, given_name=given_name)
    shown = [one.display_name for one in staff_found(actor_of(town.aude), "")]
    mine = [name for name in shown if name.endswith(("Zola", "Évrard"))]
    assert mine == ["Élodie Évrard", "Zoé Évrard", "Émile Zola"]


def test_a_correction_is_searched_and_a_situation_over_is_not(town: Town) -> None:
    alice = town.alice.professional
    changes = {"family_name": "Sanchez"}
    update_professional(
        actor_of(town.gaspard), professional=alice, expected_version=1, changes=changes
    )
    assert names(town, "sanchez") == {"Alice Sanchez"}
    assert names(town, "martel") == set()
    Membership.objects.filter(pk=town.alice.pk).update(ends_on=town.alice.starts_on)
    assert names(town, "infirm") == set()


def test_a_number_is_found_whole_and_a_name_with_its_signs(town: Town) -> None:
    create_professional(
        actor_of(town.gaspard),
        family_name="L’Hénoret-Le Gall",
        given_name="Noël",
        rpps="10000000009",
    )
    for words in ("10000000009", "gall henoret", "L'HENO noe", "le gall"):
        assert names(town, words) == {"Noël L’Hénoret-Le Gall"}
    assert names(town, "0000009") == set()


def test_the_page_after_keeps_the_words_and_the_choices(client: Client, town: Town) -> None:
    sign_in(client, town.aude)
    people = [
        Professional(
            operator=town.operator, family_name=f"Nom{n:03}", search_text=searched(f"Nom{n:03}")
        )
        for n in range(60)
    ]
    Professional.objects.bulk_create(people)
    listing = reverse("directory:professional_list")
    first = client.post(f"{listing}?state=absent", {"q": "nom"})
    assert first.context["paging"].total == 60
    assert 'form="staff-search-form" formaction="?state=absent&amp;page=2"' in first.text
    assert "nom" not in first.context["paging"].next_url
    second = client.post(f"{listing}?state=absent&page=2", {"q": "nom"})
    assert len(second.context["paging"].rows) == 10
    assert 'value="nom"' in second.text
    filtered = client.post(listing, {"q": "nom", "state": "present"})
    assert filtered.context["paging"].total == 0
    assert "state=present" in filtered.context["search_url"]


def test_the_list_is_kept_to_a_place_or_to_who_works_now(client: Client, town: Town) -> None:
    sign_in(client, town.aude)
    outside = create_professional(actor_of(town.gaspard), family_name="Ailleurs", is_external=True)
    without = create_professional(actor_of(town.gaspard), family_name="Sans")
    listing = reverse("directory:professional_list")

    def found(**asked: object) -> set[str]:
        return {one.family_name for one in client.get(listing, asked).context["paging"].rows}

    assert found(establishment=town.ime.pk) == {"Garnier", "Henry"}
    assert found(state="absent") == {without.family_name}
    assert found(state="external") == {outside.family_name}
    assert "Ailleurs" not in found(state="present")
    assert found(establishment=town.other_ehpad.pk, state="?") == found()


def test_who_has_left_comes_last_with_the_last_day(client: Client, town: Town) -> None:
    sign_in(client, town.aude)
    starts_on = town.alice.starts_on
    shown_day = starts_on + timedelta(days=1)
    last_days = {"Aaron": starts_on, "Abel": shown_day, "Adam": None}
    for family_name, ends_on in last_days.items():
        Membership.objects.create(
            operator=town.operator,
            professional=create_professional(actor_of(town.gaspard), family_name=family_name),
            establishment=town.ehpad,
            profession="nurse",
            starts_on=starts_on,
            ends_on=ends_on,
        )
    create_professional(actor_of(town.gaspard), family_name="Aucune")
    page = client.get(reverse("directory:professional_list"))
    shown = [one.family_name for one in page.context["paging"].rows]
    assert shown[:2] == ["Adam", "Aucune"]
    assert shown[-2:] == ["Abel", "Aaron"]
    assert page.text.count("dernier jour") == 2
    assert f">{shown_day:%d/%m/%Y}</time>" in page.text


def test_the_situations_of_someone_begin_with_those_in_force(client: Client, town: Town) -> None:
    sign_in(client, town.aude)
    someone, today = create_professional(actor_of(town.gaspard), family_name="Abel"), localdate()

    def work(unit_days: tuple[int, int | None]) -> Membership:
        starts, ends = unit_days
        return Membership.objects.create(
            operator=town.operator,
            professional=someone,
            establishment=town.ehpad,
            profession="nurse",
            starts_on=today + timedelta(days=starts),
            ends_on=None if ends is None else today + timedelta(days=ends),
        )

    days = [(-90, -60), (-20, -10), (5, None), (-99, 0), (-300, 30), (-400, None)]
    over_first, over_last, to_come, until_today, until_later, for_good = map(work, days)
    page = client.get(reverse("directory:professional", args=[someone.pk]))
    expected = [for_good, until_later, until_today, to_come, over_last, over_first]
    assert [one for one, _ in page.context["rows"]] == expected


def test_five_thousand_colleagues_cost_no_more_and_stay_quick(
    client: Client, town: Town, queries: Any
) -> None:
    sign_in(client, town.aude)
    people = [
        Professional(
            operator=town.operator,
            family_name=f"Nom{number}",
            given_name="Jeanne",
            search_text=searched(f"Nom{number}", "Jeanne"),
        )
        for number in range(5000)
    ]
    Professional.objects.bulk_create(people, batch_size=500)
    Membership.objects.bulk_create(
        [
            Membership(
                operator=town.operator,
                professional=one,
                establishment=town.ehpad,
                profession="nurse",
                starts_on=town.alice.starts_on,
            )
            for one in people
        ],
        batch_size=500,
    )
    listing = reverse("directory:professional_list")
    for words in ("", "jeanne nom49", "tilleuls infirm", "martel"):
        with queries(at_most=12):
            page = client.post(listing, {"q": words})
        assert page.status_code == 200
    actor = actor_of(town.aude)
    begun = perf_counter()
    list(staff_found(actor, "tilleuls nom499")[:50])
    assert perf_counter() - begun < 1, "60 ms on a quiet machine"
