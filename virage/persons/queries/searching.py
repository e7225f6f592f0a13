"""Search by any name, room, file number, INS or birth date; and look-alikes before a creation."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from virage.directory.models import Room
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.persons.enums import IdentifierKind
from virage.persons.models import Person, PersonIdentifier
from virage.persons.queries.people import persons_visible_to, stays_visible_to
from virage.persons.queries.rows import PersonRow, rows_of
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.likeness import likeness
from virage.persons.rules.names import name_sound, search_form

MOST_FOUND = 50
MOST_COMPARED = 200
_DATE = re.compile(r"\s*(\d{1,2})\s*[/. -]\s*(\d{1,2})\s*[/. -]\s*(\d{4})\s*")
_INS = re.compile(r"[1-478]\d{5}[\dAB]\d{8}")


@dataclass(frozen=True)
class Found:
    """The visible persons that a search found; `is_cut` when only the first ones are given."""

    rows: list[PersonRow]
    is_cut: bool = False


@dataclass(frozen=True)
class LookAlike:
    """A visible person who may be the one about to be created, and what makes us think so."""

    row: PersonRow
    reasons: list[str]


def search(actor: Actor, text: str) -> Found:
    """Return the visible persons that a text names, in the order of their names, 50 at most.

    A date (jj/mm/aaaa) is a birth date, 15 characters an INS, exactly. Otherwise each word is the
    start of a name, accents and case aside, or a room; or the whole text, which then holds a digit,
    is a file number. Three SQL statements; nobody hidden is found nor counted.
    """
    condition = _condition(actor, text)
    if condition is None:
        return Found([])
    persons = persons_visible_to(actor).filter(condition).order_by("search_text", "id")
    found = list(persons[: MOST_FOUND + 1])
    shown = found[:MOST_FOUND]
    saw(actor, "person.search", (person.subject_id for person in shown))
    return Found(rows_of(actor, shown), is_cut=len(found) > MOST_FOUND)


def look_alikes(actor: Actor, traits: PersonTraits, ins_value: str = "") -> list[LookAlike]:
    """Return the visible persons who may be the one described, likeliest first; two statements.

    Same INS, same birth date or a name that sounds the same are compared trait by trait.
    """
    sounds = {
        name_sound(family, traits.used_given_name or traits.first_birth_given_name)
        for family in (traits.birth_family_name, traits.used_family_name)
        if family
    }
    condition = Q(name_sound__in=sounds)
    if traits.birth_on:
        condition |= Q(birth_on=traits.birth_on)
    if ins_value:
        condition |= Q(ins_value=ins_value)
    near = persons_visible_to(actor).filter(condition).order_by("search_text", "id")
    reasons = {
        person: likeness(traits, ins_value, _traits_of(person), person.ins_value)
        for person in near[:MOST_COMPARED]
    }
    alike = [person for person, why in reasons.items() if why]
    alike.sort(key=lambda person: len(reasons[person]), reverse=True)
    saw(actor, "person.look_alikes", (person.subject_id for person in alike))
    rows = rows_of(actor, alike)
    return [LookAlike(row, reasons[person]) for row, person in zip(rows, alike, strict=True)]


def _traits_of(person: Person) -> PersonTraits:
    return PersonTraits(
        birth_family_name=person.birth_family_name,
        first_birth_given_name=person.first_birth_given_name,
        used_family_name=person.used_family_name,
        used_given_name=person.used_given_name,
        sex=person.sex,
        birth_on=person.birth_on,
        birth_place_code=person.birth_place_code,
    )


def _condition(actor: Actor, text: str) -> Q | None:
    """Return what the text asks for; None when it asks for nothing."""
    if match := _DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        try:
            return Q(birth_on=date(year, month, day))
        except ValueError:
            return None
    number = "".join(text.split()).upper()
    if _INS.fullmatch(number):
        return Q(ins_value=number)
    words = search_form(text).split()
    if not words:
        return None
    named = _words(actor, words)
    has_digit = any(sign.isdigit() for sign in text)
    return named | _file_number(actor, text.strip()) if has_digit else named


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


def _file_number(actor: Actor, number: str) -> Q:
    stays = stays_visible_to(actor).filter(file_number__iexact=number)
    local = PersonIdentifier.objects.filter(kind=IdentifierKind.LOCAL, value__iexact=number)
    return Q(pk__in=stays.values("person")) | Q(pk__in=local.values("person"))
