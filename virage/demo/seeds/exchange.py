"""Two files received yesterday: a record that waits for someone to say whose it is, and none."""

from datetime import time, timedelta

from virage.demo import received
from virage.demo.house import House, instant
from virage.exchange.actions import receive_file
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import (
    ItemKind,
    item_identifier,
    person_identifier,
    structure_number,
)
from virage.formats.tddui.to_fhir import build
from virage.foundation.outbox.actions import drain

HOUR = time(10, 5)


def seed_exchange(house: House) -> None:
    """Receive both files in the office of the EHPAD, and let them be treated."""
    plan = received.exchanges()
    secretary = house.secretary_of(house.establishments["ehpad"])
    actor = secretary.acting(instant(house.days[-1], HOUR))
    content = build(_record(house, plan), made_at=actor.at)
    receive_file(actor, file_name=plan.file_name, content=content)
    refused = plan.refused
    receive_file(actor, file_name=refused.file_name, content=refused.text.encode())
    drain()


def _record(house: House, plan: received.Exchanges) -> transit.TransferRecord:
    """Return the record of a former stay, as the other establishment sends it."""
    number = structure_number(plan.sender.finess)
    structure = transit.Structure(key=number, number=number, name=plan.sender.name)
    stay = item_identifier(plan.sender.finess, plan.local_number, ItemKind.STAY, "1")
    return transit.TransferRecord(
        person=_person(plan),
        structures=[structure],
        stays=[
            transit.Stay(
                key=stay.value,
                identifier=stay,
                file_number=plan.local_number,
                status="finished",
                structure=structure.key,
                entered_on=house.today - timedelta(days=plan.entered_days_ago),
                exited_on=house.today - timedelta(days=plan.left_days_ago),
            )
        ],
        notes=[_note(house, plan, note, number) for note in plan.notes],
        sender_structure=structure.key,
    )


def _person(plan: received.Exchanges) -> transit.Person:
    about = plan.about
    identifier = person_identifier(plan.sender.finess, plan.local_number)
    return transit.Person(
        key=identifier.value,
        birth_family_name=about.birth_family_name,
        birth_given_names=about.first_birth_given_name,
        first_birth_given_name=about.first_birth_given_name,
        sex="female" if about.is_female else "male",
        birth_on=about.born_on,
        claimed_status="PROV",
        identifiers=[identifier],
    )


def _note(
    house: House, plan: received.Exchanges, note: received.SentNote, structure: str
) -> transit.Note:
    at = instant(house.today - timedelta(days=note.days_ago), HOUR)
    return transit.Note(
        key=f"{plan.local_number}-{note.days_ago}",
        volet=note.volet,
        text=note.text,
        author_name=f"{plan.author.given} {plan.author.family}",
        author_profession="nurse",
        structure=structure,
        happened_at=at,
        recorded_at=at,
    )
