"""The screens of the exchange room: wiring, wording, refusals."""

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of, sign_in
from virage.agenda.models import Event
from virage.exchange.enums import ImportState
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.reports import identity_received, report_lines
from virage.formats.tddui.record import BusinessIdentifier
from virage.foundation.access.enums import Volet
from virage.foundation.ids import new_id
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalLine
from virage.foundation.outbox.actions import drain
from virage.persons.actions import raise_restriction
from virage.persons.enums import InsOid
from virage.persons.models import Person

AGREED = {"recipient": "IME Les Tilleuls", "is_confirmed": "on"}


@pytest.fixture
def sofia(town: Town, client: Client) -> Client:
    sign_in(client, town.sofia)
    return client


def test_a_file_is_sent_and_its_report_read(town: Town, sofia: Client) -> None:
    upload = SimpleUploadedFile("../dossier.json", file_of(record()))
    page = {"file": upload, "unit": town.unit_a.pk}
    answer = sofia.post(reverse("exchange:import_list"), page)
    received = Import.objects.get()
    report = reverse("exchange:import_report", args=[received.pk])
    assert answer.url == report  # type: ignore[attr-defined]
    assert received.file_name == "dossier.json"
    waiting = sofia.get(report).text
    assert "Lecture en cours" in waiting
    assert "<noscript> Rechargez-la pour savoir" in waiting
    drain()
    shown = sofia.get(report).content.decode()
    assert "Dossier importé" in shown
    assert "Lot FHIR, guide TDDUI (version " in shown
    assert "Transmission" in shown
    listed = sofia.get(reverse("exchange:import_list")).content.decode()
    assert "dossier.json" in listed


def test_what_is_wrong_with_the_form_is_said_and_nothing_is_kept(sofia: Client) -> None:
    answer = sofia.post(
        reverse("exchange:import_list"), {"file": SimpleUploadedFile("vide.json", b"")}
    )
    assert answer.status_code == 422
    assert "Ce fichier est vide." in answer.content.decode()
    assert not Import.objects.exists()


def test_a_refused_file_says_why_and_can_be_fetched_back(town: Town, sofia: Client) -> None:
    upload = SimpleUploadedFile("lettre.txt", b"bonjour")
    sofia.post(reverse("exchange:import_list"), {"file": upload})
    drain()
    received = Import.objects.get()
    shown = sofia.get(reverse("exchange:import_report", args=[received.pk])).content.decode()
    assert "Fichier refusé" in shown
    original = reverse("exchange:import_file", args=[received.pk])
    assert sofia.get(original).status_code == 403
    sign_in(sofia, town.diane)
    answer = sofia.get(original)
    assert answer.content == b"bonjour"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "has_unit", "is_said"),
    [
        (file_of(record()), False, True),
        (file_of(record()), True, False),
        (b"bonjour", False, False),
    ],
    ids=("imported", "in a unit", "refused"),
)
def test_who_reads_a_record_without_unit_is_said(
    town: Town, sofia: Client, content: bytes, *, has_unit: bool, is_said: bool
) -> None:
    unit = town.unit_a if has_unit else None
    received = receive(actor_of(town.sofia), content, unit=unit)
    shown = sofia.get(reverse("exchange:import_report", args=[received.pk])).text
    assert ("Unité choisie" in shown) == (is_said or has_unit)
    assert ("couvre tout l’établissement" in shown) == is_said


def test_what_is_said_of_many_places_is_said_once(town: Town, sofia: Client) -> None:
    received = receive(actor_of(town.sofia), file_of(record()))
    code = "identifier_without_system"
    places = list(received.lines.filter(code=code).values_list("path", "value"))
    assert len(places) > 1
    shown = sofia.get(reverse("exchange:import_report", args=[received.pk])).text
    assert shown.count("Numéro sans registre") == 1
    assert f"<summary>{len(places)} fois</summary>" in shown
    for place, value in places:
        assert f"{place}</code> {value}" in shown
    with collecting_reads():
        lines = report_lines(actor_of(town.sofia), received)
    assert len(lines) == received.lines.count()


def test_two_identities_are_compared_and_settled(town: Town, sofia: Client) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    twin = record(person=person(identifiers=[]), stays=[], events=[], evaluations=[])
    held = receive(actor_of(town.sofia), file_of(twin))
    address = reverse("exchange:settle", args=[held.pk])
    shown = sofia.get(address).content.decode()
    assert shown.count("LEROUX") >= 2
    assert "Les traits se ressemblent, mais aucun numéro n’est le même." in shown
    assert sofia.post(address, {"decision": ""}).status_code == 422
    sofia.post(address, {"decision": "new"})
    drain()
    held.refresh_from_db()
    assert held.state == ImportState.IMPORTED
    assert Person.objects.count() == 2
    assert sofia.get(address).status_code == 403


def test_a_used_name_that_repeats_the_birth_name_is_no_difference() -> None:
    names = (("Leroux", "Odette"), ("", ""), ("BRIAND", "Odette"))
    persons = [person(used_family_name=one, used_given_name=other) for one, other in names]
    repeated, silent, other = (
        identity_received(Import(held_identity=msgspec.json.encode(one).decode()))
        for one in persons
    )
    assert repeated.traits == silent.traits
    assert set(other.traits) - set(silent.traits) == {"BRIAND"}


def test_an_import_of_another_operator_does_not_exist(town: Town, sofia: Client) -> None:
    theirs = receive(
        actor_of(town.command_line), file_of(record()), establishment=town.ime, unit=town.ime_unit
    )
    for name in ("import_report", "import_file", "settle"):
        assert sofia.get(reverse(f"exchange:{name}", args=[theirs.pk])).status_code == 404
        assert sofia.get(reverse(f"exchange:{name}", args=[new_id()])).status_code == 404


def test_export_warns_then_gives_the_file(town: Town, client: Client) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    sign_in(client, town.diane)
    address = reverse("exchange:export", args=[Person.objects.get().pk])
    first = client.get(address).text
    assert "Le dossier entier va sortir" in first
    assert "Dernier export" not in first
    assert client.post(address, AGREED | {"is_confirmed": ""}).status_code == 422
    answer = client.post(address, AGREED)
    assert answer["Content-Type"] == "application/fhir+json"
    assert "leroux" not in answer["Content-Disposition"].lower()
    assert b'"transaction"' in answer.content
    line = JournalLine.objects.get(event__action="record.export")
    assert set(line.volets.split(",")) == set(Volet.values)
    shown = client.get(address)
    assert "Dernier export" in shown.text
    assert ", par Diane Perrin. Destinataire\u00a0: IME Les Tilleuls" in shown.text
    read = client.get(reverse("record:accesses", args=[Person.objects.get().pk])).text
    assert "Destinataire\u00a0: IME Les Tilleuls" in read


def test_export_says_what_stays_and_that_an_identity_is_not_sure(
    town: Town, client: Client
) -> None:
    real = BusinessIdentifier(value="238059935201797", system="urn:oid:1.2.250.1.213.1.4.8")
    receive(actor_of(town.sofia), file_of(record(person=person(identifiers=[real]))))
    known = Person.objects.get()
    sign_in(client, town.diane)
    address = reverse("exchange:export", args=[known.pk])
    shown = client.get(address).text
    assert "L’INS ne sort pas" in shown
    assert "Cette identité n’est pas sûre" not in shown
    assert real.value not in client.post(address, AGREED).text
    Person.objects.filter(pk=known.pk).update(ins_oid=InsOid.TEST, is_doubtful=True)
    known.identifiers.update(system=f"urn:oid:{InsOid.TEST}")
    shown = client.get(address).text
    assert "L’INS ne sort pas" not in shown
    assert "marquée douteuse" in shown
    assert real.value in client.post(address, AGREED).text


def test_export_is_refused_with_its_condition(town: Town, sofia: Client) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    answer = sofia.get(reverse("exchange:export", args=[Person.objects.get().pk]))
    assert answer.status_code == 403
    assert "exporter un dossier" in answer.content.decode()
    assert "leroux" not in answer.content.decode().lower()


def test_what_was_not_taken_over_is_shown_as_received(town: Town, client: Client) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    newcomer = Person.objects.get()
    item = ReceivedItem.objects.create(
        operator_id=town.operator.pk,
        establishment=town.ehpad,
        subject=newcomer.subject,
        of_import=Import.objects.get(),
        volet="project",
        happened_at=timezone.now(),
        kind="fhir-resource",
        title="Projet personnalisé",
        key="k",
        content='{"resourceType": "CarePlan", "text": {"div": "<p>Sortir &lt;seul&gt;</p>"}}',
    )
    sign_in(client, town.alice)
    listed = client.get(reverse("exchange:received_list", args=[newcomer.pk])).content.decode()
    assert "Projet personnalisé" in listed
    shown = client.get(reverse("exchange:received_item", args=[newcomer.pk, item.pk]))
    assert "CarePlan" in shown.text
    assert '<p class="verbatim">Sortir &lt;seul&gt;</p>' in shown.text
    sign_in(client, town.nina)
    hidden = client.get(reverse("exchange:received_item", args=[newcomer.pk, item.pk]))
    assert hidden.status_code == 404


def test_the_tab_of_what_was_received_shows_when_there_is_something_to_read(
    town: Town, client: Client
) -> None:
    """A part of a closed event is nothing to Alice, whom the event is closed to."""
    receive(actor_of(town.sofia), file_of(record()), unit=town.unit_a)
    odette, tab = Person.objects.get(), "Reçu, non repris"
    page = reverse("record:timeline", args=[odette.pk])
    sample = record()
    sample.events[0].reason = "Chute"
    sign_in(client, town.alice)
    assert tab not in client.get(page).text
    empty = client.get(reverse("exchange:received_list", args=[odette.pk])).text
    assert "Rien à lire ici" in empty
    receive(actor_of(town.sofia), file_of(sample), unit=town.unit_a)
    assert tab in client.get(page).text
    raise_restriction(
        actor_of(town.gaspard),
        person=odette,
        professional=town.alice.professional,
        item_id=Event.objects.get().pk,
        reason="Elle le demande.",
    )
    assert tab not in client.get(page).text
    sign_in(client, town.aude)
    assert tab in client.get(page).text


def test_a_nir_in_an_internal_number_is_masked_in_the_report(town: Town, sofia: Client) -> None:
    # Twice: where it is an anomaly of its own, and where it has no registry.
    nir = f"3990000101/{'2' + '38' + '05' + '99' + '352' + '001'}"
    systems = ("https://exemple.invalid/dossiers", "")
    numbers = [BusinessIdentifier(value=nir, system=system) for system in systems]
    held = receive(actor_of(town.sofia), file_of(record(person=person(identifiers=numbers))))
    codes = set(held.lines.values_list("code", flat=True))
    assert {"nir_in_business_identifier", "identifier_without_system"} <= codes
    shown = sofia.get(reverse("exchange:import_report", args=[held.pk])).text
    assert nir not in shown
    assert "••••••••••/•••••••••••••" in shown
