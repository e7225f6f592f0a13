"""A professional known before: the codes that a file gives otherwise are kept apart, and leave."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.samples import NURSE, STRUCTURE, file_of, receive, record
from tests.exchange.test_who_reads_what import read_by, report_of
from tests.factories.town import Town, actor_of
from virage.directory.models import Professional, ReceivedStructure
from virage.exchange import actions
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.reading import read_file
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Person

RPPS = "81000000000"
DIPLOMA, SECOND = (Coded("urn:oid:1.2.250.1.999.2", code) for code in ("DE09", "DE12"))
CODED = {
    "qualifications": [DIPLOMA],
    "profession": Coded("urn:oid:1.2.250.1.999.3", "G15_60", "Infirmier"),
    "function": Coded("urn:oid:1.2.250.1.999.4", "330"),
    "exercise_mode": Coded("urn:oid:1.2.250.1.999.5", "S"),
    "structure": STRUCTURE.key,
}
ADDRESS = "urn:uuid:00000000-0000-4000-8000-{:012d}"
TITLE = "Professionnel : Alice Martel, reçu autrement"


@pytest.fixture
def alice(town: Town) -> Professional:
    """Our nurse, whom a file names by her RPPS."""
    alice = town.alice.professional
    alice.rpps, alice.profession_name = RPPS, "Infirmière"
    alice.save()
    return alice


def nurse(**changes: Any) -> transit.Professional:
    """Return Alice as another software names her, by her RPPS."""
    return replace(NURSE, **{"key": RPPS, "number": RPPS} | changes)


def brought(town: Town, *professionals: transit.Professional, **changes: Any) -> Import:
    """Bring a record of which all took part in the event."""
    event = replace(record().events[0], professionals=[one.key for one in professionals])
    named = {"professionals": [*professionals], "events": [event]}
    sample = record(**named, evaluations=[], documents=[], **changes)
    received = receive(actor_of(town.sofia), file_of(sample), unit=town.unit_a)
    assert received.state == ImportState.IMPORTED
    return received


def sent_again(town: Town) -> list[transit.Leftover]:
    """Return what goes out of the record that was received and has no field."""
    with collecting_reads():
        sent = actions.export_record(actor_of(town.diane), person_id=Person.objects.get().pk)
    return read_file(sent).record.leftovers


def test_codes_of_one_of_ours_are_kept_apart(town: Town, alice: Professional) -> None:
    before = Professional.objects.filter(pk=alice.pk).values().get()
    received = brought(town, nurse(**CODED))
    assert Professional.objects.filter(pk=alice.pk).values().get() == before
    item = ReceivedItem.objects.get()
    assert (item.title, item.owner_key) == (TITLE, RPPS)
    assert json.loads(item.content) == {
        "qualifications": [DIPLOMA.parts()],
        "profession": CODED["profession"].parts(),
        "function": CODED["function"].parts(),
        "exercise_mode": CODED["exercise_mode"].parts(),
        "structure": STRUCTURE.key,
    }
    line = received.lines.get(level=LineLevel.KEPT)
    assert (line.label, line.code) == ("Professionnel", "differs_from_held")
    assert "Alice" not in report_of(town.sofia, received)
    assert read_by(town.sofia) == {TITLE}
    leaving = sent_again(town)
    assert [(one.owner, one.content) for one in leaving] == [(RPPS, item.content)]


def test_what_agrees_with_ours_is_no_news(town: Town, alice: Professional) -> None:
    brought(town, nurse(profession=Coded(text="Infirmière")))
    assert not ReceivedItem.objects.exists()


def test_codes_of_a_stranger_met_before_are_kept_apart_once(town: Town) -> None:
    first = nurse(key=ADDRESS.format(1), number="", qualifications=[DIPLOMA])
    brought(town, first)
    brought(town, first, notes=[])
    assert not ReceivedItem.objects.exists()
    # Without a number, some software gives another address at each export.
    for n in (2, 3):
        brought(town, replace(first, key=ADDRESS.format(n), qualifications=[DIPLOMA, SECOND]))
    item = ReceivedItem.objects.get()
    assert json.loads(item.content) == {"qualifications": [SECOND.parts()]}
    met = Professional.objects.get(family_name="Martel", is_external=True)
    assert (item.owner_key, item.volet) == (met.pk.urn, "administrative")
    assert met.received["qualifications"] == [DIPLOMA.parts()]
    assert [one.owner for one in sent_again(town)] == [met.pk.urn]


def test_two_of_one_name_are_not_one_for_that(town: Town) -> None:
    named = nurse(key=ADDRESS.format(1), number="", profession=Coded(text="Infirmier"))
    doctor = replace(named, key=ADDRESS.format(2), profession=Coded(text="Psychiatre"))
    lady = replace(named, key=ADDRESS.format(3), civility="MME")
    twin = replace(named, key=ADDRESS.format(4))
    everyone = (named, doctor, lady, twin)
    for _ in range(2):
        brought(town, *everyone, notes=[])
        met = Professional.objects.filter(family_name="Martel", is_external=True).order_by("id")
        told = [(one.profession_name, one.civility) for one in met]
        assert told == [
            ("Infirmier", ""),
            ("Psychiatre", ""),
            ("Infirmier", "MME"),
            ("Infirmier", ""),
        ]
        everyone = tuple(
            replace(one, key=ADDRESS.format(rank)) for rank, one in enumerate(everyone, 11)
        )
    assert not ReceivedItem.objects.exists()


def test_two_strangers_under_one_number_both_leave(town: Town) -> None:
    other = nurse(key=ADDRESS.format(1), family_name="Autre")
    brought(town, nurse(), other)
    with collecting_reads():
        content = actions.export_record(actor_of(town.diane), person_id=Person.objects.get().pk)
    sent = read_file(content).record
    assert {one.family_name for one in sent.professionals} == {"Martel", "Autre"}
    assert len(sent.events[0].professionals) == 2


def test_one_who_stands_many_times_in_a_file_is_kept_apart_once(
    town: Town, alice: Professional
) -> None:
    copies = [nurse(key=ADDRESS.format(n), **CODED) for n in range(1, 4)]
    brought(town, nurse(**CODED), *copies)
    assert ReceivedItem.objects.count() == 1


def test_a_stranger_under_one_number_twice_in_a_file_is_one(town: Town) -> None:
    brought(town, nurse(), nurse(key=ADDRESS.format(1)), nurse(key=ADDRESS.format(2)))
    assert Professional.objects.filter(is_external=True).count() == 1


def test_one_whom_our_id_names_is_not_another_of_that_name(town: Town) -> None:
    brought(town, nurse(key=ADDRESS.format(1), number=""))
    met = Professional.objects.get(is_external=True)
    received = brought(
        town,
        nurse(key=met.pk.urn, number="", civility="MME"),
        nurse(key=ADDRESS.format(2), number=""),
    )
    strangers = Professional.objects.filter(is_external=True)
    assert strangers.count() == 2
    cited = received.lines.filter(label="Professionnel cité").order_by("id")
    assert [one.level for one in cited] == [LineLevel.KNOWN, LineLevel.CREATED]


def test_a_structure_that_stands_twice_in_a_file_is_kept_once(town: Town) -> None:
    twin = replace(STRUCTURE, key=ADDRESS.format(1))
    coded = replace(twin, key=ADDRESS.format(2), kind=Coded(text="EHPAD"))
    for notes in (record().notes, []):
        brought(town, nurse(), structures=[STRUCTURE, twin, coded], notes=notes)
        kept = ReceivedStructure.objects.order_by("id")
        assert [one.kind.text for one in kept] == ["", "EHPAD"]
