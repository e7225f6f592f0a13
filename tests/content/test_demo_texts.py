"""The demo's texts read well for anyone, and each has someone who may write it."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from virage.demo import people, texts
from virage.documents.enums import Confidentiality
from virage.foundation.access.matrix import shipped
from virage.foundation.content import nomenclature

UNITS = {unit.name: plan.key for plan in people.structures().establishments for unit in plan.units}


def _works_in(profession: str, establishment: str, unit: str) -> bool:
    return any(
        situation.profession == profession
        and situation.establishment == establishment
        and (not situation.units or unit in situation.units)
        for member in people.staff()
        for situation in member.situations
    )


def _written() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], str, str]]:
    """Yield (what, establishments, units, volet, profession) for each thing written."""
    for bank in texts.note_banks():
        for group in bank.notes:
            for profession in group.professions:
                yield group.texts[0], bank.establishments, group.units, group.volet, profession
    for story in texts.stories():
        for step in story.steps:
            yield story.key, story.establishments, story.units, step.volet, step.profession
    for event in texts.events().events:
        for profession in event.professions:
            yield event.label, event.establishments, (), event.volet, profession
    for plan in texts.evaluations():
        yield plan.key, plan.establishments, (), plan.volet, plan.profession


def _all_texts() -> Iterator[str]:
    for bank in texts.note_banks():
        for group in bank.notes:
            yield from group.texts
    for story in texts.stories():
        yield from (step.text for step in story.steps)
    for event in texts.events().events:
        yield from event.reports
    for document in texts.documents():
        yield from document.paragraphs
    for plan in texts.evaluations():
        yield plan.comment
        yield from (line.answer for line in plan.lines)


def test_the_bank_is_rich() -> None:
    notes = [text for bank in texts.note_banks() for group in bank.notes for text in group.texts]
    assert len(notes) == len(set(notes)) >= 200
    assert len(texts.stories()) >= 15


@pytest.mark.parametrize("is_female", [True, False])
@pytest.mark.parametrize("last", [True, False])
def test_no_mark_is_left(is_female: bool, last: bool) -> None:
    for text in _all_texts():
        written = texts.write_out(
            text,
            name="Mme Favereau",
            given_name="Romane",
            is_female=is_female,
            choose=lambda variants: variants[-1 if last else 0],
        )
        assert not re.search(r"[\[\]{}<>|]", written), text
        assert "  " not in written


def test_text_agrees_with_the_person() -> None:
    text = "{nom} est [calme|fatigué<|e>], <il|elle> reste <seul|seule>."
    assert (
        texts.write_out(
            text, name="M. Bordier", given_name="Guy", is_female=False, choose=lambda each: each[1]
        )
        == "M. Bordier est fatigué, il reste seul."
    )
    assert (
        texts.write_out(
            text, name="Mme Bordier", given_name="Ève", is_female=True, choose=lambda each: each[1]
        )
        == "Mme Bordier est fatiguée, elle reste seule."
    )


def test_given_names_are_never_elided() -> None:
    for text in _all_texts():
        assert not re.search(r"\b(de|que|jusque|d’|qu’) ?\{prenom\}", text), text


def test_texts_are_typeset_as_french_is() -> None:
    typewritten = re.compile(r"\w'[\w<{]| [;:!?»]|« ")
    assert not [text for text in _all_texts() if typewritten.search(text)]


def test_whoever_writes_may_and_works_there() -> None:
    for what, establishments, units, volet, profession in _written():
        assert volet in shipped().writable_volets(profession), (what, profession, volet)
        for establishment in establishments:
            there = units or tuple(u for u, key in UNITS.items() if key == establishment)
            assert any(_works_in(profession, establishment, unit) for unit in there), (
                what,
                profession,
                establishment,
            )


def test_units_named_by_texts_exist() -> None:
    groups = [group for bank in texts.note_banks() for group in bank.notes]
    named = {unit for group in groups for unit in group.units}
    named |= {unit for story in texts.stories() for unit in story.units}
    assert named <= UNITS.keys()


def test_stories_move_forward() -> None:
    for story in texts.stories():
        days = [step.day for step in story.steps]
        assert days[0] == 0
        assert days == sorted(days)
        assert days[-1] <= 30


def test_every_moment_has_its_hours() -> None:
    for earliest, latest in texts.WRITTEN_BETWEEN.values():
        assert earliest < latest
    assert set(texts.WRITTEN_BETWEEN) == set(get_args(texts.Moment))


def test_codes_are_in_their_lists() -> None:
    for event in texts.events().events:
        assert not event.serafin or nomenclature.get("serafin_directes").has(event.serafin)
        if event.transport:
            assert nomenclature.get("transport_mode").has(event.transport.mode)
            nature = event.transport.nature
            assert not nature or nomenclature.get("serafin_transport").has(nature)
    for reason in texts.events().cancel_reasons:
        assert nomenclature.get("non_realisation_reason").has(reason.code)
    for document in texts.documents():
        assert nomenclature.get("document_type").has(document.type)
        assert nomenclature.get("document_class").has(document.category)
        assert document.confidentiality in Confidentiality
    for plan in texts.evaluations():
        assert not plan.type or nomenclature.get("evaluation_type").has(plan.type)
        assert not plan.gir or nomenclature.get("gir").has(plan.gir)
        assert all(nomenclature.get("serafin_besoins").has(code) for code in plan.serafin)
