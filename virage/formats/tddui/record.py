"""The record in transit: what a TDDUI file says, as plain dataclasses.

Both TDDUI wires (FHIR R4 and CDA R2) are read into these classes, and an export is built from
them. They know neither Django nor the network. Fields marked `outside()` have no place in a TDDUI
2.3.0 Bundle: they travel in the complement (see `complement.py`), so marking a field is all it
takes to add it there.

`key` names an object inside the file: its business identifier when it has one, else its address
in the file. References between objects are such keys. `path` says where the object was read, for
the report. Dates of birth and legal dates are plain dates, the rest are aware instants.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from virage.formats.outcome import Finding

# The whole contract is imported from here.
from virage.formats.tddui.values import OUTSIDE_TDDUI as OUTSIDE_TDDUI
from virage.formats.tddui.values import Item as Item
from virage.formats.tddui.values import Written as Written
from virage.formats.tddui.values import outside as outside
from virage.formats.values import EMPTY as EMPTY
from virage.formats.values import THE_PERSON as THE_PERSON
from virage.formats.values import Address as Address
from virage.formats.values import BusinessIdentifier as BusinessIdentifier
from virage.formats.values import Sex as Sex
from virage.formats.values import Telecom as Telecom
from virage.foundation.coded import Coded

LeftoverKind = Literal["fhir-resource", "fhir-element", "cda-element", "differing", "words"]


@dataclass(kw_only=True)
class Person(Item):
    """The usager: strict traits, used names, identifiers and the status that the sender claims."""

    birth_family_name: str = ""
    birth_given_names: str = ""
    first_birth_given_name: str = ""
    used_family_name: str = ""
    used_given_name: str = ""
    sex: Sex = ""
    birth_on: date | None = None
    birth_order: int | None = None
    birth_place_code: str = ""
    birth_place_name: str = ""
    birth_place_state: str = ""
    birth_country: str = ""
    claimed_status: str = ""
    household_situation: Coded = EMPTY
    identifiers: list[BusinessIdentifier] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    telecoms: list[Telecom] = field(default_factory=list)
    died_at: datetime | None = None
    photo: bytes = b""
    is_homonym: bool = outside(False)
    is_fictitious: bool = outside(False)
    is_doubtful: bool = outside(False)
    photo_consent_on: date | None = outside(None)
    is_sensitive: bool = outside(False)


@dataclass(kw_only=True)
class Structure(Item):
    """An establishment or service; `number` is the national identifier as received (1+FINESS…)."""

    number: str = ""
    name: str = ""
    kind: Coded = EMPTY


@dataclass(kw_only=True)
class Professional(Item):
    """A professional met in the file; `number` is the national identifier as received (RPPS)."""

    number: str = ""
    family_name: str = ""
    given_name: str = ""
    civility: str = ""
    qualifications: list[Coded] = field(default_factory=list)
    profession: Coded = EMPTY
    function: Coded = EMPTY
    exercise_mode: Coded = EMPTY
    structure: str = ""


@dataclass(kw_only=True)
class Stay(Item):
    """A séjour."""

    identifier: BusinessIdentifier | None = None
    file_number: str = ""
    status: str = ""
    class_code: str = ""
    service_type: Coded = EMPTY
    structure: str = ""
    origin: str = ""
    admitted_on: date | None = None
    entered_on: date | None = None
    exited_on: date | None = None
    planned_entry_on: date | None = None
    planned_exit_on: date | None = None
    entry_mode: Coded = EMPTY
    entry_label: str = ""
    exit_mode: Coded = EMPTY
    exit_label: str = ""
    comment: str = ""
    reception_mode: str = outside()
    unit_name: str = outside()
    room_name: str = outside()


@dataclass(kw_only=True)
class UsedResource:
    """A resource an event used: its type and, as the list asks, its detail."""

    type: Coded = EMPTY
    detail: Coded = EMPTY


@dataclass(kw_only=True)
class Transport(Item):
    """A journey made for an event, of the usager or of a professional.

    Distances in kilometres, durations in minutes, money in euros, exactly as received.
    """

    identifier: BusinessIdentifier | None = None
    traveller: Literal["usager", "professional"] = "usager"
    professional: str = ""
    structure: str = ""
    status: str = ""
    mode: Coded = EMPTY
    motorisation: Coded = EMPTY
    nature: Coded = EMPTY
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    planned_cost: Decimal | None = None
    actual_cost: Decimal | None = None
    distance_km: Decimal | None = None
    planned_minutes: Decimal | None = None
    is_accompanied: bool | None = None
    is_aseptic: bool | None = None


@dataclass(kw_only=True)
class Event(Written):
    """An évènement of the usager's agenda; `status` is FHIR's Encounter status.

    A type in plain words is a `Coded` with nothing but its `text`. `was_confirmed_by_person` says
    that the usager confirmed it took place.
    """

    identifier: BusinessIdentifier | None = None
    status: str = ""
    class_code: str = ""
    types: list[Coded] = field(default_factory=list)
    label: str = ""
    reason: str = ""
    report: str = ""
    comments: list[str] = field(default_factory=list)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    updated_at: datetime | None = None
    place_name: str = ""
    place: Address | None = None
    stay: str = ""
    structure: str = ""
    professionals: list[str] = field(default_factory=list)
    used_resources: list[UsedResource] = field(default_factory=list)
    was_person_present: bool | None = None
    was_confirmed_by_person: bool | None = None
    is_outside_service: bool | None = None
    cancel_reason: Coded = EMPTY
    transports: list[Transport] = field(default_factory=list)


@dataclass(kw_only=True)
class Answer:
    """One answered line of an evaluation, with the lines below it.

    `value_kind` is FHIR's name of the type of `value`: boolean, integer, decimal, string, Coding,
    date, dateTime, time or uri, the last four kept as received.
    """

    link_id: str = ""
    text: str = ""
    code: Coded = outside(EMPTY)
    value: bool | int | Decimal | str | Coded | None = None
    value_kind: str = ""
    children: list["Answer"] = field(default_factory=list)


@dataclass(kw_only=True)
class Evaluation(Written):
    """An evaluation as frozen answers; `questionnaire` is the canonical URL or the code received.

    `authored_on` when only the day is known, else `authored_at`; never both.
    """

    identifier: BusinessIdentifier | None = None
    questionnaire: str = ""
    type: Coded = outside(EMPTY)
    title: str = ""
    status: str = ""
    authored_on: date | None = None
    authored_at: datetime | None = None
    author: str = ""
    source: str = ""
    event: str = ""
    stay: str = outside()
    comment: str = ""
    answers: list[Answer] = field(default_factory=list)


@dataclass(kw_only=True)
class Contact(Item):
    """A person around the usager.

    Each link names its list, which tells them apart: `role` is a code of TRE_R260, `relation` of
    TRE_R216 (or plain words), `protection_role` of TRE_R217. Who holds a role of protection as the
    relation says both links as they are in `held_relation` and `held_role`.
    """

    identifier: BusinessIdentifier | None = None
    family_name: str = ""
    given_name: str = ""
    civility: str = ""
    role: Coded = EMPTY
    relation: Coded = EMPTY
    protection_role: Coded = EMPTY
    telecoms: list[Telecom] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    comment: str = ""
    description: str = ""
    is_emergency_contact: bool = outside(False)
    held_relation: Coded = outside(EMPTY)
    held_role: Coded = outside(EMPTY)


@dataclass(kw_only=True)
class Protection(Item):
    """A legal protection measure; TDDUI only knows the contact who holds it."""

    kind: Coded = outside(EMPTY)
    covers_person: bool = outside(False)
    covers_goods: bool = outside(False)
    judged_on: date | None = outside(None)
    ends_on: date | None = outside(None)
    holder: str = outside()


@dataclass(kw_only=True)
class Coverage(Item):
    """A health cover (AMO or AMC); present in CDA, absent from the FHIR Bundle."""

    kind: Coded = outside(EMPTY)
    payer_name: str = outside()
    payer_number: str = outside()
    insured_number: str = outside()
    insured_link: Coded = outside(EMPTY)
    starts_on: date | None = outside(None)
    ends_on: date | None = outside(None)


@dataclass(kw_only=True)
class Document(Written):
    """An attached file; `content` is its bytes.

    `author` is the key of a professional or of a structure, `event` and `evaluation` those of the
    objects it belongs to.
    """

    identifier: BusinessIdentifier | None = None
    title: str = ""
    content_type: str = ""
    content: bytes = b""
    language: str = ""
    type: Coded = EMPTY
    category: Coded = EMPTY
    confidentiality: Coded = EMPTY
    status: str = "current"
    made_at: datetime | None = None
    author: str = ""
    event: str = ""
    evaluation: str = ""
    valid_until: date | None = outside(None)


@dataclass(kw_only=True)
class NoteVersion:
    """A former text of a transmission, with who wrote it and when."""

    text: str
    author_name: str
    author_profession: str
    recorded_at: datetime
    reason: str = ""


@dataclass(kw_only=True)
class Note(Written):
    """A free transmission, which TDDUI has no place for; `withdrawn_by` is a professional's key."""

    text: str = outside()
    stay: str = outside()
    happened_at: datetime | None = outside(None)
    withdrawn_at: datetime | None = outside(None)
    withdrawn_by: str = outside()
    withdrawn_reason: str = outside()
    former_versions: list[NoteVersion] = outside(list)


@dataclass(kw_only=True)
class Leftover(Item):
    """Something received that has no field of ours: kept, shown as « reçu, non repris », sent on.

    `kind` `fhir-resource` is a whole resource, which goes out as an entry of its own, references
    rewritten. The others go out in the complement, with the `volet` where they were shelved:
    `fhir-element` and `cda-element` (a part of an object), `differing` (the fields of this module
    in which an object that came again differs from what is held, as JSON), `words` (what we say).
    `owner` is the key of the object it was read beside. `content` is a JSON text or an XML
    fragment, verbatim; references to other objects of the file are replaced by their keys, and by
    `usager` for the person, so that they can be written again.
    """

    kind: LeftoverKind
    title: str
    content: str
    owner: str = ""
    profile: str = ""
    volet: str = ""


@dataclass(kw_only=True)
class TransferRecord:
    """A whole record in transit: one usager and everything the file says of them.

    A key names one object only. Leftovers that are whole resources stand before the parts.
    """

    person: Person
    structures: list[Structure] = field(default_factory=list)
    professionals: list[Professional] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    protections: list[Protection] = field(default_factory=list)
    coverages: list[Coverage] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    sender_structure: str = outside()
    made_at: datetime | None = None


@dataclass(kw_only=True)
class Reading:
    """What reading a file gave: the format, the record, and the faults that do not refuse it.

    `document` is what was read: the file itself, or the document that its envelope holds, perhaps
    with other pieces.
    """

    source_format: Literal["tddui-fhir", "tddui-cda"]
    version: str
    record: TransferRecord
    findings: list[Finding] = field(default_factory=list)
    document: bytes = b""
    has_other_pieces: bool = False
