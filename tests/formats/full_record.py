"""A record of invented people where every field says something."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from virage.formats.fhir.names import FR_IDENTIFIER_TYPES, NOS
from virage.formats.tddui.canonical import SERAFIN, TDDUI
from virage.formats.tddui.identifiers import (
    ItemKind,
    item_identifier,
    person_identifier,
    structure_number,
)
from virage.formats.tddui.record import (
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

CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"
FINESS, LOCAL = "990000010", "LOC42"
NIR = "260059910004255"
PROTECTION_ROLES = f"{NOS}/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique"
MORNING = datetime(2026, 11, 2, 9, 15, tzinfo=UTC)
NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)


def item(kind: ItemKind, number: str) -> dict[str, Any]:
    """The identifier of an object, which is its key as well."""
    identifier = item_identifier(FINESS, LOCAL, kind, number)
    return {"key": identifier.value, "identifier": identifier}


def written(structure: Structure, professional: Professional) -> dict[str, Any]:
    """What an item says of its own writing."""
    return {
        "structure": structure.key,
        "author": professional.key,
        "author_name": "Inès Vasseur",
        "author_profession": "Infirmière",
        "recorded_at": NOON,
        "is_published": True,
    }


def full_record() -> TransferRecord:
    """A record where every field says something."""
    structure = Structure(
        key=structure_number(FINESS),
        number=structure_number(FINESS),
        name="SAVS Les Tilleuls",
        kind=Coded(
            f"{NOS}/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement",
            "446",
            "SAVS",
        ),
    )
    professional = Professional(
        key="10000000017",
        number="10000000017",
        family_name="Vasseur",
        given_name="Inès",
        civility="MME",
        qualifications=[Coded("urn:oid:1.2.250.1.999.2", "DE09", "DE Infirmier")],
        profession=Coded("urn:oid:1.2.250.1.999.3", "G15_60", "Infirmier"),
        function=Coded("urn:oid:1.2.250.1.999.4", "330", "Coordonnateur de parcours"),
        exercise_mode=Coded("urn:oid:1.2.250.1.999.5", "S", "Salarié"),
        structure=structure.key,
    )
    stay, event = _stay(structure), _event(structure, professional)
    event.stay = stay.key
    evaluation = _evaluation(structure, professional, event, stay)
    contact = _contact()
    return TransferRecord(
        person=_person(),
        structures=[structure],
        professionals=[professional],
        stays=[stay],
        events=[event],
        evaluations=[evaluation],
        contacts=[contact],
        protections=[_protection(contact)],
        coverages=[_coverage()],
        documents=[_document(structure, professional, event, evaluation)],
        notes=[_note(structure, professional, stay)],
        leftovers=_leftovers(stay),
        sender_structure=structure.key,
        made_at=NOON,
    )


def _person() -> Person:
    local = person_identifier(FINESS, LOCAL)
    ins = BusinessIdentifier(
        value=NIR,
        system="urn:oid:1.2.250.1.213.1.4.10",
        type=Coded(FR_IDENTIFIER_TYPES, "INS-NIR-TEST"),
        use="official",
        starts_on=date(2020, 1, 1),
        ends_on=date(2030, 1, 1),
    )
    return Person(
        key=local.value,
        birth_family_name="PATUREL",
        birth_given_names="ODETTE MARIE",
        first_birth_given_name="ODETTE",
        used_family_name="MERCIER",
        used_given_name="MARIE",
        sex="female",
        birth_on=date(1960, 5, 14),
        birth_order=42,
        birth_place_code="99100",
        birth_place_name="Valmorel",
        birth_place_state="Vald'or",
        birth_country="FRA",
        claimed_status="VALI",
        household_situation=Coded("urn:oid:1.2.250.1.999.6", "01", "Seul"),
        identifiers=[ins, local],
        addresses=[_address()],
        telecoms=[Telecom(system="phone", value="0199000001", use="home")],
        died_at=NOON,
        photo=b"\xff\xd8\xffphoto",
        is_homonym=True,
        is_fictitious=True,
        is_doubtful=True,
        photo_consent_on=date(2026, 1, 5),
        is_sensitive=True,
    )


def _address() -> Address:
    return Address(
        use="home",
        house_number="4",
        street="allée des Tilleuls",
        lines=["Bâtiment B"],
        postal_code="99100",
        city="Valmorel",
        district="Nord",
        state="Vald'or",
        country="FRA",
        insee_code="99100",
    )


def _stay(structure: Structure) -> Stay:
    return Stay(
        **item(ItemKind.STAY, "1"),
        file_number="2026-001",
        status="in-progress",
        class_code="HH",
        service_type=Coded("urn:oid:1.2.250.1.999.7", "48", "Accueil de jour"),
        structure=structure.key,
        origin="Foyer Les Ormes",
        admitted_on=date(2026, 1, 2),
        entered_on=date(2026, 1, 5),
        exited_on=date(2026, 11, 30),
        planned_entry_on=date(2026, 1, 4),
        planned_exit_on=date(2026, 12, 1),
        entry_mode=Coded(CISIS, "GEN-092.06.07", "Autre modalité d'entrée"),
        entry_label="Depuis le foyer",
        exit_mode=Coded("urn:oid:1.2.250.1.999.8", "1", "Domicile"),
        exit_label="Retour à domicile",
        comment="Trois jours par semaine",
        reception_mode="accueil_de_jour",
        unit_name="Les Hirondelles",
        room_name="12",
    )


def _event(structure: Structure, professional: Professional) -> Event:
    return Event(
        **item(ItemKind.EVENT, "7"),
        **written(structure, professional),
        status="cancelled",
        class_code="HH",
        types=[Coded(SERAFIN, "2.1.1.1", "Soins"), Coded(text="Sortie au marché")],
        label="Marché du lundi",
        reason="Reprendre l'habitude des courses",
        report="Annulé à cause de la neige.",
        comments=["Reporté d'une semaine"],
        starts_at=MORNING,
        ends_at=NOON,
        updated_at=NOON,
        place_name="Place du marché",
        place=_address(),
        professionals=[professional.key],
        used_resources=[
            UsedResource(
                type=Coded(CISIS, "ORG-207", "Ressource immobilière"),
                detail=Coded(CISIS, "ORG-211", "Salle"),
            )
        ],
        was_person_present=False,
        was_confirmed_by_person=False,
        is_outside_service=True,
        cancel_reason=Coded(CISIS, "MED-1300", "Intempéries"),
        transports=[_transport(structure, professional)],
        volet="socio_educative",
    )


def _transport(structure: Structure, professional: Professional) -> Transport:
    return Transport(
        **item(ItemKind.PROFESSIONAL_TRANSPORT, "3"),
        traveller="professional",
        professional=professional.key,
        structure=structure.key,
        status="completed",
        mode=Coded(CISIS, "ORG-202", "Véhicule individuel"),
        motorisation=Coded(CISIS, "GEN-355", "Véhicule électrique"),
        nature=Coded(SERAFIN, "3.2.4", "Transports liés au projet individuel"),
        starts_at=MORNING,
        ends_at=NOON,
        planned_cost=Decimal("2.50"),
        actual_cost=Decimal("2.75"),
        distance_km=Decimal("4.2"),
        planned_minutes=Decimal(10),
        is_accompanied=True,
        is_aseptic=False,
    )


def _evaluation(
    structure: Structure, professional: Professional, event: Event, stay: Stay
) -> Evaluation:
    return Evaluation(
        **item(ItemKind.EVALUATION, "9"),
        **written(structure, professional),
        questionnaire=f"{TDDUI}/Questionnaire/tddui-questionnaire-serafin",
        type=Coded(CISIS, "MED-1190", "Évaluation SERAFIN"),
        title="Besoins de novembre",
        status="completed",
        authored_at=NOON,
        source=professional.key,
        event=event.key,
        stay=stay.key,
        comment="À revoir en mai",
        answers=[
            Answer(
                link_id="besoin-mobilite",
                text="Besoins pour la mobilité",
                code=Coded(SERAFIN, "1.2.3"),
                value=31,
                value_kind="integer",
                children=[
                    Answer(
                        link_id="pensee-spont",
                        value=Coded("http://hl7.org/fhir/sid/icf", "qf0", text="seule"),
                        value_kind="Coding",
                    )
                ],
            )
        ],
        volet="project",
    )


def _contact() -> Contact:
    return Contact(
        **item(ItemKind.CONTACT, "5"),
        family_name="Mercier",
        given_name="Paul",
        civility="M",
        role=Coded(f"{NOS}/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass", "GUARD"),
        relation=Coded(f"{NOS}/TRE_R216-HL7RoleCode/FHIR/TRE-R216-HL7RoleCode", "SON"),
        protection_role=Coded(PROTECTION_ROLES, "20"),
        telecoms=[Telecom(system="email", value="paul@example.org")],
        addresses=[_address()],
        comment="Appeler après 18 h",
        description="Fils aîné",
        is_emergency_contact=True,
        held_relation=Coded(PROTECTION_ROLES, "30"),
        held_role=Coded(PROTECTION_ROLES, "20"),
    )


def _protection(contact: Contact) -> Protection:
    return Protection(
        key="mesure-1",
        kind=Coded(code="tutelle", text="Tutelle"),
        covers_person=True,
        covers_goods=True,
        judged_on=date(2024, 3, 1),
        ends_on=date(2029, 3, 1),
        holder=contact.key,
    )


def _coverage() -> Coverage:
    return Coverage(
        key="couverture-1",
        kind=Coded(code="AMO"),
        payer_name="Caisse de Valmorel",
        payer_number="99-100",
        insured_number="inconnu",
        insured_link=Coded(code="ASSURE"),
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
    )


def _document(
    structure: Structure, professional: Professional, event: Event, evaluation: Evaluation
) -> Document:
    return Document(
        **written(structure, professional),
        key="urn:uuid:0a0a",
        identifier=BusinessIdentifier(value="urn:uuid:0a0a", system="urn:ietf:rfc:3986"),
        title="Bilan de novembre",
        content_type="application/pdf",
        content=b"%PDF-1.7 bilan",
        language="fr-FR",
        type=Coded("http://loinc.org", "34133-9", "Synthèse"),
        category=Coded("urn:oid:1.2.250.1.213.1.1.4.1", "11", "Compte rendu"),
        confidentiality=Coded("urn:oid:1.2.250.1.999.9", "PSY", "Réservé", text="À la psychologue"),
        status="current",
        made_at=NOON,
        event=event.key,
        evaluation=evaluation.key,
        valid_until=date(2027, 11, 30),
        volet="project",
    )


def _note(structure: Structure, professional: Professional, stay: Stay) -> Note:
    former = NoteVersion(
        text="A mal dormi.",
        author_name="Inès Vasseur",
        author_profession="Infirmière",
        recorded_at=MORNING,
        reason="Erreur de nuit",
    )
    return Note(
        **written(structure, professional),
        key="note-1",
        volet="care",
        text="A bien dormi.",
        stay=stay.key,
        happened_at=MORNING,
        withdrawn_at=NOON,
        withdrawn_by=professional.key,
        withdrawn_reason="Mauvaise personne",
        former_versions=[former],
    )


def _leftovers(stay: Stay) -> list[Leftover]:
    careplan = (
        '{"resourceType":"CarePlan","id":"projet","status":"active","intent":"plan",'
        '"title":"Projet 2026","subject":{"reference":"usager"},'
        f'"encounter":{{"reference":"{stay.key}"}}}}'
    )
    return [
        Leftover(
            key="CarePlan/projet",
            kind="fhir-resource",
            title="Projet personnalisé : Projet 2026",
            content=careplan,
        ),
        Leftover(
            key="partie-1",
            kind="cda-element",
            title="Auteur",
            content="<author/>",
            owner=stay.key,
            profile="1.2.250.1.213",
            volet="administrative",
        ),
        Leftover(
            key="partie-2",
            kind="words",
            title="Unité : Les Hirondelles",
            content="Unité : Les Hirondelles",
            owner=stay.key,
            volet="administrative",
        ),
    ]
