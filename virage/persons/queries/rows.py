"""A person as one line of a list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from virage.foundation.access.actor import Actor
from virage.foundation.ui.components import Badge
from virage.persons.enums import Sex, StayStatus
from virage.persons.models import Person, Stay, StayQuerySet
from virage.persons.queries.people import stays_visible_to
from virage.persons.rules.identity import age_label
from virage.persons.rules.names import strict_form

HOMONYM = Badge("Homonyme", "warning", "users")
NAMESAKE = Badge("Même nom", "warning", "users")


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """What a list says of a person: who, how old, where; never a number."""

    person_id: UUID
    family_name: str
    given_name: str
    birth_label: str
    birth_on: date | None
    age: str
    room: str
    unit: str
    establishment: str
    badges: tuple[Badge, ...]


def row_of(person: Person, stay: Stay | None, today: date) -> PersonRow:
    """Return the line of a person in a stay, or without any; ages are those of `today`."""
    return PersonRow(
        person_id=person.pk,
        family_name=person.shown_family_name,
        given_name=person.shown_given_name,
        birth_label=_birth_label(person),
        birth_on=person.birth_on,
        age=age_label(person.birth_on, person.died_on or today),
        room=stay.room.name if stay and stay.room else "",
        unit=stay.unit.name if stay and stay.unit else "",
        establishment=stay.establishment.name if stay else "",
        badges=(*_identity_badges(person), *_stay_badges(person, stay, today)),
    )


def rows_of(actor: Actor, persons: Iterable[Person]) -> list[PersonRow]:
    """Return the lines of visible persons, in their order, each in its latest visible stay.

    One SQL statement, whatever their number.
    """
    persons = list(persons)
    latest = latest_stays(stays_visible_to(actor), persons)
    return [row_of(person, latest.get(person.pk), actor.today) for person in persons]


def namesakes_marked(rows: Iterable[PersonRow]) -> list[PersonRow]:
    """Mark in a list whoever bears the names of another person of it, accents and case aside.

    Known homonyms are marked already (`Person.is_homonym`).
    """
    rows = list(rows)
    bearers = defaultdict(set)
    for row in rows:
        bearers[_strict_names(row)].add(row.person_id)
    return [
        replace(row, badges=(NAMESAKE, *row.badges))
        if len(bearers[_strict_names(row)]) > 1 and HOMONYM not in row.badges
        else row
        for row in rows
    ]


def _strict_names(row: PersonRow) -> tuple[str, str]:
    return strict_form(row.family_name), strict_form(row.given_name)


def latest_stays(stays: StayQuerySet, persons: Iterable[Person]) -> dict[UUID, Stay]:
    """Return the latest of these stays by person id, with its place; one SQL statement."""
    among = stays.filter(person__in=list(persons)).select_related("establishment", "unit", "room")
    ordered = among.exclude(status=StayStatus.CANCELLED).by_entry()
    return {stay.person_id: stay for stay in ordered}


def birth_name_beside(person: Person) -> str:
    """Return the birth name when the person goes by another one, beyond accents and capitals."""
    used, birth = strict_form(person.used_family_name), strict_form(person.birth_family_name)
    return person.birth_family_name if used and used != birth else ""


def death_badge(person: Person) -> Badge | None:
    """Return the day of the death, said before anything else; None for the living."""
    return Badge(f"Décès le {person.died_on:%d/%m/%Y}") if person.died_on else None


def born(person: Person) -> str:
    """Return « née » or « né » as the sex says, « né(e) » when it is unknown."""
    return {Sex.FEMALE.value: "née", Sex.MALE.value: "né"}.get(person.sex, "né(e)")


def _birth_label(person: Person) -> str:
    """Word the birth name beside the used one: « née GRANDJEAN »."""
    name = birth_name_beside(person)
    return f"{born(person)} {name}" if name else ""


def _identity_badges(person: Person) -> list[Badge]:
    badges = []
    if death := death_badge(person):
        badges.append(death)
    if person.is_fictitious:
        badges.append(Badge("Identité fictive", "warning"))
    if person.is_doubtful:
        badges.append(Badge("Identité douteuse", "danger"))
    if person.is_homonym:
        badges.append(HOMONYM)
    return badges


def _stay_badges(person: Person, stay: Stay | None, today: date) -> list[Badge]:
    if stay is None:
        return [Badge("Sans séjour", "neutral")]
    if person.died_at and stay.lacks_exit:
        return [Badge("Sortie à noter", "warning")]
    if person.died_at and stay.status == StayStatus.PLANNED:
        return [Badge("Entrée prévue à annuler", "warning")]
    if stay.status == StayStatus.PLANNED:
        on = stay.planned_entry_on
        return [Badge(f"Entrée prévue le {on:%d/%m/%Y}" if on else "Entrée prévue", "info")]
    if stay.status == StayStatus.ON_LEAVE:
        return [Badge("Séjour suspendu", "info")]
    if stay.is_exit_overdue_on(today):
        return [Badge("Sortie prévue dépassée", "warning")]
    if stay.exited_on == today:
        return [Badge("Sort aujourd’hui", "info")]
    if stay.exited_on and stay.exited_on < today:
        return [Badge(f"Sortie le {stay.exited_on:%d/%m/%Y}", "neutral")]
    return []
