"""The invented operator, its staff and the stock from which its usagers are drawn, typed."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from virage.foundation.content.loader import read

FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Sourced:
    """A file of content: its version, and where it comes from."""

    version: str
    source: str


@dataclass(frozen=True)
class Address:
    """A postal address in department 99, which does not exist."""

    street: str
    postal_code: str
    city: str


@dataclass(frozen=True)
class UnitPlan:
    """A unit to create; `profile` says who lives or comes there, `rooms` is empty at home."""

    name: str
    profile: str
    usagers: int
    reception_modes: dict[str, int]
    rooms: tuple[str, ...]


@dataclass(frozen=True)
class EstablishmentPlan:
    """An establishment to create; `kind` is its FINESS category."""

    key: str
    name: str
    kind: str
    finess: str
    siret: str
    usager_word: str
    address: Address
    units: tuple[UnitPlan, ...]


@dataclass(frozen=True)
class OperatorPlan:
    """The operator to create."""

    name: str
    siren: str


@dataclass(frozen=True)
class SecondStay:
    """How many usagers of `unit` also have a stay in the unit `also_in`."""

    unit: str
    also_in: str
    usagers: int


@dataclass(frozen=True)
class Structures(Sourced):
    """The operator and all that it runs."""

    operator: OperatorPlan
    establishments: tuple[EstablishmentPlan, ...]
    second_stays: tuple[SecondStay, ...]


class StaffName(NamedTuple):
    """Family name, given name, code of the civility."""

    family: str
    given: str
    civility: str


@dataclass(frozen=True)
class Situation:
    """A membership: `establishment` is "" for the whole operator, `units` empty for all of them."""

    establishment: str
    profession: str
    reach: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffMember:
    """A professional; `title` is the profession in the person's own words."""

    name: StaffName
    title: str
    situations: tuple[Situation, ...]
    rpps: str = ""

    @property
    def email(self) -> str:
        """Address of the demo account: given name, family name, in a domain that cannot exist."""
        letters = unicodedata.normalize("NFD", f"{self.name.given}.{self.name.family}".lower())
        local = letters.encode("ascii", "ignore").decode().replace(" ", "-").replace("'", "")
        return f"{local}@demo.virage.example"


@dataclass(frozen=True)
class Staff(Sourced):
    """Everyone who works for the operator."""

    staff: tuple[StaffMember, ...]


@dataclass(frozen=True)
class Generation:
    """Given names in use for births between two years, both included."""

    born_from: int
    born_to: int
    female: tuple[str, ...]
    male: tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """An invented town; `code` is in no official list."""

    name: str
    postal_code: str
    code: str


@dataclass(frozen=True)
class Country:
    """A country of birth with its INSEE code (99xxx)."""

    code: str
    name: str
    towns: tuple[str, ...]


@dataclass(frozen=True)
class Names(Sourced):
    """Stock of names and places."""

    family_names: tuple[str, ...]
    generations: tuple[Generation, ...]
    towns: tuple[Town, ...]
    streets: tuple[str, ...]
    countries: tuple[Country, ...]


@dataclass(frozen=True)
class ContactPlan:
    """A contact that `percent` of the persons have; `relation` is drawn among its two codes."""

    relation: tuple[str, str]
    role: str
    percent: int
    is_emergency: bool


@dataclass(frozen=True)
class ProtectionPlan:
    """A legal protection that `percent` of the persons have, held by a body or by a relative."""

    kind: str
    percent: int
    covers_person: bool
    covers_goods: bool
    held_by: Literal["body", "relative"]


@dataclass(frozen=True)
class Profile:
    """Who lives or comes in a unit: years, shares in percent, weights by code."""

    key: str
    born_from: int
    born_to: int
    female_percent: int
    entered_months_ago: tuple[int, int]
    foreign_born_percent: int
    ins_percent: int
    household: dict[str, int]
    entry_mode: dict[str, int]
    origin: tuple[str, ...]
    married_name_percent: int
    contacts: tuple[ContactPlan, ...]
    protections: tuple[ProtectionPlan, ...]
    compulsory_cover: tuple[str, ...]
    complementary_cover: dict[str, int]


@dataclass(frozen=True)
class RemarkablePerson:
    """Someone who must exist: a long name, a homonym, a doubtful identity.

    A negative `entered_days_ago` is an entry to come; `objects_to` is a member of the staff.
    """

    unit: str
    birth_family_name: str
    birth_given_names: tuple[str, ...]
    used_family_name: str
    is_female: bool
    born_on: date
    has_ins: bool
    used_given_name: str = ""
    attributes: tuple[str, ...] = ()
    is_born_abroad: bool = False
    entered_days_ago: int | None = None
    left_days_ago: int | None = None
    is_sensitive: bool = False
    objects_to: StaffName | None = None


@dataclass(frozen=True)
class People(Sourced):
    """The population of the demo."""

    fixed_telephone: str
    mobile_telephone: str
    profiles: tuple[Profile, ...]
    protection_bodies: tuple[str, ...]
    remarkable: tuple[RemarkablePerson, ...]


@cache
def structures() -> Structures:
    """Return the operator, its establishments and their units."""
    return read(FOLDER / "structures.yaml", Structures)


@cache
def staff() -> tuple[StaffMember, ...]:
    """Return everyone who works for the operator."""
    return read(FOLDER / "staff.yaml", Staff).staff


@cache
def neighbour_structures() -> Structures:
    """Return the other operator of the same machine, small."""
    return read(FOLDER / "neighbour_structures.yaml", Structures)


@cache
def neighbour_staff() -> tuple[StaffMember, ...]:
    """Return everyone who works for the other operator."""
    return read(FOLDER / "neighbour_staff.yaml", Staff).staff


@cache
def names() -> Names:
    """Return the stock of names and places."""
    return read(FOLDER / "names.yaml", Names)


@cache
def people() -> People:
    """Return the profiles of the units and the persons who must exist."""
    return read(FOLDER / "people.yaml", People)
