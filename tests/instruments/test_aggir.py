"""AGGIR as the law computes it, on the whole of its combinations."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from virage.foundation.content import loader
from virage.foundation.content.loader import load
from virage.instruments.rules import aggir
from virage.instruments.rules.aggir import FIRST, LETTERS, gir_of, mean_points, moves, table
from virage.instruments.rules.gir import gir_told
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Function, Instrument
from virage.instruments.rules.results import frozen
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.shipped import faults_among

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


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instrument]:
    """The grid of a law to come: an adverb that lacks makes a C, and GIR 1 begins lower."""
    content = tmp_path / "content"
    shutil.copytree(loader.ROOT, content)
    for name, before, after in (
        ("adverbs", "3: B, 2: B, 1: B", "3: C, 2: C, 1: C"),
        ("groups", "[[4380, 1]", "[[4200, 1]"),
    ):
        text = (content / "aggir" / name / f"{FIRST}.yaml").read_text()
        assert before in text
        text = text.replace(before, after).replace(FIRST, "2030-01-01")
        (content / "aggir" / name / "2030-01-01.yaml").write_text(text)
    monkeypatch.setattr(loader, "ROOT", content)
    monkeypatch.setattr(aggir, "FOLDER", content / "aggir")
    yield replace(
        INSTRUMENT,
        version="2030",
        tables={Function.ADVERBS: "2030-01-01", Function.AGGIR: "2030-01-01"},
    )
    table.cache_clear()
    aggir.adverbs.cache_clear()


def test_a_version_of_the_grid_is_read_for_ever_by_the_tables_that_it_names(
    later: Instrument,
) -> None:
    gestures = [gesture for group in GESTURES for gesture in GESTURES[group]][1:]
    answers = dict.fromkeys(gestures, Given(ALL)) | {"way": Given("adverbs")}
    answers |= {"washing_top": Given(ALL[:3]), "washing_bottom": Given(ALL[:3])}
    for one, letter, version in ((INSTRUMENT, "B", FIRST), (later, "C", "2030-01-01")):
        result = scored(one, answers)["washing"]
        assert result.band and result.band.label == letter
        assert f"règle {version}, à confirmer" in scored(one, answers)["washing_top_worth"].because
    girs = []
    for one in (INSTRUMENT, later):
        letters = {f"{name}_letter": Given("c") for name in table().variables}
        letters |= {"way": Given("letters"), "indoors_letter": Given("a")}
        scores = frozen(
            one, letters | {"outdoors_letter": Given("a"), "alerting_letter": Given("a")}
        )
        told = gir_told(one, scores)
        assert told and told.table == one.table_of(Function.AGGIR)
        girs.append((told.passes[-1].rpartition(" ")[2], len(told.passes)))
    assert girs == [("2.", 1), ("1.", 1)]


def test_a_grid_names_tables_that_exist_and_that_are_read(later: Instrument) -> None:
    assert list(faults_among({"aggir/2030": later})) == []
    gone = replace(later, tables={Function.ADVERBS: "2040"})
    (fault,) = faults_among({"aggir/2030": gone})
    assert "adverbs/2040" in fault
    with pytest.raises(ValueError, match="ne lit aucune table"):
        replace(later, tables={Function.PERCENT_LOST: FIRST})
