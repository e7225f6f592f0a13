"""Every page has its help, and every step of a visit stands on a page that its trade may open."""

import pytest

from tests.access import matrix_file
from tests.access.url_cases import CLASSES, holds
from tests.access.url_town import Role
from virage.foundation.content.loader import load
from virage.foundation.guide.queries import every_help
from virage.foundation.guide.rules import Visit, Visits

VISITS = load("help", "visits", Visits).visits
ANSWERS_A_MACHINE = {"ui:alive", "ui:ready", "observing:metrics"}


def test_every_page_has_its_help() -> None:
    pages = {name for name, given in CLASSES.items() if "get" in given} - ANSWERS_A_MACHINE
    assert {name for name in pages if every_help().topic_for(name) is None} == set()


def test_no_help_takes_in_the_pages_to_come() -> None:
    """A pattern that names a whole room would give a new page the help of another."""
    patterns = [pattern for one in every_help().topics for pattern in one.doors]
    assert [pattern for pattern in patterns if pattern.endswith(":*")] == []


def test_no_help_is_about_nothing() -> None:
    found = (every_help().topic_for(name) for name in CLASSES)
    used = {one.key for one in found if one} | {"double-preuve"}
    assert {one.key for one in every_help().topics} - used == set()


def test_the_index_has_each_topic_under_one_heading() -> None:
    indexed = [topic.key for _, topics in every_help().index for topic in topics]
    assert sorted(indexed) == sorted(one.key for one in every_help().topics)


def test_help_is_short() -> None:
    words = {one.key: len(" ".join(one.text).split()) for one in every_help().topics}
    assert not {key: count for key, count in words.items() if count > 120}


def test_each_word_for_a_trade_names_a_trade() -> None:
    named = {key for one in every_help().topics for key in one.for_professions}
    assert named <= set(matrix_file.PROFESSIONS)


def test_every_trade_has_one_visit() -> None:
    named = [one for visit in VISITS for one in visit.professions]
    assert sorted(named) == sorted(set(matrix_file.PROFESSIONS) - {"system"})


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.key)
def test_a_visit_takes_ten_minutes(visit: Visit) -> None:
    assert len(visit.steps) == 8
    assert 7.5 <= visit.minutes <= 10
    words = [len(one.text.split()) for one in visit.steps]
    assert max(words) <= 60


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.key)
def test_its_steps_open_to_its_trades(visit: Visit) -> None:
    closed = [
        (profession, step.door)
        for profession in visit.professions
        for step in visit.steps
        if not holds(CLASSES[step.door]["get"], Role(None, profession, False))
    ]
    assert closed == []


def test_texts_are_plain() -> None:
    """No straight apostrophe: the house's typesetting reads YAML values for spaces alone."""
    texts = " ".join(step.text for visit in VISITS for step in visit.steps)
    texts += " ".join(line for one in every_help().topics for line in one.text)
    assert "'" not in texts
