"""A received file: read, matched, written whole or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.exchange.samples import STRUCTURE, file_of, identifier, person, picture, receive, record
from tests.factories.town import Town, actor_of
from tests.persons.admissions import today
from virage.agenda.models import Event
from virage.documents.models import Document
from virage.exchange import actions
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.columns import oversized
from virage.exchange.queries.reading import read_file
from virage.formats.outcome import Unreadable
from virage.formats.tddui import record as transit
from virage.foundation.calendar import PARIS
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain
from virage.instruments.models import Evaluation
from virage.persons.enums import InsStatus
from virage.persons.models import Person, Stay
from virage.persons.queries import persons_visible_to
from virage.record.models import Note

INS_NIR = "urn:oid:1.2.250.1.213.1.4.8"
PHOTO = picture()
ATTRIBUTES = ("is_doubtful", "is_fictitious", "is_homonym")


def counts() -> list[int]:
    models = (Person, Stay, Event, Evaluation, Document, Note, ReceivedItem)
    return [model.objects.count() for model in models]


def test_a_record_comes_in_whole(town: Town) -> None:
    received = receive(actor_of(town.sofia), file_of(record()))
    assert received.state == ImportState.IMPORTED
    assert counts() == [1, 1, 1, 1, 1, 1, 0]
    newcomer = Person.objects.get()
    assert newcomer.birth_family_name == "LEROUX"
    assert newcomer.ins_status == InsStatus.PROVISIONAL
    assert newcomer.claimed_status == "PROV"
    stay = newcomer.stays.get()
    assert (stay.unit, stay.room) == (town.unit_a, town.room_a1)
    note = Note.objects.get()
    assert note.author_name == "Alice Martel"
    assert note.former_versions.get().text == "A mal dormi."
    # The file names the house that receives it.
    assert received.lines.get(level=LineLevel.KNOWN).label == "Structure citée"


def test_the_same_file_twice_creates_nothing(town: Town) -> None:
    content = file_of(record())
    receive(actor_of(town.sofia), content)
    before = counts()
    assert receive(actor_of(town.sofia), content).state == ImportState.KNOWN
    assert counts() == before


def test_a_later_file_of_the_same_person_adds_only_what_is_new(town: Town) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    sample = record()
    other = identifier("EVN", "2")
    sample.events.append(
        replace(sample.events[0], key=other.value, identifier=other, transports=[])
    )
    again = receive(actor_of(town.sofia), file_of(sample))
    assert again.state == ImportState.IMPORTED
    assert counts() == [1, 1, 2, 1, 1, 1, 0]
    assert again.lines.filter(level=LineLevel.KNOWN, label="Évènement").count() == 1


def test_a_wrong_ins_key_is_kept_and_makes_the_identity_doubtful(town: Town) -> None:
    wrong = transit.BusinessIdentifier(value="147720425367499", system=INS_NIR, use="official")
    sample = record(
        person=person(identifiers=[*person().identifiers, wrong], claimed_status="VALI")
    )
    received = receive(actor_of(town.sofia), file_of(sample))
    newcomer = Person.objects.get()
    assert newcomer.ins_value == "147720425367499"
    assert newcomer.is_doubtful
    assert newcomer.ins_status == InsStatus.PROVISIONAL
    assert newcomer.claimed_status == "VALI"
    assert received.lines.filter(level=LineLevel.WARNING, code="nir_key_wrong").exists()


@pytest.fixture
def held(town: Town) -> Import:
    """A file about someone like the person already known, under another local number."""
    receive(actor_of(town.sofia), file_of(record()))
    stranger = replace(person().identifiers[0], value="3990000101/555")
    sample = record(person=person(identifiers=[stranger], photo=PHOTO))
    for items in (sample.stays, sample.events, sample.evaluations):
        items.clear()
    return receive(actor_of(town.sofia), file_of(sample), name="autre.json")


def test_a_doubtful_identity_holds_the_whole_file(town: Town, held: Import) -> None:
    assert held.state == ImportState.HELD
    assert held.candidates.get() == Person.objects.get()
    photo = msgspec.json.decode(held.held_identity)["photo"]
    assert not photo, "a picture is kept in an encrypted file alone"


def test_a_human_says_it_is_the_same_person(town: Town, held: Import) -> None:
    known = Person.objects.get()
    actions.settle_identity(actor_of(town.sofia), import_id=held.pk, person_id=known.pk)
    drain()
    held.refresh_from_db()
    assert held.state == ImportState.IMPORTED
    assert Person.objects.get().identifiers.count() == 2


def test_a_human_says_it_is_someone_else(town: Town, held: Import) -> None:
    actions.settle_identity(actor_of(town.sofia), import_id=held.pk, person_id=None)
    drain()
    assert Person.objects.count() == 2
    newcomer = Person.objects.order_by("-id").first()
    assert newcomer is not None
    assert newcomer.stays.get().establishment == town.ehpad


def test_settling_twice_or_for_a_stranger_is_refused(town: Town, held: Import) -> None:
    sofia = actor_of(town.sofia)
    with pytest.raises(Invalid):
        actions.settle_identity(sofia, import_id=held.pk, person_id=held.pk)
    with pytest.raises(Refused):
        actions.settle_identity(actor_of(town.alice), import_id=held.pk, person_id=None)
    actions.settle_identity(sofia, import_id=held.pk, person_id=None)
    with pytest.raises((Refused, Conflict)):
        actions.settle_identity(sofia, import_id=held.pk, person_id=None)


def test_a_held_file_can_be_discarded(town: Town, held: Import) -> None:
    before = counts()
    sofia = actor_of(town.sofia)
    with pytest.raises(Invalid):
        actions.discard_import(sofia, import_id=held.pk, reason=" ")
    actions.discard_import(sofia, import_id=held.pk, reason="Reçu par erreur")
    held.refresh_from_db()
    assert held.state == ImportState.DISCARDED
    assert JournalEvent.objects.get(action="import.discard").purpose == "Reçu par erreur"
    assert counts() == before


def test_a_failure_in_the_middle_writes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("virage.exchange.actions.placing.items.write_notes", fail)
    received = receive(actor_of(town.sofia), file_of(record()))
    assert received.state == ImportState.RECEIVED
    assert counts() == [0] * 7


def test_an_unreadable_file_is_refused_with_its_reason(town: Town) -> None:
    received = receive(actor_of(town.sofia), b"bonjour", name="lettre.txt")
    assert received.state == ImportState.REFUSED
    assert received.lines.filter(level=LineLevel.REFUSAL).count() == 1
    assert counts() == [0] * 7


def test_a_file_without_stay_still_opens_the_record(town: Town) -> None:
    sample = record(stays=[], events=[], evaluations=[])
    receive(actor_of(town.sofia), file_of(sample), unit=town.unit_b)
    assert Stay.objects.get().unit == town.unit_b
    assert persons_visible_to(actor_of(town.basile)).exists()
    assert not persons_visible_to(actor_of(town.alice)).exists()


def test_a_stay_elsewhere_in_the_operator_takes_no_unit_of_the_receiver(town: Town) -> None:
    ime = replace(STRUCTURE, key="1990000200", number="1990000200", name=town.ime.name)
    sample = record(structures=[STRUCTURE, ime])
    sample.stays[0] = replace(sample.stays[0], structure=ime.key, unit_name=town.unit_a.name)
    receive(
        actor_of(town.command_line), file_of(sample), establishment=town.ehpad, unit=town.unit_a
    )
    assert Stay.objects.get(establishment=town.ime).unit is None


def test_a_unit_of_a_stranger_called_like_ours_opens_nothing(town: Town) -> None:
    far = replace(STRUCTURE, key="1990009999", number="1990009999", name="Foyer lointain")
    sample = record(structures=[STRUCTURE, far])
    sample.stays[0] = replace(sample.stays[0], structure=far.key, unit_name=town.unit_a.name)
    receive(actor_of(town.sofia), file_of(sample), unit=town.unit_b)
    assert Stay.objects.get().unit == town.unit_b


def test_what_has_no_instant_of_its_own_is_dated_by_what_the_file_says(town: Town) -> None:
    sample = record()
    sample.events[0] = replace(sample.events[0], starts_at=None)
    sample.notes[0] = replace(sample.notes[0], happened_at=None)
    receive(actor_of(town.sofia), file_of(sample))
    assert Event.objects.get().happened_at == sample.events[0].ends_at
    assert Note.objects.get().happened_at == sample.notes[0].recorded_at
    assert Evaluation.objects.get().happened_at == datetime(2026, 2, 4, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("claimed", "attributes"),
    [
        ("PROV", set()),
        ("DPOT", {"is_doubtful"}),
        ("FICT", {"is_fictitious"}),
        ("HOMD", {"is_homonym"}),
    ],
)
def test_what_a_status_says_of_an_identity_is_an_attribute(
    town: Town, claimed: str, attributes: set[str]
) -> None:
    receive(actor_of(town.sofia), file_of(record(person=person(claimed_status=claimed))))
    newcomer = Person.objects.get()
    assert newcomer.ins_status == InsStatus.PROVISIONAL
    assert {name for name in ATTRIBUTES if getattr(newcomer, name)} == attributes


def test_an_ins_of_another_time_is_a_number_among_others(town: Town) -> None:
    former, current = "138059900100121", "238059935200172"
    numbers = [
        transit.BusinessIdentifier(value=former, system=INS_NIR, use="old"),
        transit.BusinessIdentifier(value=current, system=INS_NIR),
    ]
    receive(actor_of(town.sofia), file_of(record(person=person(identifiers=numbers))))
    newcomer = Person.objects.get()
    assert newcomer.ins_value == current
    assert newcomer.identifiers.count() == 2


def test_only_those_who_import_may_bring_a_file(town: Town) -> None:
    with pytest.raises(Refused):
        actions.receive_file(actor_of(town.alice), file_name="a.json", content=b"{}")
    with pytest.raises(Invalid):
        actions.receive_file(actor_of(town.sofia), file_name="a.json", content=b"")
    with pytest.raises(Invalid):
        actions.receive_file(
            actor_of(town.sofia), file_name="a.json", content=b"{}", unit=town.ime_unit
        )


def test_a_file_is_received_where_one_works(town: Town) -> None:
    sofia, whole = actor_of(town.sofia), actor_of(town.command_line)
    for who, where in ((sofia, town.ime), (whole, town.other_ehpad)):
        with pytest.raises(Refused) as refused:
            actions.receive_file(who, file_name="a.json", content=b"{}", establishment=where)
        assert refused.value.is_hidden
    for who, where in ((sofia, town.ehpad), (whole, town.ime)):
        actions.receive_file(who, file_name="a.json", content=b"{}", establishment=where)


def test_a_file_of_the_largest_size_is_received(town: Town, settings: Any) -> None:
    settings.IMPORT_MAX_FILE_BYTES = len(b"{}")
    actions.receive_file(actor_of(town.sofia), file_name="a.json", content=b"{}")
    with pytest.raises(Invalid):
        actions.receive_file(actor_of(town.sofia), file_name="a.json", content=b"{ }")


def test_a_text_longer_than_its_column_is_refused_not_cut() -> None:
    sample = record(person=person(birth_family_name="L" * 101))
    assert [finding.code for finding in oversized(sample)] == ["value_too_long"]
    assert oversized(record()) == []
    sample.contacts = sample.contacts[:1] * 5_000
    sample.contacts[0].family_name = "A" * 300
    assert len(oversized(sample)) == 20


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("IMPORT_MAX_FILE_BYTES", 100, "too_large"),
        ("IMPORT_MAX_ATTACHMENT_BYTES", 3, "attachment_too_large"),
        ("IMPORT_MAX_DEPTH", 3, "too_deep"),
        ("IMPORT_MAX_ENTRIES", 3, "too_many_entries"),
    ],
)
def test_a_file_is_read_within_the_limits_of_the_settings(
    settings: Any, limit: str, value: int, code: str
) -> None:
    content = file_of(record())
    assert read_file(content).record.person.birth_family_name == "LEROUX"
    setattr(settings, limit, value)
    with pytest.raises(Unreadable, match=code):
        read_file(content)


@pytest.mark.parametrize(
    ("photo", "agreed_in_days", "is_portrait"),
    [
        (PHOTO, 0, True),
        (PHOTO, 1, False),
        (PHOTO, None, False),
        (b"\xff\xd8 invalid", 0, False),
    ],
    ids=["agreed", "agreed tomorrow", "never agreed", "unreadable"],
)
def test_a_photo_that_is_no_portrait_is_kept_as_a_document(
    town: Town, photo: bytes, agreed_in_days: int | None, is_portrait: bool
) -> None:
    consent = None if agreed_in_days is None else today() + timedelta(days=agreed_in_days)
    sample = record(person=person(photo=photo, photo_consent_on=consent))
    receive(actor_of(town.sofia), file_of(sample))
    assert bool(Person.objects.get().photo_digest) is is_portrait
    kept = Document.objects.filter(title__startswith="Photo reçue")
    assert kept.exists() is not is_portrait
