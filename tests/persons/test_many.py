"""A list of five thousand usagers costs the statements of a list of fourteen."""

from datetime import date
from typing import Any

from django.test import Client

from tests.factories.people import welcome
from tests.factories.town import Town, sign_in
from virage.foundation.access.enums import SubjectKind
from virage.foundation.access.models import Subject
from virage.persons.models import Person, Stay

FEW, MANY = 14, 5000


def test_statements_do_not_follow_the_number_of_usagers(
    client: Client, town: Town, queries: Any
) -> None:
    welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    sign_in(client, town.alice)
    counts = []
    for number in (FEW, MANY):
        _fill(town, number + 1 - Person.objects.count())
        with queries(at_most=12) as listed:
            page = client.get("/usagers/")
        with queries(at_most=12) as searched:
            client.post("/usagers/recherche/", {"q": "lambert"})
        counts.append((len(listed), len(searched)))
        # Nobody of the other unit is counted.
        assert page.context["paging"].counted == number
    assert counts[0] == counts[1]


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
        for index, subject in enumerate(subjects)
    ]
    Person.objects.bulk_create(persons)
    places = {"operator": operator, "establishment": town.ehpad, "unit": town.unit_a}
    Stay.objects.bulk_create(
        Stay(person=one, subject=one.subject, entered_on=entered_on, **places) for one in persons
    )
