"""A file of many things is treated at a cost that follows their number, and not its square."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

import pytest
from pytest_django import Settings

from tests.exchange.samples import file_of, receive, record, stay
from tests.factories.town import Town, actor_of
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.queries.reading import read_file
from virage.exchange.rules.arrival import faults_on_arrival
from virage.exchange.rules.shelving import shelves_of, volet_of_leftover
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded

PART = "/ClinicalDocument/component/structuredBody/component[{}]/section/{}"


def stays(*dates: tuple[date | None, date | None]) -> list[transit.Stay]:
    return [
        replace(
            stay(),
            key=f"s{rank}",
            identifier=replace(stay().identifier, value=f"s{rank}"),
            path=f"s{rank}",
            entered_on=entered_on,
            exited_on=exited_on,
        )
        for rank, (entered_on, exited_on) in enumerate(dates)
    ]


def overlaps(sample: Iterable[transit.Stay], town: Town) -> list[str]:
    found = faults_on_arrival(
        record(stays=list(sample)),
        at=actor_of(town.sofia).at,
        is_demo=True,
        known_statuses={"PROV"},
        needs={},
    )
    return [one.path for one in found if one.code == "stays_overlap"]


def test_an_overlap_is_said_once_for_each_stay(town: Town) -> None:
    many = stays(*[(date(2024, 2, 1), None)] * 300)
    assert len(overlaps(many, town)) == 299
    for place in ("structure", "unit_name"):
        elsewhere = [replace(one, **{place: one.key}) for one in many]
        assert overlaps(elsewhere, town) == []


def test_which_stays_overlap(town: Town) -> None:
    day = date(2024, 2, 1)
    following = stays((date(2024, 3, 1), None), (day, date(2024, 3, 1)), (None, None), (day, day))
    assert overlaps(following, town) == []
    # The second is over before the third begins, not the first.
    inside = stays((day, None), (date(2024, 3, 1), date(2024, 4, 1)), (date(2024, 5, 1), None))
    assert overlaps(inside, town) == ["s1", "s2"]


def test_what_is_found_on_arrival_is_bounded_as_the_rest(town: Town, settings: Settings) -> None:
    content = file_of(record(stays=stays(*[(date(2024, 2, 1), None)] * 40)))
    settings.IMPORT_MAX_ENTRIES = len(read_file(content).findings) + 38
    received = receive(actor_of(town.sofia), content)
    assert received.state == ImportState.REFUSED
    assert received.lines.get(level=LineLevel.REFUSAL).code == "too_many_entries"


def test_answers_that_come_again_are_not_compared_two_by_two(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def graded(words: str) -> bytes:
        answers = [
            transit.Answer(link_id=f"e{rank}", text=words, value=rank, value_kind="integer")
            for rank in range(200)
        ]
        sample = record()
        sample.evaluations[0] = replace(sample.evaluations[0], answers=answers)
        return file_of(sample)

    receive(actor_of(town.sofia), graded("Douleur"), unit=town.unit_a)
    comparisons = 0
    equal = transit.Answer.__eq__

    def counted(one: transit.Answer, other: object) -> bool:
        nonlocal comparisons
        comparisons += 1
        return equal(one, other)

    monkeypatch.setattr(transit.Answer, "__eq__", counted)
    again = receive(actor_of(town.sofia), graded("Gêne"), unit=town.unit_a)
    assert again.lines.filter(code="differs_from_held").count() == 1
    assert comparisons < 1000


class Unlisted(dict[str, Volet]):
    """Shelves that may be asked for one name, and not gone through."""

    def items(self) -> NoReturn:
        raise AssertionError

    __iter__ = items  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("path", "volet"),
    [
        (PART.format(1, "text"), Volet.CARE),
        (PART.format(2, "text"), Volet.MEDICAL),
        (PART.format(3, "text"), Volet.MEDICAL),
        ("Bundle.entry[3].resource", Volet.MEDICAL),
    ],
    ids=["one volet", "two volets", "nothing beside", "no section"],
)
def test_what_a_section_says_is_shelved_without_going_through_all(path: str, volet: str) -> None:
    def event(rank: int, place: str, **said: Any) -> transit.Event:
        return transit.Event(key=f"e{rank}", path=place, **said)

    serafin = Coded("https://smt.esante.gouv.fr/terminologie-SERAFINPH", "2.3.4.1")
    events = [
        event(1, PART.format(1, "entry[1]")),
        event(2, PART.format(1, "entry[2]")),
        event(3, PART.format(2, "entry[1]")),
        event(4, PART.format(2, "entry[2]"), types=[serafin]),
    ]
    nurse = transit.Professional(key=PART.format(1, "entry[1]/performer"))
    shelves = shelves_of(record(events=events, professionals=[nurse]))
    narrative = transit.Leftover(key="t", kind="cda-element", path=path, title="Texte", content="")
    assert volet_of_leftover(narrative, Unlisted(shelves)) == volet
