"""The timeline: every kind of fact in one order, and nothing that the actor may not read."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.agenda.actions import plan_event
from virage.directory.models import Membership
from virage.documents.actions import add_document
from virage.documents.enums import Confidentiality
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import MatrixVersion
from virage.foundation.calendar import midnight
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalLine
from virage.foundation.ui.dates import day, moment
from virage.instruments.actions import freeze_evaluations
from virage.instruments.rules.answers import EvaluationDraft
from virage.persons.models import Person
from virage.record.actions import withdraw_note, write_note
from virage.record.enums import FactKind
from virage.record.queries.home import latest_notes_card
from virage.record.queries.timeline import Fact, FactFilter, facts_of

EVERYTHING = FactFilter()


def read(membership: Membership, person: Person, wanted: FactFilter = EVERYTHING) -> list[Fact]:
    """Return the first page of facts that this member reads."""
    with collecting_reads():
        return list(facts_of(actor_of(membership), person, wanted, QueryDict()).rows)


def _freeze(actor: Actor, *, draft: EvaluationDraft) -> None:
    freeze_evaluations(actor, drafts=[draft])


@pytest.fixture
def filled(town: Town, rose: Person) -> Person:
    """Return Rose, with a fact of each kind, oldest first."""
    alice = actor_of(town.alice)
    add_document(alice, draft=drafts.document(rose, happened_at=drafts.moments_ago(40)))
    freeze_evaluations(alice, drafts=[drafts.evaluation(rose, happened_at=drafts.moments_ago(30))])
    plan_event(alice, draft=drafts.event(rose, happened_at=drafts.moments_ago(20)))
    write_note(alice, draft=drafts.note(rose, happened_at=drafts.moments_ago(10)))
    return rose


def test_facts_of_every_kind_come_latest_first(town: Town, filled: Person) -> None:
    facts = read(town.alice, filled)
    assert [fact.kind for fact in facts] == list(FactKind)
    note, event, _, document = facts
    assert (note.title, note.text) == ("Soins", "A bien dormi.")
    assert note.author == "Alice Martel, Infirmière, infirmier"
    assert [badge.label for badge in event.badges] == [
        "Soins",
        "Sans compte rendu",
        "Saisi a posteriori",
    ]
    assert (document.title, document.text) == ("Compte rendu de consultation", "")


@pytest.mark.parametrize(
    ("add", "draft", "told"),
    [
        (add_document, drafts.document, day),
        (_freeze, drafts.evaluation, day),
        (write_note, drafts.note, moment),
    ],
)
def test_what_bears_a_day_alone_has_no_hour(
    client: Client, town: Town, rose: Person, add: Any, draft: Any, told: Any
) -> None:
    at = midnight(actor_of(town.alice).today)
    add(actor_of(town.alice), draft=draft(rose, happened_at=at))
    sign_in(client, town.alice)
    page = client.get(reverse("record:timeline", args=[rose.pk])).text
    assert f"<span>{told(at)}</span>" in page


def test_a_document_says_what_it_is_not_how_it_is_written(town: Town, rose: Person) -> None:
    category = Coded(code="11", display="Compte rendu")
    for kind in (Coded(code="11488-4", display="CR de consultation"), Coded(text="Bilan"), Coded()):
        draft = drafts.document(rose, type=kind, category=category)
        add_document(actor_of(town.alice), draft=draft)
    assert {fact.text for fact in read(town.alice, rose)} == {
        *("CR de consultation", "Bilan", "Compte rendu")
    }


def test_the_page_is_journalled_with_the_volets_shown(town: Town, filled: Person) -> None:
    before = JournalLine.objects.count()
    read(town.alice, filled)
    line = JournalLine.objects.order_by("-event__at")[0]
    assert JournalLine.objects.count() == before + 1
    assert (line.subject_id, line.volets) == (filled.subject_id, "care")


def test_filters_keep_a_kind_a_volet_or_a_period(town: Town, filled: Person) -> None:
    write_note(actor_of(town.aude), draft=drafts.note(filled, volet=Volet.SOCIO_EDUCATIVE))
    social = FactFilter(volets=(Volet.SOCIO_EDUCATIVE,))
    assert [fact.title for fact in read(town.alice, filled, social)] == ["Socio-éducatif"]
    events = FactFilter(kinds=(FactKind.EVENT,))
    assert [fact.kind for fact in read(town.alice, filled, events)] == [FactKind.EVENT]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert read(town.alice, filled, FactFilter(since=tomorrow)) == []
    assert len(read(town.alice, filled, FactFilter(until=tomorrow))) == 5


def test_each_profession_reads_its_volets(town: Town, filled: Person) -> None:
    write_note(actor_of(town.denis), draft=drafts.note(filled, volet=Volet.MEDICAL))
    for who, count in (
        (town.denis, 5),
        (town.alice, 5),
        (town.aude, 4),
        (town.sofia, 0),
        (town.diane, 0),
        (town.basile, 0),
        (town.charlie, 0),
    ):
        assert len(read(who, filled)) == count


def test_a_window_hides_what_was_written_before_it(town: Town, rose: Person) -> None:
    for hours in (71, 73):
        actor = actor_of(town.alice, at=drafts.moments_ago(hours))
        write_note(actor, draft=drafts.note(rose, happened_at=drafts.moments_ago(hours)))
    assert len(read(town.nina, rose)) == 1


def test_a_confidential_document_is_for_few(town: Town, rose: Person) -> None:
    for level in Confidentiality:
        draft = drafts.document(
            rose,
            volet=Volet.MEDICAL,
            confidentiality=level,
            establishment_id=town.ehpad.pk,
        )
        add_document(actor_of(town.command_line), draft=draft)
    assert len(read(town.alice, rose)) == 1
    assert len(read(town.denis, rose)) == 2
    assert len(read(town.command_line, rose)) == 3


def test_another_establishment_has_its_own_part(town: Town, rose: Person, filled: Person) -> None:
    write_note(
        actor_of(town.command_line),
        draft=drafts.note(filled, establishment_id=town.ime.pk),
    )
    assert len(read(town.alice, filled)) == 4
    assert len(read(town.command_line, filled)) == 5


def test_a_withdrawn_text_is_for_its_author(town: Town, rose: Person) -> None:
    note = write_note(actor_of(town.aude), draft=drafts.note(rose))
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    assert [fact.text for fact in read(town.alice, rose)] == [""]
    assert [fact.text for fact in read(town.aude, rose)] == ["A bien dormi."]


def test_a_common_event_is_in_each_record(town: Town, rose: Person, louise: Person) -> None:
    draft = drafts.event(rose, louise, establishment_id=town.ehpad.pk)
    plan_event(actor_of(town.command_line), draft=draft)
    assert len(read(town.alice, rose)) == 1
    assert len(read(town.basile, louise)) == 1
    assert read(town.basile, rose) == []


def test_the_home_card_says_the_latest_facts_first(
    client: Client, town: Town, rose: Person
) -> None:
    alice = actor_of(town.alice)
    long = f"A refusé le dîner,\n{'puis a dormi, ' * 9}et rien d’autre."
    write_note(alice, draft=drafts.note(rose, text=long, happened_at=drafts.moments_ago(2)))
    earlier = drafts.moments_ago(5)
    write_note(alice, draft=drafts.note(rose, text="Plus ancien.", happened_at=earlier))
    sign_in(client, town.alice)
    shown = client.get("/").text
    assert "A refusé le dîner," in shown
    assert "rien d’autre" not in shown
    assert shown.index("A refusé le dîner,") < shown.index("Plus ancien.")
    assert moment(earlier) in shown
    assert "Dernières transmissions</h2>" in shown


def test_the_home_card_shows_the_latest_notes(town: Town, filled: Person) -> None:
    withdrawn = write_note(actor_of(town.alice), draft=drafts.note(filled))
    withdraw_note(actor_of(town.alice), note_id=withdrawn.pk, reason="mauvais dossier")
    with collecting_reads():
        card = latest_notes_card(actor_of(town.alice))
        assert card
        assert [line.label for line in card.lines] == ["Lambert Rose · Soins"]
        assert latest_notes_card(actor_of(town.tom)) is None
        other = latest_notes_card(actor_of(town.basile))
    assert other
    assert other.summary.startswith("Rien n’a été saisi depuis 72 heures")


def test_where_nothing_is_shown_the_closed_volets_are_named(
    town: Town, rose: Person, client: Client
) -> None:
    """Who reads « administratif » alone does not take the care of others for silence."""
    closed = {volet.value: ["none"] for volet in Volet if volet != Volet.ADMINISTRATIVE}
    MatrixVersion.objects.create(
        operator_id=town.operator.pk,
        number=1,
        cells={"nurse": closed},
        reason="Décidé",
        drafted_at=timezone.now(),
        activated_at=timezone.now(),
    )
    sign_in(client, town.alice)
    record = f"/usagers/{rose.pk}"
    lists = (f"{record}/{one}/" for one in ("transmissions", "documents", "evaluations", "plans"))
    for page in ("/", *lists):
        shown = client.get(page).content.decode()
        assert "Le tableau des droits ferme d’autres volets à votre profession" in shown, page
        assert "Médical, Soins" in shown
