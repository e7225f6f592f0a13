"""Making an edition: who reads what in it, what it leaves in the journal, what it costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from virage.directory.actions import update_establishment
from virage.documents.models import Document
from virage.documents.queries import content_of
from virage.editions.actions import edit
from virage.editions.enums import FileFormat, Kind
from virage.editions.queries.reading import READERS, ReadEdition, read_edition
from virage.editions.rules.templates import SOURCES, Wanted, template_of
from virage.formats.edition.tree import Signatures, Table, texts_of
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import add_item
from virage.persons.enums import InsOid, InsStatus
from virage.persons.models import Contact, Person
from virage.persons.queries import open_record
from virage.record.actions import withdraw_note, write_note

ALL = set(Volet)
# What each reads of the transmissions that others wrote and did not share.
READS = {
    "alice": ALL - {Volet.PSYCHOLOGICAL, Volet.MONEY},
    "denis": ALL - {Volet.PSYCHOLOGICAL, Volet.MONEY},
    "aude": {Volet.CARE, Volet.SOCIO_EDUCATIVE, Volet.PROJECT},
    "nina": {Volet.CARE},
    "sofia": {Volet.ADMINISTRATIVE, Volet.MONEY},
    "diane": {Volet.ADMINISTRATIVE, Volet.SOCIO_EDUCATIVE, Volet.PROJECT, Volet.MONEY},
}


def wanted(kind: Kind, person: Person | None = None, **given: Any) -> Wanted:
    chosen = {"file_format": FileFormat.PDF} | given
    return Wanted(kind=kind, person_id=person.pk if person else None, **chosen)


def read(town: Town, who: str, asked: Wanted) -> ReadEdition:
    with collecting_reads():
        return read_edition(actor_of(getattr(town, who)), asked)


def told(town: Town, who: str, asked: Wanted) -> str:
    edition = read(town, who, asked).edition
    return "\n".join(texts_of(edition.blocks))


@pytest.fixture
def one_note_a_volet(town: Town, rose: Person) -> None:
    for volet in Volet:
        draft = drafts.note(rose, volet=volet, text=f"écrit en {volet.value}")
        write_note(actor_of(town.command_line), draft=draft)


@pytest.fixture
def son(town: Town, rose: Person) -> Contact:
    contact = Contact(
        person=rose,
        family_name="Lambert",
        given_name="Hugo",
        is_emergency_contact=True,
        telecoms=[{"system": "phone", "value": "0612345678"}],
    )
    return add_item(actor_of(town.sofia), person=rose, item=contact)


@pytest.mark.parametrize("who", READS)
@pytest.mark.usefixtures("one_note_a_volet")
def test_transmissions_are_those_that_the_profession_reads(
    who: str, town: Town, rose: Person
) -> None:
    edition = read(town, who, wanted(Kind.NOTES, rose)).edition
    words = "\n".join(texts_of(edition))
    for volet in Volet:
        assert (f"écrit en {volet.value}" in words) == (volet in READS[who])
    counts, notes = (block for block in edition.blocks if isinstance(block, Table))
    # What is hidden is neither counted nor named.
    assert {row[0] for row in counts.rows} == {volet.label for volet in READS[who]}
    assert len(notes.rows) == sum(int(row[1]) for row in counts.rows) == len(READS[who])


@pytest.mark.parametrize(
    ("who", "condition"), [("basile", "care_team"), ("charlie", "hidden"), ("tom", "matrix")]
)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.PRESENT_LIST])
def test_who_does_not_reach_the_person_edits_nothing(
    kind: Kind, who: str, condition: str, town: Town, rose: Person
) -> None:
    with pytest.raises(Refused) as refused:
        edit(actor_of(getattr(town, who)), wanted=wanted(kind, rose))
    assert refused.value.condition in (condition, "matrix")
    assert not JournalEvent.objects.filter(action="edition.make").exists()


@pytest.mark.usefixtures("one_note_a_volet")
def test_a_restriction_leaves_no_trace(town: Town, rose: Person) -> None:
    closed = rose.subject.notes.get(volet=Volet.CARE)
    Restriction.objects.create(subject=rose.subject, item_id=closed.pk, profession="nurse")
    assert "écrit en care" not in told(town, "alice", wanted(Kind.NOTES, rose))
    assert "écrit en care" in told(town, "aude", wanted(Kind.NOTES, rose))


def test_a_withdrawn_text_is_not_printed_not_even_for_its_author(town: Town, rose: Person) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="pas pour elle"))
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    words = told(town, "alice", wanted(Kind.NOTES, rose))
    assert "(transmission retirée)" in words
    assert "pas pour elle" not in words


def test_each_page_names_the_structure_and_who_edits(town: Town, rose: Person) -> None:
    update_establishment(
        actor_of(town.gaspard),
        establishment=town.ehpad,
        expected_version=1,
        changes={"address": "4 allée des Aubépines, 99010 Vaumarin"},
    )
    edition = read(town, "alice", wanted(Kind.PERSON_SHEET, rose)).edition
    assert edition.structure == (
        "Association Les Quatre Vents",
        "EHPAD Les Tilleuls · 4 allée des Aubépines, 99010 Vaumarin · FINESS 990000101",
    )
    assert edition.maker.endswith("(heure de Paris) par Alice Martel, Infirmière, infirmier")
    assert "Nom de naissance\u00a0: LAMBERT" in edition.identity[0].replace("Lambert", "LAMBERT")
    assert edition.identity[1].endswith("Document non qualifié INS")
    assert edition.state == "Provisoire\u00a0: identité non validée"


def test_a_qualified_ins_is_told_to_who_reads_it(town: Town, rose: Person) -> None:
    rose.ins_value, rose.ins_oid = "241059935200163", InsOid.TEST
    rose.ins_status = InsStatus.QUALIFIED
    rose.save()
    asked = wanted(Kind.EMERGENCY_SHEET, rose)
    read_by_alice, read_by_aude = (read(town, who, asked).edition for who in ("alice", "aude"))
    assert read_by_alice.identity[1].endswith("241059935200163 · INS qualifiée (essai)")
    assert read_by_aude.identity[1].endswith("Féminin · INS qualifiée (essai)")
    assert read_by_alice.state == ""


def test_the_period_and_the_volet_bound_what_is_told(town: Town, rose: Person) -> None:
    office = actor_of(town.command_line)
    for days, volet in ((3, Volet.CARE), (3, Volet.PROJECT), (20, Volet.CARE)):
        at = drafts.moments_ago(24 * days)
        text = f"il y a {days} jours, {volet.value}"
        write_note(office, draft=drafts.note(rose, volet=volet, text=text, happened_at=at))
    since = office.today - timedelta(days=10)
    asked = wanted(Kind.NOTES, rose, volet=Volet.CARE, since=since, until=office.today)
    words = told(town, "alice", asked)
    assert "il y a 3 jours, care" in words
    assert "il y a 20 jours" not in words
    assert "project" not in words


@pytest.mark.usefixtures("son")
def test_the_sheet_tells_surroundings_to_who_reads_them(town: Town, rose: Person) -> None:
    assert "06\u00a012\u00a034\u00a056\u00a078" in told(
        town, "alice", wanted(Kind.PERSON_SHEET, rose)
    )
    seen_by_aude = told(town, "aude", wanted(Kind.PERSON_SHEET, rose))
    assert "Protection juridique" not in seen_by_aude
    assert "Autres numéros" not in seen_by_aude
    # She sees alerts, so whom to call.
    assert "Hugo Lambert" in told(town, "aude", wanted(Kind.EMERGENCY_SHEET, rose))
    assert "Fabre" in told(town, "aude", wanted(Kind.EMERGENCY_SHEET, rose))


def test_no_sheet_reads_as_without_allergy(town: Town, rose: Person) -> None:
    emergency = told(town, "alice", wanted(Kind.EMERGENCY_SHEET, rose))
    assert "ne dit rien des allergies" in emergency
    sheet = read(town, "alice", wanted(Kind.EMERGENCY_SHEET, rose)).edition
    assert any(isinstance(one, Signatures) and "Allergies" in one.labels for one in sheet.blocks)
    assert "Les allergies et les traitements" in told(
        town, "alice", wanted(Kind.PERSON_SHEET, rose)
    )


def test_those_present_are_those_whom_the_actor_follows(
    town: Town, rose: Person, louise: Person, ines: Person
) -> None:
    here = told(town, "alice", wanted(Kind.PRESENT_LIST))
    assert "Lambert Rose" in here
    assert "Bernard" not in here
    whole = told(town, "gaspard", wanted(Kind.PRESENT_LIST))
    assert all(name in whole for name in ("Lambert", "Bernard", "Faure"))
    one_unit = told(town, "gaspard", wanted(Kind.PRESENT_LIST, unit_id=town.unit_b.pk))
    assert "Lambert" not in one_unit
    assert "Bernard" in one_unit


def test_the_title_of_a_list_says_its_unit_and_its_day(town: Town, rose: Person) -> None:
    actor = replace(actor_of(town.gaspard), at=datetime(2026, 11, 29, 16, tzinfo=UTC))
    day = "dim.\u00a029\u00a0nov.\u00a02026"
    with collecting_reads():
        of_unit = read_edition(actor, wanted(Kind.PRESENT_LIST, unit_id=town.unit_a.pk)).edition
        of_all = read_edition(actor, wanted(Kind.PRESENT_LIST)).edition
    assert of_unit.title == f"Liste des présents, {town.unit_a.name}, {day}"
    assert of_unit.subtitle == town.ehpad.name
    assert of_all.title == f"Liste des présents, {day}"


def test_an_edition_is_one_line_of_who_saw(town: Town, rose: Person) -> None:
    welcome(town, "Rosa Lambert", town.ehpad, town.unit_a)
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    before = set(JournalEvent.objects.values_list("pk", flat=True))
    edit(actor_of(town.alice), wanted=wanted(Kind.NOTES, rose))
    event = JournalEvent.objects.exclude(pk__in=before).get()
    assert (event.action, event.is_write) == ("edition.make", True)
    assert event.detail == {"template": "notes", "version": "1", "format": "pdf"}
    assert event.lines.get().volets == "care"
    words = told(town, "alice", wanted(Kind.ACCESSES, rose))
    assert "Document édité pour être imprimé ou remis" in words


def test_what_was_done_alike_in_a_day_is_one_line(
    town: Town, rose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = datetime(2026, 11, 28, 20, tzinfo=UTC)
    seen = [(day, "denis"), (day + timedelta(minutes=1), "denis"), (day, "alice")]
    seen += [(day + timedelta(days=1), "denis"), (day + timedelta(days=1), "denis")]
    for at, who in seen:
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        with collecting_reads():
            open_record(actor_of(getattr(town, who)), rose.pk)
    edition = read(town, "diane", wanted(Kind.ACCESSES, rose)).edition
    [table] = [block for block in edition.blocks if isinstance(block, Table)]
    at = [row[:2] for row in table.rows if row[1].startswith(("Denis", "Alice"))]
    assert at == [
        ("29/11/2026\n21\u00a0h\u00a000, 2\u00a0fois", "Denis Fabre"),
        ("28/11/2026\nde 21\u00a0h\u00a000 à 21\u00a0h\u00a001, 2\u00a0fois", "Denis Fabre"),
        ("28/11/2026\n21\u00a0h\u00a000", "Alice Martel"),
    ]


@pytest.mark.parametrize("file_format", FileFormat)
def test_each_file_is_what_its_name_says(file_format: FileFormat, town: Town, rose: Person) -> None:
    asked = wanted(Kind.PERSON_SHEET, rose, file_format=file_format)
    made = edit(actor_of(town.alice), wanted=asked)
    beginning = b"%PDF-" if file_format == FileFormat.PDF else b"PK"
    assert made.content.startswith(beginning)
    assert made.file_name.endswith(f".{file_format}")
    assert "lambert" not in made.file_name.lower()


def test_a_sheet_is_filed_for_who_reads_the_administrative_volet(town: Town, rose: Person) -> None:
    filed = edit(actor_of(town.sofia), wanted=wanted(Kind.PERSON_SHEET, rose, is_filed=True))
    assert (filed.volet, filed.content_type) == (Volet.ADMINISTRATIVE, "application/pdf")
    assert content_of(filed).startswith(b"%PDF-")
    assert set(
        JournalEvent.objects.filter(target_id=filed.pk).values_list("action", flat=True)
    ) == {"document.add"}


@pytest.mark.parametrize(("who", "kind"), [("sofia", Kind.NOTES), ("gaspard", Kind.PERSON_SHEET)])
def test_a_copy_that_would_escape_its_rule_is_not_filed(
    who: str, kind: Kind, town: Town, rose: Person
) -> None:
    with pytest.raises(Invalid):
        edit(actor_of(getattr(town, who)), wanted=wanted(kind, rose, is_filed=True))
    assert not Document.objects.exists()


def test_who_does_not_write_the_volet_files_nothing(town: Town, rose: Person) -> None:
    with pytest.raises(Refused):
        edit(actor_of(town.alice), wanted=wanted(Kind.PERSON_SHEET, rose, is_filed=True))
    assert not Document.objects.exists()
    assert not JournalEvent.objects.filter(action="edition.make").exists()


def test_it_costs_the_same_for_one_row_and_for_thirty(
    town: Town, rose: Person, queries: BoundedQueries
) -> None:
    actor = actor_of(town.alice)
    counts = []
    for more in (1, 29):
        for number in range(more):
            write_note(actor_of(town.command_line), draft=drafts.note(rose, text=f"n° {number}"))
        with queries(at_most=12) as seen:
            edit(actor, wanted=wanted(Kind.NOTES, rose))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    with queries(at_most=16):
        edit(actor, wanted=wanted(Kind.PERSON_SHEET, rose))


@pytest.mark.usefixtures("one_note_a_volet", "son")
def test_each_source_says_what_the_vocabulary_lists(town: Town, rose: Person) -> None:
    actor = actor_of(town.denis)
    with collecting_reads():
        record = read_edition(actor, wanted(Kind.PERSON_SHEET, rose)).record
        found = {}
        for names, reader in READERS:
            rows = reader(actor, record, wanted(Kind.NOTES, rose))
            assert set(rows) == names
            found |= rows
    assert set(found) == set(SOURCES) - {"present"}
    for name, rows in found.items():
        assert all(set(row) == SOURCES[name] for row in rows), name


def test_every_template_is_read_in_its_version_in_force() -> None:
    assert {template_of(kind).id for kind in Kind} == set(Kind)
