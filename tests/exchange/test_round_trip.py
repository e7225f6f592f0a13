"""A record exported, then imported where nothing is known of it: every field is equal."""

import pytest

from tests.exchange.samples import file_of, receive, record
from tests.factories.town import Town, actor_of
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, needs_official_files
from virage.directory import actions as directory
from virage.directory.enums import EstablishmentKind
from virage.directory.models import Establishment
from virage.directory.queries import system_membership
from virage.exchange import actions
from virage.exchange.enums import ImportState
from virage.exchange.queries.record_in_transit import record_in_transit
from virage.formats.tddui.record import TransferRecord
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person


def export(actor: Actor) -> tuple[TransferRecord, bytes]:
    """Return the record of the one person of the actor's operator, and the file made of it."""
    person = Person.objects.get(operator=actor.operator_id)
    with collecting_reads():
        held = record_in_transit(actor, person.pk)
        return held, actions.export_record(actor, person_id=person.pk)


def empty_instance() -> Actor:
    """Return the command line of an operator that knows nobody, with a home of the same name."""
    operator = directory.create_operator(name="Association d’ailleurs")
    actor = actor_of(system_membership(operator))
    home = directory.create_establishment(
        actor, name="EHPAD Les Tilleuls", kind=EstablishmentKind.EHPAD, finess="990000101"
    )
    unit = directory.create_unit(actor, establishment=home, name="Rez-de-jardin")
    directory.create_room(actor, unit=unit, name="12")
    return actor


def comparable(held: TransferRecord) -> TransferRecord:
    """Set aside the keys that are an instance's own ids."""
    held.person.key = "usager"
    for one in [*held.protections, *held.coverages]:
        one.key = ""
    held.structures.sort(key=lambda structure: structure.key)
    held.professionals.sort(key=lambda professional: professional.key)
    return held


def there_and_back(town: Town, content: bytes) -> tuple[TransferRecord, TransferRecord]:
    """Import a file, export it, import that elsewhere, and return both records."""
    here = actor_of(town.command_line)
    assert receive(here, content, establishment=town.ehpad).state == ImportState.IMPORTED
    held, sent = export(here)
    there = empty_instance()
    home = Establishment.objects.get(operator=there.operator_id)
    arrived = receive(there, sent, establishment=home)
    assert arrived.state == ImportState.IMPORTED, list(arrived.lines.values_list("code", "path"))
    again, _ = export(there)
    return comparable(held), comparable(again)


def test_a_full_record(town: Town) -> None:
    held, again = there_and_back(town, file_of(record()))
    assert again == held


@needs_official_files
@pytest.mark.parametrize("path", [FHIR_BUNDLE, CDA_DOCUMENT], ids=["fhir", "cda"])
def test_the_official_files(town: Town, path: object) -> None:
    held, again = there_and_back(town, path.read_bytes())  # type: ignore[attr-defined]
    assert again == held
    assert held.person.birth_family_name == "DUPONT"


def test_exporting_is_a_right_of_its_own_and_is_journalled(town: Town) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    person = Person.objects.get()
    with collecting_reads():
        for membership in (town.sofia, town.alice, town.charlie):
            with pytest.raises(Refused):
                actions.export_record(actor_of(membership), person_id=person.pk)
        actions.export_record(actor_of(town.diane), person_id=person.pk)
    event = JournalEvent.objects.get(action="record.export")
    assert event.lines.get().subject_id == person.subject_id
    assert event.membership_id == town.diane.pk
