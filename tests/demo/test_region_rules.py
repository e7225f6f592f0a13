"""What the region tells is true of whom it is told, before any record is written."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from virage.demo.region import builder, plan
from virage.demo.region.plan import Kind, is_open, kinds
from virage.demo.region.staff import Colleague, Contract, Team
from virage.demo.region.voices import Voice
from virage.demo.region.wording import Word, agenda, everyday, stories
from virage.directory.models import (
    Membership,
    Professional,
)
from virage.foundation.access.matrix import shipped

# What is told of a child, and of nobody who may be eighteen.
CHILDISH = re.compile(r"récréation|[Cc]artable|[Dd]essin|album|doudou|en images|a joué|camarade")


def test_nothing_of_a_child_is_told_of_an_adolescent() -> None:
    told = [text for group in everyday("sessad") if _suits(group) for text in group.texts]
    told += [step.text for story in stories("sessad") if _suits(story) for step in story.steps]
    assert len(told) > 20
    assert [text for text in told if CHILDISH.search(text)] == []


def _suits(told: Any) -> bool:
    """Whether this may be told in the team of the adolescents, of whatever else is true of them."""
    return "adolescent" not in told.unless


def _team(kind: Kind, contract: Contract) -> Team:
    """Four people in each kind of post, under the same contract."""
    return Team(
        [
            Colleague(
                membership=Membership(professional=Professional(family_name="Loriot")),
                actor=None,  # type: ignore[arg-type]
                post=post,
                rank=rank,
                unit=None,
                contract=contract,
            )
            for post in kind.posts
            for rank in range(4)
        ]
    )


FORTNIGHT = [date(2026, 3, 2) + timedelta(days=count) for count in range(14)]


def test_who_is_on_leave_or_at_rest_is_not_at_work() -> None:
    days = FORTNIGHT
    off = frozenset({days[3].toordinal()})
    team = _team(kinds()["ehpad"], Contract(starts_on=days[1], ends_on=days[10], off=off))
    there = {day: team.at_work("care_assistant", "morning", day) for day in days}
    assert not any(there[days[at]] for at in (0, 3, 11, 12, 13))
    assert there[days[1]]
    assert all(len(one.moments_on(day)) <= 3 for day in days for one in team.colleagues)
    nights = [team.at_work("night_watch", "night", day) for day in days[1:3] + days[4:11]]
    assert all(nights), "someone watches every night"


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.key)
def test_someone_works_when_each_text_is_written(kind: Kind) -> None:
    team = _team(kind, Contract(starts_on=FORTNIGHT[0], ends_on=None, off=frozenset()))
    steps = [(one.profession, one.moment) for story in stories(kind.key) for one in story.steps]
    groups = [(each, one.moment) for one in everyday(kind.key) for each in one.professions]
    for profession, moment in {*steps, *groups}:
        assert any(team.at_work(profession, moment, day) for day in FORTNIGHT), (profession, moment)


def test_schools_close_for_the_holidays() -> None:
    ime, ehpad = kinds()["ime"], kinds()["ehpad"]
    assert not is_open(ime, date(2026, 2, 18))
    assert not is_open(ime, date(2026, 8, 4))
    assert not is_open(ime, date(2025, 12, 25))
    assert is_open(ime, date(2026, 3, 11))
    assert is_open(ehpad, date(2025, 12, 25))
    savs = kinds()["savs"]
    assert not any(is_open(savs, date(2026, *day)) for day in ((4, 6), (5, 14), (5, 25)))
    assert is_open(savs, date(2026, 4, 7))


def test_every_text_finds_its_words() -> None:
    """A word is one that everyone of the kind has, or that of a relative the text asks for."""
    always = {"nom", "prenom", "poids", "tension"}
    for kind in kinds().values():
        words = [set(plan.courses()[unit.profile].words) for unit in kind.units]
        shared = always.union(set.intersection(*words))
        own = always.union(*words)
        written = {post.profession for post in kind.posts}
        groups = [(one.texts + one.then, one.needs) for one in everyday(kind.key)]
        groups += [((step.text,), one.needs) for one in stories(kind.key) for step in one.steps]
        groups += [(one.reports, ()) for one in agenda().events if kind.key in one.establishments]
        for texts, needs in groups:
            known = (own if needs else shared) | set(needs)
            assert {word for text in texts for word in Word.findall(text)} <= known, texts
        for one in everyday(kind.key):
            assert written & set(one.professions), (kind.key, one)
            assert all(one.volet in shipped().writable_volets(each) for each in one.professions), (
                one
            )
        for story in stories(kind.key):
            for step in story.steps:
                assert step.volet in shipped().writable_volets(step.profession), step


def test_a_person_is_the_same_all_along() -> None:
    voice = Voice(
        is_female=True,
        born_on=date(1940, 5, 2),
        traits=frozenset({"canne"}),
        words={"nom": "Mme Loriot", "prenom": "Élise", "loisir": "le tricot"},
        kilograms=60,
        tension=13,
    )
    draw = builder.Draw("voice")
    day = date(2026, 3, 11)
    assert (
        voice.said("Fatigué<|e>. {loisir} lui plaît.", day, draw)
        == "Fatiguée. Le tricot lui plaît."
    )
    assert voice.said("Retour de {prenom}, envie de un jeu.", day, draw) == (
        "Retour d’Élise, envie d’un jeu."
    )
    weights = [voice.weight_on(day + timedelta(days=30 * month)) for month in range(24)]
    assert all(57 < weight < 63 for weight in weights)
    assert all(abs(a - b) < 1 for a, b in zip(weights, weights[1:], strict=False))
    texts = ("Un.", "Deux.", "Trois.")
    told = [draw.fresh(texts, voice.told) for _ in range(30)]
    assert set(told[:3]) == set(texts)
    assert all(one != after for one, after in zip(told, told[1:], strict=False))
    children = [replace(voice, born_on=date(2026 - age, 3, 11)) for age in (6, 12)]
    assert [15 < child.weight_on(day) < 50 for child in children] == [True, True]
