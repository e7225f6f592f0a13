"""The town in which every address is tried: a member per profession, and something of each kind.

Everybody works at the EHPAD, where Rose lives; Inès is at the IME of the same operator, Yvonne
with another operator.
"""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from PIL import Image

from tests.access.world import LONG_AGO
from tests.exchange.samples import file_of, record
from tests.factories import drafts
from tests.factories.town import actor_of, build_town, hire
from virage.agenda.actions import plan_event
from virage.directory.actions import create_room
from virage.directory.actions.imports import receive_table
from virage.directory.enums import ImportKind
from virage.directory.models import Account, DirectoryImport, Membership, Unit
from virage.directory.queries import system_membership
from virage.directory.rules.imports import read_table
from virage.documents.actions import add_document, replace_document
from virage.editions.enums import FileFormat, Kind, PreparationState
from virage.editions.models import Preparation
from virage.exchange.actions import receive_file
from virage.exchange.enums import ImportState
from virage.exchange.models import Import, ReceivedItem
from virage.formats.tddui.record import Answer
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import BrisDeGlace, Restriction
from virage.foundation.access.writing import signature
from virage.foundation.ids import new_id
from virage.foundation.outbox.actions import post
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.storage import files
from virage.instruments.actions import freeze_evaluations
from virage.instruments.models import Evaluation, Sheet, SheetRequest
from virage.persons.actions import add_item, create_person, name_referent, set_photo
from virage.persons.enums import InsOid
from virage.persons.models import Contact, Person, Stay
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.rules import PersonTraits
from virage.persons.rules.photo import portrait
from virage.plans.actions.parts import add_action, add_objective
from virage.plans.actions.plans import create_plan, step_plan
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft
from virage.record.actions import write_note

INS = {"Rose": "241059935200163", "Inès": "241059935200262", "Yvonne": "241059935200361"}
FILE_NUMBER = "DOSSIER-4711"
FAMILY_NAME = "KERBRAT"
# What no address may hold, and no page shown to someone who may not know the person.
PERSONAL = (FAMILY_NAME, *INS.values(), FILE_NUMBER)


@dataclass(frozen=True)
class Role:
    """Somebody of the town, and what the rules look at."""

    membership: Membership
    profession: str
    is_whole_operator: bool


@dataclass(frozen=True)
class Target:
    """One of each thing that an address can name, around one person."""

    person: Person
    ids: dict[str, UUID]


@dataclass(frozen=True)
class UrlTown:
    """Roles by name; targets: ours, elsewhere in the operator, and another operator's."""

    roles: dict[str, Role]
    targets: dict[str, Target]


def build_url_town() -> UrlTown:
    """Make the town, a role per profession and the three targets."""
    town = build_town()
    office = actor_of(town.command_line)
    lake = actor_of(system_membership(town.other_operator))
    members = {
        member.profession: member
        for member in (town.alice, town.aude, town.denis, town.sofia, town.nina, town.tom)
    } | {"director": town.diane, "director of all": town.gaspard}
    for name, profession in (
        ("Édith Caron", "educator"),
        ("Pablo Reyes", "psychologist"),
        ("Thaïs Morel", "therapist"),
        ("Solène Adam", "social_worker"),
        ("Eliott Prat", "teacher"),
    ):
        members[profession] = hire(office, name, profession, town.ehpad, units=[town.unit_a])
    roles = {
        name: Role(member, member.profession, member.establishment_id is None)
        for name, member in members.items()
    }
    targets = {
        "ours": _target(office, "Rose", town.unit_a),
        "elsewhere": _target(office, "Inès", town.ime_unit),
        "theirs": _target(lake, "Yvonne", town.other_unit),
    }
    preparation = _preparation(town.alice)
    for target in targets.values():
        target.ids["preparation_id"] = preparation.pk
    return UrlTown(roles, targets)


def _target(office: Actor, name: str, unit: Unit) -> Target:
    traits = PersonTraits(
        birth_family_name=FAMILY_NAME,
        birth_given_names=name,
        sex="female",
        birth_on=date(1941, 5, 2),
    )
    stay = Stay(
        establishment=unit.establishment, unit=unit, entered_on=LONG_AGO, file_number=FILE_NUMBER
    )
    person = create_person(
        office,
        traits=traits,
        stay=stay,
        ins_value=INS[name],
        ins_oid=InsOid.TEST,
        other_person_ids=look_alike_ids(office, traits, INS[name]),
    )
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    set_photo(office, person=person, photo=portrait(picture.getvalue()), consent_on=LONG_AGO)
    contact = add_item(office, person=person, item=Contact(family_name="Kerbrat"))
    newcomer = hire(office, f"Nouvelle{name} Venue", "nurse", unit.establishment, units=[unit])
    Account.objects.filter(professional=newcomer.professional).update(password="!")
    referent = name_referent(
        office, person=person, professional=newcomer.professional, starts_on=LONG_AGO
    )
    imported, held = (_import(office, unit, state) for state in ("imported", "held"))
    Import.objects.filter(pk=imported.pk).update(subject=person.subject)
    held.candidates.add(person)
    return Target(
        person,
        {
            "person_id": person.pk,
            "stay_id": stay.pk,
            "referent_id": referent.pk,
            "item_id": contact.pk,
            "establishment_id": unit.establishment_id,
            "unit_id": unit.pk,
            "room_id": create_room(office, unit=unit, name="101").pk,
            "professional_id": newcomer.professional_id,
            "membership_id": newcomer.pk,
            "import_id": imported.pk,
            "held_id": held.pk,
            "task_id": _task(office).pk,
            "opening_id": _opening(office, person).pk,
            "restriction_id": Restriction.objects.create(
                subject=person.subject,
                professional_id=newcomer.professional_id,
                reason="Opposition.",
            ).pk,
            "table_id": _table(office).pk,
            **_items(office, person, unit, imported),
            **_plan(office, person, unit),
        },
    )


def _preparation(membership: Membership) -> Preparation:
    """Put off a long edition of this membership, and make it."""
    return Preparation.objects.create(
        operator_id=membership.operator_id,
        membership=membership,
        kind=Kind.PRESENT_LIST,
        file_format=FileFormat.PDF,
        line_count=1,
        state=PreparationState.READY,
        file_address=files.put(b"%PDF-1.7", membership.operator_id),
    )


def _task(office: Actor) -> Message:
    """Post a message that was given up."""
    key = str(new_id())
    with transaction.atomic():
        message = post("test.given_up", key=key, operator_id=office.operator_id, payload={})
    Message.objects.filter(pk=message.pk).update(state=MessageState.DEAD)
    return message


def _opening(office: Actor, person: Person) -> BrisDeGlace:
    """Break the glass in the name of someone who is none of the roles."""
    return BrisDeGlace.objects.create(
        operator_id=office.operator_id,
        subject=person.subject,
        membership_id=new_id(),
        professional_id=new_id(),
        professional_name="Nadège Infirmière",
        profession="nurse",
        motive="fall",
        reason="Chute dans le couloir.",
        asked_at=office.at,
        opened_at=office.at,
        ends_at=office.at + timedelta(hours=4),
    )


def _table(office: Actor) -> DirectoryImport:
    """Receive a table of staff that is ready to be written."""
    content = b"Matricule;Nom\nM1;Marchand\n"
    kind = ImportKind.STAFF
    sheet = read_table(kind, content)
    return receive_table(office, kind=kind, file_name="personnel.csv", sheet=sheet)


def _items(office: Actor, person: Person, unit: Unit, imported: Import) -> dict[str, UUID]:
    """Write one item of each kind in the care volet, an hour ago; return their ids."""
    where = {"establishment_id": unit.establishment_id}
    written = {
        "note": write_note(office, draft=drafts.note(person, **where)),
        "event": plan_event(office, draft=drafts.event(person, **where)),
        "evaluation": _pain(office, person, where),
        "other": _pain(office, person, where),
        "sheet": Sheet.objects.create(
            **signature(office, drafts.moments_ago(), None, unit.establishment_id),
            **{"subject": person.subject, "volet": Volet.CARE},
            **{"instrument": "pain_numeric", "instrument_version": "1"},
        ),
        "document": add_document(office, draft=drafts.document(person, **where)),
        "received": ReceivedItem.objects.create(
            **signature(office, drafts.moments_ago(), None, unit.establishment_id),
            **{"subject": person.subject, "volet": Volet.CARE, "of_import": imported},
            **{"kind": "xml", "title": "Projet", "key": "1", "content": "<projet/>"},
        ),
    }
    written["request"] = SheetRequest.objects.create(
        operator_id=office.operator_id,
        sheet=written["sheet"],
        profession="nurse",
        asked_by_name=office.display_name,
        asked_at=office.at,
    )
    Sheet.objects.create(
        **signature(office, drafts.moments_ago(), None, unit.establishment_id),
        **{"subject": person.subject, "volet": Volet.CARE, "state": "finished"},
        **{"instrument": "pain_numeric", "instrument_version": "1"},
        evaluation=written["evaluation"],
    )
    again = drafts.version()
    replace_document(office, document=written["document"], expected_version=1, draft=again)
    return {f"{kind}_id": item.pk for kind, item in written.items()}


def _plan(office: Actor, person: Person, unit: Unit) -> dict[str, UUID]:
    """Put a plan of care in force, with two objectives and one action; return their ids."""
    draft = PlanDraft(
        subject_id=person.subject_id,
        volet=Volet.CARE,
        title="Marcher",
        starts_on=office.today,
        establishment_id=unit.establishment_id,
    )
    plan = create_plan(office, draft=draft)
    objective = add_objective(office, plan_id=plan.pk, draft=ObjectiveDraft(title="Sortir"))
    action = add_action(
        office, plan_id=plan.pk, objective_id=objective.pk, draft=ActionDraft(title="Sortir")
    )
    second = add_objective(office, plan_id=plan.pk, draft=ObjectiveDraft(title="Dormir"))
    step_plan(office, plan_id=plan.pk, verb="put_in_force")
    return {
        "plan_id": plan.pk,
        "objective_id": objective.pk,
        "second_objective_id": second.pk,
        "action_id": action.pk,
    }


def _pain(office: Actor, person: Person, where: dict[str, UUID]) -> Evaluation:
    """Freeze what those who write care answer."""
    made = {"instrument": "pain_numeric", "instrument_version": "1"}
    answers = [Answer(link_id="level", text="Douleur au repos", value=3)]
    draft = drafts.evaluation(person, **where, **made, answers=answers)
    return freeze_evaluations(office, drafts=[draft])[0]


def _import(office: Actor, unit: Unit, state: str) -> Import:
    brought = record()
    received = receive_file(
        office,
        file_name="dossier.json",
        content=file_of(brought),
        establishment=unit.establishment,
        unit=unit,
    )
    received.state = ImportState(state)
    received.held_identity = msgspec.json.encode(brought.person).decode()
    received.save()
    return received
