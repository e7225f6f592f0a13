"""What was received and has no field of ours goes to the volet it is about, and tells no other."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.exchange.samples import file_of, receive, record
from tests.factories.town import Town, actor_of
from tests.formats.cda_samples import document
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, TDDUI, needs_official_files
from virage.directory.models import Membership
from virage.exchange.models import Import
from virage.exchange.queries.imports import find_import
from virage.exchange.queries.received import received_items
from virage.exchange.queries.reports import report_lines
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person

SECRET = "Arrêter de boire ; suivi psychiatrique secret"
PROFILE = "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/tddui-goal-attente"


def resource(type_: str, number: int, **parts: Any) -> dict[str, Any]:
    """Return the entry of one resource about the usager of an official Bundle."""
    return {
        "fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "resource": {"resourceType": type_, **parts},
        "request": {"method": "POST", "url": type_},
    }


def with_entries(content: bytes, *entries: dict[str, Any]) -> bytes:
    """Return a Bundle with more entries."""
    bundle = json.loads(content)
    bundle["entry"] += entries
    return json.dumps(bundle).encode()


def official_resources() -> Iterator[dict[str, Any]]:
    """The official resources that have no field of ours."""
    for number, path in enumerate(sorted((TDDUI / "examples-fhir").glob("*-tddui-*.json"))):
        parts = json.loads(path.read_bytes())
        type_ = parts.pop("resourceType")
        if type_ in ("CarePlan", "Consent", "Goal", "Observation", "ServiceRequest", "Task"):
            yield resource(type_, number, **parts)


def read_by(membership: Membership) -> set[str]:
    """Return the titles of what this person reads of it, in the one record."""
    with collecting_reads():
        items = received_items(actor_of(membership), Person.objects.get())
        return {item.title for item in items}


def report_of(membership: Membership, received: Import) -> str:
    """Return all that the report says to this person."""
    actor = actor_of(membership)
    with collecting_reads():
        lines = report_lines(actor, find_import(actor, received.pk))
    return "\n".join(f"{one.label} {one.path} {one.value} {one.help}" for one in lines)


@needs_official_files
def test_official_resources_go_to_the_volet_of_their_profile(town: Town) -> None:
    entries = list(official_resources())
    assert {one["resource"]["resourceType"] for one in entries} >= {"CarePlan", "Goal", "Consent"}
    content = with_entries(FHIR_BUNDLE.read_bytes(), *entries)
    receive(actor_of(town.sofia), content, unit=town.unit_a)
    project = {title for title in read_by(town.diane) if title.startswith("Attente ou objectif")}
    assert project
    assert project <= read_by(town.alice) & read_by(town.aude)
    assert read_by(town.sofia) == set()


@needs_official_files
def test_the_narrative_of_a_section_is_read_as_its_entries(town: Town) -> None:
    receive(actor_of(town.sofia), Path(CDA_DOCUMENT).read_bytes(), unit=town.unit_a)
    stays, events = "Texte de la section « Séjour »", "Texte de la section « Evènements »"
    evaluations = "Texte de la section « Evaluations »"
    assert {stays} == read_by(town.sofia) & {stays, events, evaluations}
    assert {stays, events, evaluations} <= read_by(town.alice)
    assert evaluations not in read_by(town.diane)


def test_what_says_nothing_of_its_volet_is_medical(town: Town) -> None:
    goal = resource("Goal", 2, lifecycleStatus="active", description={"text": SECRET})
    host = "https://organization.exemple.fr/StructureDefinition/serologie"
    test = resource("Observation", 3, meta={"profile": [host]}, code={"text": "Sérologie"})
    receive(actor_of(town.sofia), with_entries(file_of(record()), goal, test), unit=town.unit_a)
    assert read_by(town.sofia) == read_by(town.diane) == read_by(town.aude) == set()
    assert any(SECRET in title for title in read_by(town.denis))
    assert "Observation : Sérologie" in read_by(town.alice)


def test_the_report_names_kinds_and_no_words_of_another_volet(town: Town) -> None:
    goal = resource(
        "Goal", 2, meta={"profile": [PROFILE]}, description={"text": SECRET}, note=[{"text": "x"}]
    )
    received = receive(actor_of(town.sofia), with_entries(file_of(record()), goal))
    shown = report_of(town.sofia, received)
    assert "Attente ou objectif" in shown
    assert "secret" not in shown
    event = JournalEvent.objects.filter(action="import.report").latest("at")
    assert event.lines.get().volets == "administrative"


def test_a_value_too_long_is_not_told(town: Town) -> None:
    sample = record()
    sample.events[0].label = SECRET * 10
    received = receive(actor_of(town.sofia), file_of(sample))
    assert "Texte trop long" in report_of(town.sofia, received)
    assert "secret" not in report_of(town.sofia, received)


def test_the_title_of_a_section_is_not_told(town: Town) -> None:
    section = f"<section><title>{SECRET}</title><text>Suivi.</text></section>"
    received = receive(actor_of(town.sofia), document(section))
    assert "Section non reprise" in report_of(town.sofia, received)
    assert "secret" not in report_of(town.sofia, received)
    assert any(SECRET in title for title in read_by(town.denis))
