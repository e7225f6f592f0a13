"""What the screens of an import show: its report, and the identities to compare."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import UUID

import msgspec
from django.db.models import Q
from django.urls import reverse

from virage.exchange.enums import LineLevel
from virage.exchange.models import Import, ImportLine
from virage.exchange.queries.imports import subject_of
from virage.exchange.queries.matching import persons_settled_by
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import INS_SYSTEMS
from virage.foundation.access.actor import Actor
from virage.foundation.content import faults
from virage.foundation.journal.collector import saw
from virage.persons.enums import IdentifierKind
from virage.persons.models import Person, Stay
from virage.persons.queries import persons_visible_to, stays_visible_to
from virage.persons.queries.rows import latest_stays
from virage.persons.rules.names import search_form, strict_form


@dataclass(frozen=True)
class ReportLine:
    """A line of a report in words: what became of an entry, or what is wrong and what to do."""

    level: LineLevel
    label: str
    help: str
    path: str
    value: str


@dataclass(frozen=True)
class ReportGroup:
    """The lines of a report that say the same, said once, in all the places of the file."""

    level: LineLevel
    label: str
    help: str
    lines: tuple[ReportLine, ...]


COMPARED = (
    *("Nom de naissance", "Prénoms de naissance", "Nom et prénom utilisés", "Date de naissance"),
    *("Sexe", "Lieu de naissance", "INS", "Autres numéros", "Accueil"),
)


@dataclass(frozen=True)
class ComparedIdentity:
    """An identity to choose by its label; its traits stand in the order of `COMPARED`.

    `url` leads to the record of a person whom the reader sees, to look at the rest.
    """

    person_id: UUID | None
    label: str
    traits: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class ComparedTrait:
    """One trait of each identity, the received one first, and whether two of them disagree."""

    label: str
    values: tuple[str, ...]
    differs: bool


def report_lines(actor: Actor, received: Import) -> list[ReportLine]:
    """Return the report of an import, given by `find_import`: entries, then faults."""
    saw(actor, "import.report", [subject_of(received)], ["administrative"])
    return [_worded(line) for line in received.lines.order_by("position")]


def grouped(lines: Iterable[ReportLine]) -> list[ReportGroup]:
    """Return a report for a screen: what is said of many places stands once, where it is said
    first.
    """
    alike: dict[tuple[LineLevel, str, str], list[ReportLine]] = {}
    for line in lines:
        alike.setdefault((line.level, line.label, line.help), []).append(line)
    return [ReportGroup(*said, tuple(same)) for said, same in alike.items()]


def _worded(line: ImportLine) -> ReportLine:
    level = LineLevel(line.level)
    if not line.code:
        return ReportLine(level, line.label, "", line.path, line.value)
    fault = faults.get(line.code)
    label = f"{line.label} : {fault.label.lower()}" if line.label else fault.label
    return ReportLine(level, label, fault.help, line.path, line.value)


def identity_received(received: Import) -> ComparedIdentity:
    """Return the identity that a held file brings."""
    person = msgspec.json.decode(received.held_identity, type=transit.Person)
    sexes = dict(Person._meta.get_field("sex").flatchoices)
    numbers = [one.value for one in person.identifiers if one.system not in INS_SYSTEMS]
    ins = [one.value for one in person.identifiers if one.system in INS_SYSTEMS]
    return _compared(None, person, sexes.get(person.sex, ""), ", ".join(ins), numbers)


def identities_proposed(actor: Actor, received: Import) -> list[ComparedIdentity]:
    """Return the persons of ours that a held file may be about and the actor may settle."""
    persons = (
        persons_settled_by(actor)
        .annotate(is_seen=Q(pk__in=persons_visible_to(actor).values("pk")))
        .filter(pk__in=received.candidates.values("pk"))
        .prefetch_related("identifiers")
        .order_by("birth_family_name", "id")
    )
    saw(actor, "import.compare", [person.subject_id for person in persons], ["administrative"])
    stays = latest_stays(stays_visible_to(actor), persons)
    return [
        replace(
            _held(person, stays.get(person.pk)),
            url=reverse("persons:identity", args=[person.pk]) if person.is_seen else "",
        )
        for person in persons
    ]


def traits_compared(identities: Sequence[ComparedIdentity]) -> list[ComparedTrait]:
    """Return these identities line by line; what one of them says less of contradicts nothing."""
    columns = zip(*(one.traits for one in identities), strict=True)
    return [
        ComparedTrait(label, values, _disagree(values))
        for label, values in zip(COMPARED, columns, strict=True)
    ]


def _disagree(values: Sequence[str]) -> bool:
    """Whether the words of one value are not all among those of a longer one."""
    spoken = sorted((set(search_form(value).split()) for value in values), key=len)
    return any(not shorter <= longer for shorter, longer in pairwise(spoken))


def _held(person: Person, stay: Stay | None) -> ComparedIdentity:
    numbers = [one.value for one in person.identifiers.all() if one.kind != IdentifierKind.INS]
    places = (stay.establishment, stay.unit, stay.room) if stay else ()
    where = ", ".join(str(place) for place in places if place)
    sex = person.get_sex_display()
    return _compared(person.pk, person, sex, person.ins_value, numbers, where)


def _other_used_names(person: Person | transit.Person) -> list[str]:
    """Return the used names that do not repeat those of birth, which is no difference."""
    pairs = (
        (person.used_family_name, person.birth_family_name),
        (person.used_given_name, person.first_birth_given_name),
    )
    return [used for used, birth in pairs if strict_form(used) not in ("", strict_form(birth))]


def _compared(
    person_id: UUID | None,
    person: Person | transit.Person,
    sex: str,
    ins: str,
    numbers: Sequence[str],
    where: str = "",
) -> ComparedIdentity:
    given_names = person.birth_given_names or person.first_birth_given_name
    birth = f"{person.birth_on:%d/%m/%Y}" if person.birth_on else ""
    name = f"{person.birth_family_name} {given_names}"
    used = " ".join(_other_used_names(person))
    place = f"{person.birth_place_code} {person.birth_place_name}".strip()
    return ComparedIdentity(
        person_id,
        f"{name}, naissance le {birth}" if birth else name,
        (
            *(person.birth_family_name, given_names, used, birth),
            *(sex, place, ins, ", ".join(numbers), where),
        ),
    )
