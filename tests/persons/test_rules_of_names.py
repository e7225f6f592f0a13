"""Names as compared, searched and heard."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.persons.admissions import traits
from virage.persons.rules.likeness import likeness
from virage.persons.rules.names import (
    first_given_name,
    lost_spelling,
    name_sound,
    readable_name,
    search_form,
    search_text,
    strict_form,
)


@pytest.mark.parametrize(
    ("typed", "strict"),
    [
        ("de la Rochefoucauld-Montbéliard", "DE LA ROCHEFOUCAULD-MONTBELIARD"),
        ("  N’Guessan   Kouamé ", "N'GUESSAN KOUAME"),
        ("Œuvrard", "OEUVRARD"),
        ("Öztürk‑Straße", "OZTURK-STRASSE"),
        ("Søren Łukasz", "SOREN LUKASZ"),
        ("Petit (2)", "PETIT"),
        ("", ""),
    ],
)
def test_the_strict_form_keeps_hyphen_and_apostrophe_alone(typed: str, strict: str) -> None:
    assert strict_form(typed) == strict


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(
            ("Héloïse", "Héloïse"),
            ("de  Bray", "de Bray"),
            ("McKay", "McKay"),
            ("Œuvrard", "Œuvrard"),
        ),
        *(("LAMBERT", ""), ("lambert", ""), ("Le Goff", ""), ("Marie-Rose", ""), ("", "")),
    ],
)
def test_what_the_strict_form_cannot_give_back_is_the_lost_spelling(typed: str, kept: str) -> None:
    assert lost_spelling(typed) == kept


@given(st.text(max_size=60))
def test_forms_are_stable_and_plain(text: str) -> None:
    strict = strict_form(text)
    assert strict_form(strict) == strict
    assert set(strict) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ'- ")
    assert search_form(search_form(text)) == search_form(text)


@pytest.mark.parametrize("words", ["angelo", "dangelo", "D'Angelo", "ève"])
def test_the_search_column_holds_every_way_to_type_a_name(words: str) -> None:
    column = search_text("D'Angelo", "Ève", "")
    assert all(f" {word}" in column for word in search_form(words).split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Petit", "Jeanne"), ("PETIT", "Jeannine")),
        (("Lefèvre", "Paul"), ("Lefebvre", "Paule")),
        (("Martin", "Élise"), ("Martins", "Elisa")),
        (("Quintard", "Luc"), ("Kintar", "Lucas")),
    ],
)
def test_names_said_alike_share_their_sound(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert name_sound(*one) == name_sound(*other)


def test_other_names_do_not() -> None:
    assert name_sound("Petit", "Jeanne") != name_sound("Petit", "Paul")
    assert name_sound("Martin", "Élise") != name_sound("Marin", "Élise")


def test_given_names_of_birth() -> None:
    assert first_given_name("MARIE-ANTOINETTE, ÈVE") == "MARIE-ANTOINETTE"
    assert first_given_name(" , ") == ""


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("DUPOND", "Dupond"),
        ("MARIE-ANTOINETTE", "Marie-Antoinette"),
        ("D'ANGELO", "D'Angelo"),
        ("LEFÈVRE", "Lefèvre"),
        ("DE LA ROCHEFOUCAULD-MONTBELIARD", "De La Rochefoucauld-Montbeliard"),
        ("de la Rochefoucauld-Montbéliard", "de la Rochefoucauld-Montbéliard"),
        ("d’Ormesson", "d’Ormesson"),
        ("McKenzie", "McKenzie"),
        ("", ""),
    ],
)
def test_capitals_are_read_as_a_name_is_written(name: str, read: str) -> None:
    assert readable_name(name) == read


@pytest.mark.parametrize(
    ("changes", "is_asked"),
    [
        ({}, True),
        ({"birth_family_name": "Lembert"}, True),
        ({"birth_on": date(1941, 12, 3)}, True),
        ({"birth_on": date(1941, 3, 13)}, True),
        ({"birth_on": date(1941, 3, 23)}, True),
        ({"birth_on": None}, True),
        ({"birth_on": date(1960, 7, 1)}, True),
        ({"birth_on": date(1960, 7, 1), "birth_family_name": "Durand"}, False),
        ({"birth_family_name": "Durand"}, True),
        ({"birth_family_name": "Durand", "first_birth_given_name": "Odile"}, False),
        ({"birth_family_name": "Durand", "used_family_name": "Lambert"}, True),
    ],
)
def test_a_human_is_asked_about_likely_doubles(changes: dict[str, object], is_asked: bool) -> None:
    assert bool(likeness(traits(**changes), traits(), bears_ins=False)) == is_asked


def test_a_namesake_is_said_to_be_of_another_birth_date() -> None:
    typed, known = traits(birth_on=date(1936, 12, 12)), traits(birth_on=date(1936, 12, 21))
    asked = ["Mêmes nom et prénom", "Date de naissance différente"]
    assert likeness(typed, known, bears_ins=False) == asked


def test_the_same_ins_is_enough() -> None:
    other = traits(birth_family_name="Zola", birth_on=date(1999, 1, 1))
    assert likeness(other, traits(), bears_ins=True) == ["Même matricule INS"]
