"""An instrument of a few items, and answers drawn at random to the end of any instrument."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from virage.foundation.access.enums import Volet
from virage.instruments.rules.given import Given, asked
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind


def asking(*items: Item, **more: Any) -> Instrument:
    """An instrument of these items, in one group."""
    texts = {name: name for name in ("id", "version", "title", "summary", "source", "licence")}
    return Instrument(
        **texts,
        volet=Volet.CARE,
        answered_by=("nurse",),
        groups=(Group(id="group", title="Groupe", items=items),),
        **more,
    )


@st.composite
def answered(draw: Any, instrument: Instrument, *, skips: bool = False) -> dict[str, Given]:
    """Answer question after question, until nothing more is asked; who `skips` leaves some of
    those that are not required.
    """
    answers: dict[str, Given] = {}
    skipped: set[str] = set()
    while left := [
        one
        for one in asked(instrument, answers).values()
        if one.id not in answers and one.id not in skipped
    ]:
        if skips and not left[0].required and draw(st.booleans()):
            skipped.add(left[0].id)
        else:
            answers[left[0].id] = draw(given(left[0]))
    return answers


def given(item: Item) -> st.SearchStrategy[Given]:
    """Any answer that an item takes."""
    ways = [value(item).map(Given)]
    if item.may_be_unknown:
        ways.append(st.just(Given(is_unknown=True)))
    if item.may_not_apply:
        ways.append(st.just(Given(not_applicable_because="Alité depuis l’entrée")))
    answers = st.one_of(ways)
    if not item.may_be_commented:
        return answers
    comments = st.sampled_from(("", "Le soir surtout"))
    return st.builds(lambda one, comment: replace(one, comment=comment), answers, comments)


def value(item: Item) -> st.SearchStrategy[Any]:
    """Any value that an item takes."""
    match item.kind:
        case ItemKind.CHOICE:
            return st.sampled_from([option.id for option in item.options])
        case ItemKind.MULTIPLE:
            ids = [option.id for option in item.options]
            return st.lists(st.sampled_from(ids), unique=True).map(tuple)
        case ItemKind.NUMBER:
            return st.decimals(*item.extent, places=item.decimals)
        case ItemKind.DATE:
            return st.dates(date(2020, 1, 1), date(2030, 1, 1))
        case ItemKind.TEXT:
            return st.text(min_size=1, max_size=20)
    cells = {column.id: given(column) for column in item.columns}
    expected = {column.id: cells.pop(column.id) for column in item.columns if column.required}
    row = st.fixed_dictionaries(expected, optional=cells).filter(bool)
    return st.lists(row, min_size=int(item.required), max_size=2).map(tuple)
