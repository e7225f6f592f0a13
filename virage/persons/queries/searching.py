"""Search by any name, room, number, INS or birth date, in any order."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from virage.directory.models import Room
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.persons.enums import IdentifierKind
from virage.persons.models import PersonIdentifier
from virage.persons.queries.numbers import bearing_ins, hashes_of_numbers
from virage.persons.queries.people import persons_visible_to, stays_visible_to
from virage.persons.queries.rows import PersonRow, namesakes_marked, rows_of
from virage.persons.rules.identity import plain_number
from virage.persons.rules.names import search_form

MOST_FOUND = 50
# What the lists write before the name of a room.
_ROOM_WORD = re.compile(r"\b(?:chambre\s+|ch\.\s*|ch\s+(?=\d))", re.IGNORECASE)
# Read in search form, where any sign is a space: « 22/05/1934 », « 22051934 », « 22 mai 1934 ».
_MONTHS = (
    *("JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN"),
    *("JUILLET", "AOUT", "SEPTEMBRE", "OCTOBRE", "NOVEMBRE", "DECEMBRE"),
)
_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:ER)? (\d{{1,2}}|{'|'.join(_MONTHS)}) (\d{{4}})|(\d\d)(\d\d)(\d{{4}}))\b"
)
_CIVILITY = re.compile(r"\b(?:MME|MLLE|MR|MADAME|MADEMOISELLE|MONSIEUR)\b|^M (?=.)")
_INS = re.compile(r"[1-478]\d{5}[\dAB]\d{8}")


@dataclass(frozen=True)
class Found:
    """The visible persons that a search found; `is_cut` when only the first ones are given."""

    rows: list[PersonRow]
    is_cut: bool = False


def search(actor: Actor, text: str) -> Found:
    """Return the visible persons that a text names, in the order of their names, 50 at most.

    A date, in figures or with its month in letters, is a birth date; 15 characters are an INS,
    exactly. Each other word, but a civility, is the start of a name, accents and case aside, or a
    room (« ch. 12 »). The whole text, when it holds a digit, may be a number too: of a file, local
    with or without its structure, of the MDPH… but the national ones, which are searched as an INS
    alone. Three SQL statements, four with a number; nobody hidden is found nor counted.
    """
    condition = _condition(actor, text)
    if condition is None:
        return Found([])
    persons = persons_visible_to(actor).filter(condition).order_by("search_text", "id")
    found = list(persons[: MOST_FOUND + 1])
    shown = found[:MOST_FOUND]
    saw(actor, "person.search", (person.subject_id for person in shown))
    return Found(namesakes_marked(rows_of(actor, shown)), is_cut=len(found) > MOST_FOUND)


def _condition(actor: Actor, text: str) -> Q | None:
    """Return what the text asks for; None when it asks for nothing."""
    number = plain_number(text)
    if _INS.fullmatch(number):
        return bearing_ins(actor.operator_id, [number])
    form = _CIVILITY.sub("", search_form(_ROOM_WORD.sub("", text)))
    born = [day for match in _DATE.finditer(form) if (day := _day(match))]
    words = _DATE.sub(lambda match: "" if _day(match) else match[0], form).split()
    if not words and not born:
        return None
    named = _words(actor, words) if words else Q()
    for day in born:
        named &= Q(birth_on=day)
    has_digit = any(sign.isdigit() for sign in text)
    return named | _numbered(actor, text.strip()) if has_digit else named


def _day(match: re.Match[str]) -> date | None:
    """Return the day that a text writes, or nothing when no calendar has it."""
    day, month, year = filter(None, match.groups())
    try:
        return date(
            int(year), _MONTHS.index(month) + 1 if month in _MONTHS else int(month), int(day)
        )
    except ValueError:
        return None


def _words(actor: Actor, words: list[str]) -> Q:
    """Words are seldom rooms: those that are one are known first, the others cost nothing."""
    rooms = _rooms_named(actor, words)
    condition = Q()
    for word in words:
        meant = Q(search_text__contains=f" {word}")
        if in_rooms := rooms.get(word):
            stays = stays_visible_to(actor).open_at(actor.at).filter(room__in=in_rooms)
            meant |= Q(pk__in=stays.values("person"))
        condition &= meant
    return condition


def _rooms_named(actor: Actor, words: list[str]) -> dict[str, list[UUID]]:
    """Return the rooms of the operator that bear one of these words, by word; one statement."""
    any_word = Q()
    for word in words:
        any_word |= Q(name__iexact=word)
    rooms = Room.objects.filter(any_word, unit__establishment__operator=actor.operator_id)
    named: dict[str, list[UUID]] = {}
    for room_id, name in rooms.values_list("id", "name").order_by("id"):
        named.setdefault(name.upper(), []).append(room_id)
    return named


def _numbered(actor: Actor, number: str) -> Q:
    stays = stays_visible_to(actor).filter(file_number__iexact=number)
    hashes = hashes_of_numbers(actor.operator_id, [number])
    is_same = Q(number_hash__in=hashes) if "/" in number else Q(local_hash__in=hashes)
    others = PersonIdentifier.objects.filter(is_same)
    others = others.exclude(kind__in=(IdentifierKind.INS, IdentifierKind.SOCIAL_SECURITY))
    return Q(pk__in=stays.values("person")) | Q(pk__in=others.values("person"))
