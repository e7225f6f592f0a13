"""Templates of editions: content, whose parts name what is read and how it is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from virage.editions.enums import FileFormat, Kind
from virage.foundation.access.enums import Volet
from virage.foundation.content import loader

# What each source says of one thing. A source that the reader may not read says nothing at all.
SOURCES: dict[str, frozenset[str]] = {
    name: frozenset(keys.split())
    for name, keys in {
        "identity": "birth_family_name birth_given_names used_family_name used_given_name birth_on "
        "age sex died_at",
        "civil_status": "birth_place household",
        "reachable": "kind value",
        "numbers": "kind value",
        "stays": "place unit state entered exited mode file_number",
        "referents": "name since until",
        "contacts": "name link reached urgent",
        "urgent_contacts": "name link reached urgent",
        "protections": "measure holder covers since until",
        "coverages": "cover payer number since until",
        "alerts": "alert",
        "place": "room unit establishment entered",
        "doctors": "name rpps",
        "notes": "at volet text author",
        "notes_by_volet": "volet count",
        "accesses": "at name profession gesture volets purpose",
        "present": "name birth age room unit notice",
    }.items()
}

# Rows by source; None when the reader may not read it.
Told = Mapping[str, Sequence[Mapping[str, str]] | None]


class Field(NamedTuple):
    """What is shown of a source: its key, the label, and the share of the width."""

    key: str
    label: str
    share: int = 1


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a template: its own text, what a source says, or room to sign.

    `nothing` is said instead of a source that has no row.
    """

    heading: str = ""
    text: str = ""
    source: str = ""
    layout: Literal["values", "table", "items"] = "values"
    fields: tuple[Field, ...] = ()
    nothing: str = ""
    signatures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.source and self.source not in SOURCES:
            raise ValueError(f"la source «\u00a0{self.source}\u00a0» n’existe pas")
        for field in self.fields:
            if field.key not in SOURCES.get(self.source, ()):
                raise ValueError(
                    f"la source «\u00a0{self.source}\u00a0» ne dit pas «\u00a0{field.key}\u00a0»"
                )
        if bool(self.source) != bool(self.fields) or (self.source and not self.nothing):
            raise ValueError("une source va avec ses champs et ce qui se dit sans elle")


@dataclass(frozen=True, kw_only=True)
class Template:
    """A version of a template. `filed_in` is the volet in which its editions may be filed."""

    id: Kind
    version: str
    source: str
    licence: str
    title: str
    summary: str
    mark: str
    parts: tuple[Part, ...]
    has_period: bool = False
    chooses_volet: bool = False
    chooses_instrument: bool = False
    filed_in: Volet | None = None
    document_type: str = ""

    @property
    def sources(self) -> frozenset[str]:
        """What must be read."""
        return frozenset(part.source for part in self.parts if part.source)


# The version in force of each; the former ones stay beside it.
TEMPLATE_LISTS = {
    Kind.PERSON_SHEET: "person_sheet/1",
    Kind.EMERGENCY_SHEET: "emergency_sheet/1",
    Kind.NOTES: "notes/1",
    Kind.ACCESSES: "accesses/1",
    Kind.BLANK_FORM: "blank_form/1",
    Kind.PRESENT_LIST: "present_list/1",
}


# How an address names what is edited of a person.
KIND_SLUGS = {
    Kind.PERSON_SHEET: "fiche",
    Kind.EMERGENCY_SHEET: "urgence",
    Kind.NOTES: "transmissions",
    Kind.ACCESSES: "qui-a-vu",
    Kind.BLANK_FORM: "questionnaire",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An edition that is asked for: of a person, or of a unit (or all that the actor follows).

    Days are inclusive, in Paris. `instrument` names the version that a blank form is of; such a
    form is never long.
    """

    kind: Kind
    file_format: FileFormat
    person_id: UUID | None = None
    unit_id: UUID | None = None
    volet: Volet | None = None
    instrument: str = ""
    since: date | None = None
    until: date | None = None
    is_filed: bool = False


def template_of(kind: Kind) -> Template:
    """Return the template in force; ContentError when it does not fit its type."""
    return loader.load("documents", TEMPLATE_LISTS[kind], Template)
