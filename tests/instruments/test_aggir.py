"""AGGIR as the law computes it, on the whole of its combinations."""

from collections import Counter
from decimal import Decimal
from itertools import product

import pytest

from virage.foundation.content.loader import load
from virage.instruments.rules.aggir import LETTERS, gir_of, mean_points, moves, table
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.scoring import scored

EVERY = list(product(LETTERS, repeat=8))


def test_every_combination_is_counted_as_the_law_counts_it() -> None:
    reached = [gir_of(letters) for letters in EVERY]
    assert Counter(one.gir for one in reached) == {1: 8, 2: 3208, 3: 2400, 4: 760, 5: 157, 6: 28}
    ranks = Counter(one.rank for one in reached)
    counts = [8, 131, 414, 1085, 4, 336, 1238, 1253, 1147, 490, 270, 157, 28]
    assert [ranks[rank] for rank in range(1, 14)] == counts


@pytest.mark.parametrize(
    ("letters", "rank", "gir"),
    [
        ("CCCCCCCC", 1, 1),
        ("CCAAAAAA", 4, 2),
        ("AACCCCCC", 5, 2),
        ("BBBBBBBB", 10, 4),
        ("CBBBBBBB", 9, 3),
        ("BBCCBBAA", 9, 3),
        ("AABBAAAA", 11, 4),
        ("AABAAAAA", 12, 5),
        ("AAAAAABA", 12, 5),
        ("AAAAAAAC", 13, 6),
        ("AAAAAAAA", 13, 6),
    ],
)
def test_known_cases(letters: str, rank: int, gir: int) -> None:
    assert (gir_of(letters).rank, gir_of(letters).gir) == (rank, gir)


def test_what_decided_is_the_last_pass() -> None:
    *before, last = gir_of("CCAAAAAA").passes
    assert [(one.group, one.points, one.threshold) for one in before] == [("A", 3200, None)]
    assert (last.group, last.points, last.threshold) == ("B", 2700, 2016)
    assert {one.threshold for one in gir_of("AAAAAAAA").passes} == {None}


def test_thirty_worsenings_give_a_lesser_dependency() -> None:
    """Sixteen on the transfers from B to C, fourteen indoors from A to B: always by one."""
    found = Counter(
        (move.variable, letters[table().variables.index(move.variable)] + move.letter)
        for letters in EVERY
        for move in moves(letters)
        if move.is_surprising and move.gir == gir_of(letters).gir + 1
    )
    # From A to C at once: two of the fourteen, whatever the B between.
    assert found == {("transfers", "BC"): 16, ("indoors", "AB"): 14, ("indoors", "AC"): 2}
    assert [(one.letter, one.gir) for one in moves("AAAAAABA") if one.is_surprising] == [("C", 6)]
    assert [(one.letter, one.gir) for one in moves("AAAAABCA") if one.is_surprising] == [("B", 4)]


def test_the_mean_of_a_house_leaves_out_who_is_not_assessed() -> None:
    assert mean_points({1: 1, 4: 2}) == Decimal("613.33")
    assert mean_points({}) is None
    assert mean_points({1: 1, 6: 15}) == Decimal("128.13"), "a half goes up: 128.125"


INSTRUMENT = load("instruments", "aggir/2008", Instrument)
ALL = ("spontaneously", "totally", "correctly", "usually")
GESTURES = {group.id: [item.id for item in group.items] for group in INSTRUMENT.groups}


def test_the_grid_by_letters_gives_the_gir_of_the_law() -> None:
    answers = {
        f"{name}_letter": Given("a") for name in (*table().variables, "outdoors", "alerting")
    }
    answers |= {"way": Given("letters"), "transfers_letter": Given("b")}
    assert scored(INSTRUMENT, answers)["gir"].value == gir_of("AAAAAABA").gir


@pytest.mark.parametrize(
    ("variable", "letters", "made"),
    [
        ("washing", "AA", "A"),
        ("washing", "AC", "B"),
        ("washing", "CC", "C"),
        ("dressing", "AAC", "B"),
        ("dressing", "CCC", "C"),
        ("feeding", "AC", "B"),
        ("feeding", "BC", "C"),
        ("feeding", "CB", "C"),
        ("feeding", "BB", "B"),
        ("elimination", "AC", "C"),
        ("elimination", "AB", "B"),
        ("coherence", "AC", "C"),
        ("orientation", "BA", "B"),
        ("transfers", "B", "B"),
    ],
)
def test_gestures_make_a_variable(variable: str, letters: str, made: str) -> None:
    done = {"A": ALL, "B": ALL[:2], "C": ()}
    answers = {
        gesture: Given(ALL) for gestures in GESTURES.values() for gesture in gestures[:3]
    } | {"way": Given("adverbs")}
    for gesture, letter in zip(GESTURES[f"{variable}_gestures"], letters, strict=True):
        answers[gesture] = Given(done[letter])
    results = scored(INSTRUMENT, answers)
    band = results[variable].band
    assert band and band.label == made
    place = table().variables.index(variable)
    expected = gir_of(["A"] * place + [made] + ["A"] * (7 - place)).gir
    assert results["gir"].value == expected
