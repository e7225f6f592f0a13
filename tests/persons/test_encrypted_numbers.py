"""The numbers of a person lie encrypted, are found by their hash, and follow a change of key."""

from itertools import islice
from uuid import UUID

import pytest
from django.db import connection, models
from django.db.models.functions import Cast

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.foundation.encryption import actions, keys
from virage.foundation.encryption.columns import encrypt_columns_again, encrypt_rows
from virage.foundation.encryption.values import key_id_of
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Coverage, Person, PersonIdentifier
from virage.persons.queries.numbers import bearing_ins
from virage.persons.queries.searching import search

INS, LOCAL = "241039910100192", "3990000101/ab-204"
pytestmark = pytest.mark.django_db


@pytest.fixture
def rose(town: Town) -> Person:
    """Someone with her INS, a local number and a cover."""
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    rose.ins_value = INS
    rose.save()
    PersonIdentifier.objects.create(person=rose, kind="PI", value=LOCAL)
    Coverage.objects.create(person=rose, insured_number=INS)
    return rose


def stored() -> list[str]:
    """Return what the columns hold."""
    columns = ((Person, "ins_value"), (PersonIdentifier, "value"), (Coverage, "insured_number"))
    return [
        model.objects.values_list(Cast(name, models.TextField()), flat=True).get()
        for model, name in columns
    ]


def put_in_clear(rose: Person) -> None:
    """Write as before encryption."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_person SET ins_value = %s", [INS])
        cursor.execute("UPDATE persons_personidentifier SET value = %s", [LOCAL])
        cursor.execute("UPDATE persons_coverage SET insured_number = %s", [INS])


def found(town: Town, text: str) -> list[UUID]:
    with collecting_reads():
        return [row.person_id for row in search(actor_of(town.sofia), text).rows]


def check_all_is_read_and_found(town: Town, rose: Person) -> None:
    assert Person.objects.get(pk=rose.pk).ins_value == INS
    assert PersonIdentifier.objects.get().value == LOCAL
    assert Coverage.objects.get().insured_number == INS
    mine = Person.objects.filter(bearing_ins(town.operator.pk, [INS]))
    assert mine.get() == rose
    for text in (INS, "3990000101/AB-204", "ab-204"):
        assert found(town, text) == [rose.pk], text


def test_numbers_are_encrypted_and_found(town: Town, rose: Person) -> None:
    assert not [one for one in stored() if INS in one or LOCAL in one.casefold()]
    check_all_is_read_and_found(town, rose)


def test_another_operator_finds_nothing_by_the_same_number(town: Town, rose: Person) -> None:
    assert not Person.objects.filter(bearing_ins(town.other_operator.pk, [INS])).exists()
    assert found(town, "204") == []


def test_no_query_compares_a_number_in_clear(rose: Person) -> None:
    with pytest.raises(TypeError, match="hash"):
        Person.objects.filter(ins_value=INS).exists()
    with pytest.raises(TypeError, match="hash"):
        Person.objects.update(ins_value=INS)


def test_what_stood_in_clear_is_encrypted_once(town: Town, rose: Person) -> None:
    put_in_clear(rose)
    rows = [list(encrypt_rows(one)) for one in (Person, PersonIdentifier, Coverage)]
    assert [len(one) for one in rows] == [1, 1, 1]
    assert list(encrypt_rows(Person)) == []
    check_all_is_read_and_found(town, rose)


def test_a_change_of_key_cut_short_reads_finds_and_goes_on(town: Town, rose: Person) -> None:
    key = actions.begin_rotation(town.operator.pk)
    assert len(list(islice(encrypt_columns_again(town.operator.pk), 1))) == 1
    keys.forget()
    check_all_is_read_and_found(town, rose)
    assert len(list(encrypt_columns_again(town.operator.pk))) == 2
    assert {key_id_of(one.rpartition(".")[2]) for one in stored()} == {key.pk}
    check_all_is_read_and_found(town, rose)
