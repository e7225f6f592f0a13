"""A list of five thousand usagers costs the statements of a list of fourteen."""

from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from tests.factories.people import welcome
from tests.factories.town import Town, sign_in
from virage.directory.models import Room
from virage.foundation.access.enums import SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.ui.paging import PAGE_SIZE
from virage.persons.models import Person, Stay
from virage.persons.queries.searching import MOST_FOUND

FEW, MANY = 14, 5000


def test_statements_do_not_follow_the_number_of_usagers(
    client: Client, town: Town, queries: Any
) -> None:
    """For who reaches a unit and for who reaches the operator, on a page short, then full."""
    welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    costs: dict[str, set[tuple[int, int]]] = {"alice": set(), "gaspard": set()}
    for number in (FEW, MANY):
        _fill(town, number + 1 - Person.objects.count())
        for who, cost in costs.items():
            sign_in(client, getattr(town, who))
            with queries(at_most=12) as listed:
                page = client.get("/usagers/")
            with queries(at_most=12) as searched:
                found = client.post("/usagers/recherche/", {"q": "lambert"}).context["found"]
            cost.add((len(listed), len(searched)))
            # Nobody of the other unit is counted for Alice.
            assert page.context["paging"].counted == number + (who == "gaspard")
            assert len(page.context["paging"].rows) == min(PAGE_SIZE, number + (who == "gaspard"))
            assert len(found.rows) == min(MOST_FOUND, number)
            assert found.rows[0].room
    assert [len(cost) for cost in costs.values()] == [1, 1]


def _fill(town: Town, number: int) -> None:
    """Add usagers to Alice's unit, in bulk: five thousand gestures would take minutes."""
    operator, entered_on = town.operator, date(2025, 1, 6)
    subjects = [Subject(operator_id=operator.pk, kind=SubjectKind.PERSON) for _ in range(number)]
    Subject.objects.bulk_create(subjects)
    persons = [
        Person(
            operator=operator,
            subject=subject,
            birth_family_name="LAMBERT",
            first_birth_given_name=f"ROSE{index}",
            search_text=f" LAMBERT ROSE{index}",
        )
        for index, subject in enumerate(subjects, start=Person.objects.count())
    ]
    Person.objects.bulk_create(persons)
    places = {"operator": operator, "establishment": town.ehpad, "unit": town.unit_a}
    rooms = [Room(unit=town.unit_a, name=one.first_birth_given_name) for one in persons]
    Room.objects.bulk_create(rooms)
    Stay.objects.bulk_create(
        Stay(person=one, subject=one.subject, room=room, entered_on=entered_on, **places)
        for one, room in zip(persons, rooms, strict=True)
    )
    if connection.vendor == "postgresql":  # as it does by itself within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
