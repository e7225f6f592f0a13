"""An instrument as a form to be filled in by hand: boxes to tick, room to write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from virage.formats.edition.tree import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Signatures,
    Table,
    Together,
    Values,
)
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind, When
from virage.instruments.rules.sections import Section, sections

BOX = "☐\u00a0"
APART = "\u00a0\u00a0\u00a0 "
MARKED = "Les questions marquées d’un * sont nécessaires au résultat."
# Characters that a line always holds.
WIDTH = 100
ROOM = "…………………………………"
DAY = "…… / …… / …………"
# Rows of a table to be filled in by hand.
ROWS = 6
# A line of a grid: the question, then its boxes.
GRID = (Column("Question"), Column("Réponse", 2))


@dataclass(frozen=True)
class Alike:
    """How all the questions of a heading are answered: their boxes, and what is said before."""

    boxes: str
    help: str
    when: str
    takes_several: bool


def form_of(instrument: Instrument) -> list[Block]:
    """Return the questions of an instrument in order, each with when it is asked, then where the
    instrument comes from and under which licence.
    """
    said = [instrument.source, instrument.licence, f"Version {instrument.version}"]
    return [
        *map(Paragraph, instrument.notices),
        Values((("Évaluée le", f"{DAY} à …… h ……"),)),
        *([Paragraph(MARKED)] if any(map(_has_mark, instrument.items.values())) else []),
        *_questions(instrument),
        Heading("Commentaire"),
        Signatures(("Sur l’ensemble",)),
        Paragraph(" · ".join(filter(None, said))),
    ]


def _questions(instrument: Instrument) -> Iterator[Block]:
    """Give the headings in order; those whose questions are answered alike make one grid."""
    groups = {item.id: group for group in instrument.groups for item in group.items}
    whens = {name: _group_when(instrument, group) for name, group in groups.items()}
    for alike, several in groupby(sections(instrument), lambda one: _answered_alike(one, whens)):
        run = list(several)
        if alike and sum(len(one.items) for one in run) > 1:
            way = _way(instrument, groups[run[0].items[0].id].when)
            title = run[0].title if len(run) == 1 else way or "Questions"
            yield from _grid(title, run, alike)
        else:
            for section in run:
                yield from _listed(instrument, section, whens)


def _listed(instrument: Instrument, section: Section, whens: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(section.title)
    said = [Paragraph(section.help)] if section.help else []
    told = ""
    for item in section.items:
        if (when := whens[item.id]) != told and when:
            said.append(Paragraph(f"Questions qui suivent : {when}."))
        told = when
        # What is said before a question, its boxes and its help are read at a glance.
        yield Together((*said, *_question(instrument, item)))
        said = []


def _grid(title: str, run: list[Section], alike: Alike) -> Iterator[Block]:
    """Give questions answered alike, one a line, under one heading."""
    yield Heading(title)
    when = f"Questions qui suivent : {alike.when}." if alike.when else ""
    several = "À chaque ligne, plusieurs réponses possibles." if alike.takes_several else ""
    rows = tuple(
        (_marked(item) if len(run) == 1 else f"{one.title} : {_marked(item)}", alike.boxes)
        for one in run
        for item in one.items
    )
    yield from (Paragraph(one) for one in (when, alike.help, several) if one)
    yield Table(GRID, rows)


def _answered_alike(section: Section, whens: Mapping[str, str]) -> Alike | None:
    """Return how all the questions of a heading are answered; None unless it is one short way."""
    ways = {
        Alike(_grid_boxes(item), section.help, whens[item.id], item.kind == ItemKind.MULTIPLE)
        for item in section.items
    }
    alike = ways.pop()
    return None if ways or not alike.boxes else alike


def _grid_boxes(item: Item) -> str:
    """Return the boxes of a question that holds on a line of a grid; "" for any other."""
    says_more = item.help or item.when or item.under or item.may_not_apply or item.may_be_commented
    if not item.options or says_more:
        return ""
    unknown = ["Je ne sais pas"] if item.may_be_unknown else []
    boxes = APART.join(BOX + one for one in (*_choices(item), *unknown))
    return boxes if len(boxes) <= WIDTH else ""


def _way(instrument: Instrument, when: When | None) -> str:
    """Return the one option that leads there, in words; "" where several do, or none."""
    of = instrument.items.get(when.of) if when and len(when.among) == 1 else None
    return of.by_option[when.among[0]].label if of and when else ""


def _group_when(instrument: Instrument, group: Group) -> str:
    parts = [_told(instrument, group.when)] if group.when else []
    return _only_if(parts + _below(instrument, group.within))


def _question(instrument: Instrument, item: Item) -> Iterator[Part]:
    when = [_told(instrument, item.when)] if item.when else []
    asked = _only_if(when + _below(instrument, item.under))
    several = "plusieurs réponses possibles" if item.kind == ItemKind.MULTIPLE else ""
    beside = " ; ".join(filter(None, (several, asked)))
    label = f"{_marked(item)} ({beside})" if beside else _marked(item)
    match item.kind:
        case ItemKind.CHOICE | ItemKind.MULTIPLE:
            yield Paragraph(label, is_strong=True)
            yield Paragraph(_boxes(list(_choices(item))))
        case ItemKind.NUMBER:
            yield Values(((label, " ".join(filter(None, (ROOM, item.unit, _bounds(item))))),))
        case ItemKind.DATE:
            yield Values(((label, DAY),))
        case ItemKind.TEXT:
            yield Signatures((label,))
        case ItemKind.TABLE:
            yield Paragraph(label, is_strong=True)
            columns = tuple(
                Column(_marked(one), 2 if one.kind == ItemKind.TEXT else 1) for one in item.columns
            )
            yield Table(columns, (("\u00a0\n\u00a0",) * len(columns),) * ROWS)
    if item.help:
        yield Paragraph(item.help)
    if beside_answer := list(_beside(item)):
        yield Paragraph("\n".join(beside_answer))


def _has_mark(item: Item) -> bool:
    return item.required or any(column.required for column in item.columns)


def _marked(item: Item) -> str:
    return f"{item.label}\u00a0*" if item.required else item.label


def _boxes(choices: list[str]) -> str:
    """Put boxes side by side where they hold on one line, or one below the other."""
    beside = APART.join(BOX + one for one in choices)
    return beside if len(beside) <= WIDTH else "\n".join(BOX + one for one in choices)


def _choices(item: Item) -> Iterator[str]:
    yield from (option.label for option in item.options)
    if item.kind == ItemKind.MULTIPLE:
        yield "Rien de tout cela"


def _beside(item: Item) -> Iterator[str]:
    if item.may_be_unknown:
        yield f"{BOX}Je ne sais pas"
    if item.may_not_apply:
        yield f"{BOX}Sans objet, parce que {ROOM}"
    if item.may_be_commented:
        yield f"Commentaire {ROOM}"


def _bounds(item: Item) -> str:
    least, most = item.at_least, item.at_most
    if least is not None and most is not None:
        return f"(de {least} à {most})"
    if least is not None:
        return f"({least} ou plus)"
    return f"({most} ou moins)" if most is not None else ""


def _below(instrument: Instrument, of: str) -> list[str]:
    """Say that an answer to this question, if it is one, is needed."""
    return [f"« {instrument.items[of].label} » a une réponse"] if of in instrument.items else []


def _only_if(parts: list[str]) -> str:
    return f"seulement si {' et '.join(parts)}" if parts else ""


def _told(instrument: Instrument, when: When) -> str:
    """Say a condition in French."""
    if when.every:
        return " et ".join(_told(instrument, part) for part in when.every)
    if when.either:
        return " ou ".join(_told(instrument, part) for part in when.either)
    item = instrument.items.get(when.of)
    scores = {score.id: score.label for score in instrument.scores}
    label = item.label if item else scores[when.of]
    if item and when.among:
        chosen = " ou ".join(item.by_option[one].label for one in when.among)
        return f"« {label} » est « {chosen} »"
    bounds = (
        (when.at_least, "au moins"),
        (when.above, "plus de"),
        (when.at_most, "au plus"),
        (when.below, "moins de"),
    )
    told = [f"{words} {bound}" for bound, words in bounds if bound is not None]
    return f"« {label} » vaut {' et '.join(told)}"
