"""A whole invented record in transit, with something in every field, and files made of it."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from PIL import Image

from virage.exchange import actions
from virage.exchange.models import Import
from virage.formats.tddui import record as transit
from virage.formats.tddui.to_fhir import build
from virage.foundation.access.actor import Actor
from virage.foundation.coded import Coded
from virage.foundation.outbox.actions import drain

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LOCAL = "https://identifiant-medicosocial-localusager.esante.gouv.fr"
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"


def identifier(kind: str, number: str = "1", system: str = "") -> transit.BusinessIdentifier:
    """Return an identifier as another software would give it."""
    return transit.BusinessIdentifier(value=f"3990000101/ab-{kind}-{number}", system=system)


def person(**changes: Any) -> transit.Person:
    """Return an invented person, known under a local number and a test INS."""
    sample = transit.Person(
        key="urn:uuid:00000000-0000-0000-0000-000000000001",
        birth_family_name="LEROUX",
        birth_given_names="Odette Marie",
        first_birth_given_name="Odette",
        used_family_name="LEROUX-BRIAND",
        used_given_name="Odette",
        sex="female",
        birth_on=date(1938, 5, 17),
        birth_order=2,
        birth_place_code="99352",
        birth_place_name="ALGER",
        claimed_status="PROV",
        identifiers=[
            transit.BusinessIdentifier(
                value="3990000101/194704032",
                system=LOCAL,
                type=Coded(V2_0203, "PI", "Patient internal identifier"),
            )
        ],
        addresses=[transit.Address(use="home", lines=["4 quai Neuf"], postal_code="99100")],
        telecoms=[transit.Telecom(system="phone", value="0199000001", use="home")],
    )
    return replace(sample, **changes)


STRUCTURE = transit.Structure(key="1990000101", number="1990000101", name="EHPAD Les Tilleuls")
NURSE = transit.Professional(
    key="99900000001", number="99900000001", family_name="Martel", given_name="Alice"
)
STAY, EVENT, EVALUATION, CONTACT, JOURNEY = (
    identifier(kind) for kind in ("SEJOUR", "EVN", "EVAL", "CONTACT", "TPPat")
)


def stay() -> transit.Stay:
    """Return a stay in a unit and a room of the town."""
    return transit.Stay(
        key=STAY.value,
        identifier=STAY,
        file_number="2024-17",
        status="in-progress",
        class_code="HH",
        structure=STRUCTURE.key,
        entered_on=date(2024, 2, 1),
        reception_mode="permanent",
        unit_name="Rez-de-jardin",
        room_name="12",
    )


def event() -> transit.Event:
    """Return a past event with its journey."""
    journey = transit.Transport(
        key=JOURNEY.value,
        identifier=JOURNEY,
        traveller="usager",
        distance_km=Decimal("12.5"),
        is_accompanied=True,
    )
    return transit.Event(
        key=EVENT.value,
        identifier=EVENT,
        status="finished",
        class_code="HH",
        label="Visite de la pédicure",
        starts_at=datetime(2026, 2, 3, 9, tzinfo=UTC),
        ends_at=datetime(2026, 2, 3, 10, tzinfo=UTC),
        types=[Coded("https://smt.esante.gouv.fr/terminologie-SERAFINPH", "2.1.2.1")],
        stay=STAY.value,
        structure=STRUCTURE.key,
        professionals=[NURSE.key],
        transports=[journey],
        volet="care",
    )


def evaluation() -> transit.Evaluation:
    """Return a pain scale answered by the nurse."""
    return transit.Evaluation(
        key=EVALUATION.value,
        identifier=EVALUATION,
        questionnaire="https://exemple.invalid/Questionnaire/douleur",
        title="Douleur",
        status="completed",
        authored_on=date(2026, 2, 4),
        source=NURSE.key,
        event=EVENT.value,
        answers=[transit.Answer(link_id="en", text="EN", value=3, value_kind="integer")],
        volet="care",
    )


def note() -> transit.Note:
    """Return a transmission corrected once."""
    former = transit.NoteVersion(
        text="A mal dormi.",
        author_name="Alice Martel",
        author_profession="nurse",
        recorded_at=datetime(2026, 2, 6, 6, 30, tzinfo=UTC),
        reason="Erreur de chambre",
    )
    return transit.Note(
        key="note-1",
        volet="care",
        text="A bien dormi.",
        author_name="Alice Martel",
        author_profession="nurse",
        structure=STRUCTURE.key,
        happened_at=datetime(2026, 2, 6, 6, tzinfo=UTC),
        recorded_at=datetime(2026, 2, 6, 7, tzinfo=UTC),
        former_versions=[former],
    )


def document() -> transit.Document:
    """Return an attached file."""
    return transit.Document(
        key="doc-1",
        identifier=transit.BusinessIdentifier(value="doc-1"),
        title="Ordonnance",
        content_type="application/pdf",
        content=b"%PDF-1.4 exemple",
        status="current",
        made_at=datetime(2026, 2, 5, tzinfo=UTC),
        author=NURSE.key,
        volet="medical",
    )


def surroundings() -> dict[str, list[Any]]:
    """Return a contact, the measure it holds, and a cover."""
    contact = transit.Contact(
        key=CONTACT.value,
        identifier=CONTACT,
        family_name="Briand",
        given_name="Yves",
        is_emergency_contact=True,
    )
    protection = transit.Protection(
        key="p1",
        kind=Coded(code="curatelle", text="Curatelle simple"),
        covers_goods=True,
        judged_on=date(2023, 1, 9),
        holder=CONTACT.value,
    )
    cover = transit.Coverage(key="c1", kind=Coded(code="AMO", text="AMO"), payer_name="CPAM 99")
    return {"contacts": [contact], "protections": [protection], "coverages": [cover]}


def record(**changes: Any) -> transit.TransferRecord:
    """Return a whole record: something of each kind."""
    sample = transit.TransferRecord(
        person=person(),
        structures=[STRUCTURE],
        professionals=[NURSE],
        stays=[stay()],
        events=[event()],
        evaluations=[evaluation()],
        documents=[document()],
        notes=[note()],
        sender_structure=STRUCTURE.key,
        **surroundings(),
    )
    return replace(sample, **changes)


def picture(colour: str = "teal") -> bytes:
    """Return a small picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


def receive(actor: Actor, content: bytes, name: str = "dossier.json", **where: object) -> Import:
    """Receive a file as a screen does, and let the worker treat it."""
    received = actions.receive_file(actor, file_name=name, content=content, **where)  # type: ignore[arg-type]
    drain()
    received.refresh_from_db()
    return received


def file_of(sample: transit.TransferRecord) -> bytes:
    """Return the TDDUI Bundle of a record."""
    return build(sample, made_at=MADE_AT)
