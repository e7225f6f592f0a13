"""Whole records, made at random: every field said or not, in every combination."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from virage.formats.fhir.names import NOS, TERMINOLOGY
from virage.formats.fhir.writing import to_json
from virage.formats.tddui.leftovers import title_of
from virage.formats.tddui.record import (
    EMPTY,
    THE_PERSON,
    Address,
    Answer,
    BusinessIdentifier,
    Contact,
    Coverage,
    Document,
    Evaluation,
    Event,
    Leftover,
    Note,
    NoteVersion,
    Person,
    Professional,
    Protection,
    Stay,
    Structure,
    Telecom,
    TransferRecord,
    Transport,
    UsedResource,
)
from virage.foundation.coded import Coded

said = st.text("aZé0 '-/:\"\\<&\n«", min_size=1, max_size=8).map(str.strip).filter(bool)
text = st.just("") | said
days = st.none() | st.dates(date(1850, 1, 1), date(2200, 12, 31))
zones = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3))])
moment = st.builds(
    datetime.combine, st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.times(timezones=zones)
)
moments = st.none() | moment
flags = st.none() | st.booleans()
written: dict[str, Any] = {
    **dict.fromkeys(("volet", "author_name", "author_profession"), text),
    "recorded_at": moments,
    "is_published": st.booleans(),
}
money = st.none() | st.decimals("0", "99999", places=2)
systems = st.sampled_from(["urn:oid:1.2.250.1.999", "http://loinc.org"])
coded = st.builds(Coded, systems, said, text, text, text) | st.builds(Coded, text=said)
codeds = st.just(EMPTY) | coded
addresses = st.builds(
    Address,
    city=said,
    **dict.fromkeys(("use", "house_number", "street", "postal_code", "district", "country"), text),
    lines=st.lists(said, max_size=2),
    insee_code=text,
)
telecoms = st.lists(st.builds(Telecom, system=said, value=said, use=text), max_size=2)
identifiers = st.builds(
    BusinessIdentifier, value=said, system=text, type=codeds, use=text, starts_on=days, ends_on=days
)
number = st.none() | identifiers
unkeyed: dict[str, Any] = {"key": st.just("")}


def of_list(*names: str) -> st.SearchStrategy[Coded]:
    return st.just(EMPTY) | st.builds(Coded, st.sampled_from(names), said, text, text, text)


kinded = st.one_of(
    st.tuples(st.booleans(), st.just("boolean")),
    st.tuples(st.integers(-(10**9), 10**9), st.just("integer")),
    st.tuples(st.decimals("0", "9", places=3), st.just("decimal")),
    st.tuples(coded, st.just("Coding")),
    st.tuples(said, st.sampled_from(["string", "time", "uri"])),
    st.tuples(st.dates().map(str), st.sampled_from(["date", "dateTime"])),
    st.just((None, "")),
)
line = st.builds(
    lambda valued, **parts: Answer(**parts, value=valued[0], value_kind=valued[1]),
    kinded,
    link_id=st.sampled_from(["a", "b"]),
    text=st.sampled_from(["", "A"]),
    code=codeds,
)
answers = st.recursive(
    st.lists(line, max_size=3),
    lambda below: st.lists(
        st.builds(lambda each, children: replace(each, children=children), line, below), max_size=3
    ),
    max_leaves=6,
)
persons = st.builds(
    Person,
    **unkeyed,
    sex=st.sampled_from(["", "male", "female", "unknown"]),
    birth_on=days,
    birth_order=st.none() | st.integers(1, 999),
    household_situation=codeds,
    identifiers=st.lists(identifiers, max_size=2),
    addresses=st.lists(addresses, max_size=2),
    telecoms=telecoms,
    died_at=moments,
    photo=st.just(b"") | st.just(b"\xff\xd8\xff.") | st.binary(min_size=1, max_size=9),
    photo_consent_on=days,
    is_doubtful=st.booleans(),
    is_sensitive=st.booleans(),
    **dict.fromkeys(
        (
            "birth_family_name",
            "birth_given_names",
            "first_birth_given_name",
            "used_family_name",
            "used_given_name",
            "birth_place_code",
            "birth_place_name",
            "birth_place_state",
            "birth_country",
            "claimed_status",
        ),
        text,
    ),
)
structures = st.builds(Structure, **unkeyed, number=text, name=text, kind=codeds)
professionals = st.builds(
    Professional,
    **unkeyed,
    number=text,
    family_name=text,
    given_name=text,
    civility=text,
    qualifications=st.lists(coded, max_size=2),
    profession=codeds,
    function=codeds,
    exercise_mode=codeds,
)
stays = st.builds(
    Stay,
    **unkeyed,
    identifier=number,
    file_number=text,
    status=text,
    class_code=text,
    service_type=codeds,
    origin=text,
    admitted_on=days,
    entered_on=days,
    exited_on=days,
    planned_exit_on=days,
    entry_mode=codeds,
    entry_label=text,
    exit_mode=codeds,
    comment=text,
    unit_name=text,
)
transports = st.builds(
    Transport,
    **unkeyed,
    identifier=number,
    traveller=st.sampled_from(["usager", "professional"]),
    status=text,
    mode=codeds,
    motorisation=codeds,
    nature=codeds,
    starts_at=moments,
    ends_at=moments,
    planned_cost=money,
    distance_km=money,
    planned_minutes=money,
    is_accompanied=flags,
    is_aseptic=flags,
)
events = st.builds(
    Event,
    **unkeyed,
    identifier=number,
    status=text,
    class_code=text,
    types=st.lists(coded, max_size=2),
    label=text,
    report=text,
    comments=st.lists(said, max_size=2),
    starts_at=moments,
    ends_at=moments,
    updated_at=moments,
    place_name=text,
    place=st.none() | addresses,
    used_resources=st.lists(st.builds(UsedResource, type=coded, detail=codeds), max_size=2),
    was_person_present=flags,
    was_confirmed_by_person=flags,
    is_outside_service=flags,
    cancel_reason=codeds,
    transports=st.lists(transports, max_size=2),
    **written,
)
evaluations = st.builds(
    lambda at, on, **parts: Evaluation(**parts, authored_at=at, authored_on=None if at else on),
    moments,
    days,
    **unkeyed,
    identifier=number,
    questionnaire=text,
    type=codeds,
    title=text,
    status=text,
    comment=text,
    answers=answers,
    **written,
)
contacts = st.builds(
    Contact,
    **unkeyed,
    identifier=number,
    family_name=text,
    given_name=text,
    civility=text,
    role=of_list(f"{NOS}/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass"),
    relation=of_list(f"{TERMINOLOGY}/v3-RoleCode") | st.builds(Coded, text=said),
    protection_role=of_list(
        f"{NOS}/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique"
    ),
    telecoms=telecoms,
    addresses=st.lists(addresses, max_size=1),
    comment=text,
    description=text,
    is_emergency_contact=st.booleans(),
)
documents = st.builds(
    Document,
    **unkeyed,
    identifier=number,
    title=st.sampled_from(["Bilan", "Projet d'été"]),
    content_type=text,
    content=st.binary(max_size=9),
    language=text,
    type=codeds,
    category=codeds,
    confidentiality=codeds,
    status=text,
    made_at=moments,
    **written,
)
notes = st.builds(
    Note,
    **unkeyed,
    text=said,
    happened_at=moments,
    **written,
    withdrawn_reason=text,
    former_versions=st.lists(
        st.builds(
            NoteVersion, text=said, author_name=said, author_profession=text, recorded_at=moment
        ),
        max_size=2,
    ),
)
protections = st.builds(Protection, **unkeyed, kind=codeds, judged_on=days, holder=text)
coverages = st.builds(Coverage, **unkeyed, kind=codeds, payer_name=text, starts_on=days)


@st.composite
def records(draw: st.DrawFn) -> TransferRecord:
    """A record whose objects have keys of their own and refer to each other."""
    record = TransferRecord(
        person=draw(persons),
        structures=draw(st.lists(structures, max_size=2)),
        professionals=draw(st.lists(professionals, max_size=2)),
        stays=draw(st.lists(stays, max_size=2)),
        events=draw(st.lists(events, max_size=2)),
        evaluations=draw(st.lists(evaluations, max_size=2)),
        contacts=draw(st.lists(contacts, max_size=2)),
        protections=draw(st.lists(protections, max_size=1)),
        coverages=draw(st.lists(coverages, max_size=1)),
        documents=draw(st.lists(documents, max_size=2)),
        notes=draw(st.lists(notes, max_size=2)),
        sender_structure=draw(text),
        made_at=draw(moment),
    )
    _give_keys(draw, record)
    _link(draw, record)
    record.leftovers = _leftovers(draw, [each.key for each in record.events])
    return record


def _give_keys(draw: st.DrawFn, record: TransferRecord) -> None:
    """A key is the object's own number when no other has it, else something that tells nothing."""
    items: list[Any] = [record.person]
    for name in ("structures", "professionals", "stays", "events", "evaluations", "contacts"):
        items += getattr(record, name)
    items += [each for event in record.events for each in event.transports]
    items += record.protections + record.coverages + record.documents + record.notes
    taken = {""}
    for place, item in enumerate(items):
        own = getattr(item, "number", "") or getattr(getattr(item, "identifier", None), "value", "")
        item.key = own if own not in taken and draw(st.booleans()) else f"clé {place}"
        taken.add(item.key)


def _link(draw: st.DrawFn, record: TransferRecord) -> None:
    def one_of(items: list[Any], *others: str) -> str:
        return draw(st.sampled_from(["", *others, *(item.key for item in items)]))

    for professional in record.professionals:
        professional.structure = one_of(record.structures, "Organization/absente")
    for stay in record.stays:
        stay.structure = one_of(record.structures, "urn:uuid:absente")
    for event in record.events:
        event.stay = one_of(record.stays)
        event.structure = one_of(record.structures)
        event.professionals = [each.key for each in record.professionals]
        event.author = one_of(record.professionals)
        for transport in event.transports:
            if transport.traveller == "professional":
                transport.professional = one_of(record.professionals, "Foyer absent")
            transport.structure = one_of(record.structures)
    for evaluation in record.evaluations:
        evaluation.author = one_of(record.professionals)
        evaluation.event = one_of(record.events)
        evaluation.stay = one_of(record.stays)
        evaluation.structure = one_of(record.structures)
    for note in record.notes:
        note.author = one_of(record.professionals)
        note.withdrawn_by = one_of(record.professionals)
        note.structure = one_of(record.structures)
        note.stay = one_of(record.stays)
    for document in record.documents:
        document.author = one_of(record.structures + record.professionals)
        document.event = one_of(record.events)
        document.evaluation = one_of(record.evaluations)


def _leftovers(draw: st.DrawFn, keys: list[str]) -> list[Leftover]:
    resources = [
        {
            "resourceType": "CarePlan",
            "id": f"projet-{place}",
            "meta": {"profile": ["https://example.org/projet"]},
            "title": draw(said),
            "subject": {"reference": THE_PERSON},
            "supportingInfo": [{"reference": key} for key in keys],
        }
        for place in range(draw(st.integers(0, 2)))
    ]
    kept = [
        Leftover(
            key=f"CarePlan/projet-{place}",
            kind="fhir-resource",
            title=title_of(resource),
            content=to_json(resource),
            profile="https://example.org/projet",
        )
        for place, resource in enumerate(resources)
    ]
    part = st.builds(
        Leftover,
        **unkeyed,
        kind=st.sampled_from(["fhir-element", "cda-element", "differing", "words"]),
        volet=text,
        title=said,
        content=said,
        owner=text,
    )
    parts = draw(st.lists(part, max_size=2))
    return kept + [replace(each, key=f"partie {place}") for place, each in enumerate(parts)]
