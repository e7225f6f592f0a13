"""Rules of transmissions and of volets: what refuses a text, how far each volet is open."""

import pytest

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import Grant
from virage.record.rules import (
    LONGEST_TEXT,
    VOLET_SLUGS,
    VOLETS_BY_SLUG,
    excerpt,
    opening_of,
    text_faults,
)


@pytest.mark.parametrize(
    ("cells", "is_open", "said"),
    [
        ([Grant(Cell.READ), Grant(Cell.WRITE)], True, ""),
        ([Grant(Cell.READ, 72)], True, "ce qui y a été saisi dans les 72 dernières heures"),
        ([Grant(Cell.OWN), Grant(Cell.WRITE)], True, "ce que vous y avez écrit"),
        (
            [Grant(Cell.ALERTS), Grant(Cell.PUBLISHED)],
            True,
            "ce que son auteur partage avec l’équipe",
        ),
        ([Grant(Cell.ALERTS)], False, "n’y ouvre que les alertes"),
        ([Grant(Cell.COUNT)], False, "n’y ouvre que les nombres"),
        ([Grant(Cell.NONE)], False, "ne l’ouvre pas à la profession"),
        ([], False, "ne l’ouvre pas à la profession"),
    ],
)
def test_an_opening_says_its_rule(cells: list[Grant], is_open: bool, said: str) -> None:
    opening = opening_of(cells, "Éducatrice, éducateur")
    assert opening.is_open is is_open
    assert said in opening.rule
    assert opening.note == (opening.rule if is_open else "")


def test_every_volet_has_its_own_address() -> None:
    assert set(VOLET_SLUGS) == set(Volet)
    assert len(VOLETS_BY_SLUG) == len(Volet)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("A bien dormi.", "A bien dormi."),
        ("A bien dormi.\r\n\r\nA bien mangé.", "A bien dormi. A bien mangé."),
        ("a" * 80, "a" * 80),
        ("a" * 81, "a" * 80 + "\u00a0…"),
        ("a" * 76 + " bcd ef", "a" * 76 + " bcd\u00a0…"),
        ("a" * 77 + " bcd ef", "a" * 77 + "\u00a0…"),
        ("a" * 70 + " douleur\u00a0: 3 sur 10", "a" * 70 + " douleur\u00a0:\u00a0…"),
    ],
)
def test_an_excerpt_keeps_words_whole(text: str, begins: str) -> None:
    assert excerpt(text) == begins


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("Bien dormi.", LONGEST_TEXT, ""),
        ("a" * LONGEST_TEXT, LONGEST_TEXT, ""),
        (" \n", LONGEST_TEXT, "Écrivez la transmission"),
        ("a" * 10_001, LONGEST_TEXT, "10 001 caractères : 10 000 au plus"),
        ("a" * 10_001, 10_001, ""),
    ],
)
def test_a_text_is_neither_empty_nor_endless(text: str, most: int, said: str) -> None:
    messages = text_faults(text, most)
    assert (messages == []) if not said else (said in messages[0])
