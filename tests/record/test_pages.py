"""Every page of the record: what it shows, whom it refuses, and at what cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.agenda.actions import plan_event, plan_events
from virage.agenda.enums import Traveller
from virage.agenda.models import Event
from virage.agenda.rules import TransportDraft
from virage.documents.actions import add_document, add_documents
from virage.documents.models import Document
from virage.foundation.access.models import Restriction
from virage.foundation.coded import Coded
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import freeze_evaluations
from virage.instruments.models import Evaluation
from virage.persons.models import Person
from virage.record.actions import correct_note, withdraw_note, write_note, write_notes
from virage.record.models import Note

LISTS = ("timeline", "notes", "documents", "accesses")


def page(client: Client, name: str, person: Person, *arguments: object) -> HttpResponse:
    """Open a page of the record."""
    return client.get(reverse(f"record:{name}", args=[person.pk, *arguments]))


def text_of(response: HttpResponse) -> str:
    """Return the page as text."""
    return response.content.decode()


def fill(town: Town, person: Person, count: int) -> None:
    """Write some of everything in a record."""
    actor = actor_of(town.alice)
    write_notes(actor, drafts=[drafts.note(person) for _ in range(count)])
    plan_events(actor, drafts=[drafts.event(person) for _ in range(count)])
    freeze_evaluations(actor, drafts=[drafts.evaluation(person) for _ in range(count)])
    add_documents(actor, drafts=[drafts.document(person) for _ in range(count)])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_thirty(
    name: str, client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    sign_in(client, town.alice)
    fill(town, rose, 1)
    costs = []
    for _ in range(2):
        with queries(at_most=12) as seen:
            assert page(client, name, rose).status_code == 200
        costs.append(len(seen))
        fill(town, rose, 29)
    assert costs[0] == costs[1]


@pytest.mark.parametrize("name", ["note", "event", "evaluation", "document"])
def test_one_thing_is_shown_within_bounds(
    name: str, client: Client, town: Town, rose: Person, louise: Person, queries: BoundedQueries
) -> None:
    actor = actor_of(town.command_line)
    ehpad = {"establishment_id": town.ehpad.pk}
    things = {
        "note": lambda: write_note(actor, draft=drafts.note(rose)),
        "event": lambda: plan_event(actor, draft=drafts.event(rose, louise, **ehpad)),
        "evaluation": lambda: freeze_evaluations(actor, drafts=[drafts.evaluation(rose, **ehpad)])[
            0
        ],
        "document": lambda: add_document(actor, draft=drafts.document(rose, **ehpad)),
    }
    thing = things[name]()
    sign_in(client, town.denis)
    with queries(at_most=12):
        assert page(client, name, rose, thing.pk).status_code == 200
    sign_in(client, town.basile)
    assert page(client, name, rose, thing.pk).status_code == 403
    assert page(client, name, louise, thing.pk).status_code == (200 if name == "event" else 404)
    sign_in(client, town.charlie)
    assert page(client, name, rose, thing.pk).status_code == 404


def test_a_code_received_without_its_words_is_read_in_those_of_its_list(
    client: Client, town: Town, rose: Person
) -> None:
    electric = Coded("https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis", "GEN-355")
    journey = TransportDraft(traveller=Traveller.USAGER, motorisation=electric)
    actor = actor_of(town.alice)
    event = plan_event(actor, draft=drafts.event(rose, transports=[journey]))
    sign_in(client, town.alice)
    assert "Véhicule électrique" in text_of(page(client, "event", rose, event.pk))


def test_a_volet_is_open_limited_or_closed_by_a_rule_that_is_said(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    assert page(client, "volet", rose, "soins").status_code == 200
    assert "ce que son auteur partage avec l’équipe" in text_of(
        page(client, "volet", rose, "psychologique")
    )
    closed = page(client, "volet", rose, "budget")
    assert closed.status_code == 403
    assert "Le tableau des droits ne l’ouvre pas" in text_of(closed)
    assert page(client, "volet", rose, "autre").status_code == 404
    assert "Budget et argent</a>" in text_of(page(client, "timeline", rose))


def test_filters_are_folded_until_one_is_used(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    url = reverse("record:timeline", args=[rose.pk])
    assert '<details class="fold">' in text_of(client.get(url))
    assert '<details class="fold" open>' in text_of(client.get(url, {"kind": "note"}))


def test_who_counts_alone_has_the_numbers_of_his_reach(
    client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    jeanne = welcome(town, "Jeanne Petit", town.ehpad, town.unit_a)
    fill(town, rose, 2)
    fill(town, jeanne, 1)
    alice = actor_of(town.alice)
    wrong = write_note(alice, draft=drafts.note(rose, text="Écrit chez la mauvaise personne."))
    withdraw_note(alice, note_id=wrong.pk, reason="Mauvais dossier")
    closed = write_note(alice, draft=drafts.note(rose))
    Restriction.objects.create(
        subject=rose.subject, item_id=closed.pk, profession="director", reason="Non."
    )
    plan_event(alice, draft=drafts.event(rose, jeanne))
    sign_in(client, town.diane)
    with queries(at_most=12):
        shown = page(client, "volet", rose, "soins")
    assert shown.status_code == 200
    assert "A bien dormi." not in text_of(shown)
    assert "n’y ouvre que les nombres" in text_of(shown)
    assert shown.context["counts"] == {
        "Transmissions": 2,
        "Évènements": 3,
        "Évaluations": 2,
        "Documents": 2,
    }
    read = JournalEvent.objects.filter(is_write=False).get()
    assert read.lines.get().volets == "care"


def test_what_another_establishment_wrote_is_not_counted(
    client: Client, town: Town, rose: Person
) -> None:
    fill(town, rose, 1)
    Note.objects.update(establishment=town.ime)
    sign_in(client, town.diane)
    assert page(client, "volet", rose, "soins").context["counts"]["Transmissions"] == 0


def test_a_note_is_written_from_the_list(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.aude)
    url = reverse("record:notes", args=[rose.pk])
    typed = {"volet": "care", "text": "A bien mangé.", "happened_at": "2026-01-05T12:30"}
    written = client.post(url, typed).headers["Location"]
    mark = f"note-{Note.objects.get().pk}"
    assert written.endswith(f"#{mark}")
    shown = text_of(client.get(written))
    assert f'id="{mark}"' in shown
    assert "A bien mangé." in shown
    assert "Saisi a posteriori" in shown


def test_the_form_is_folded_until_it_is_asked_for(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.aude)
    url = reverse("record:notes", args=[rose.pk])
    folded, unfolded = (
        '<details class="fold screen-only">',
        '<details class="fold screen-only" open>',
    )
    assert folded in text_of(client.get(url))
    asked = text_of(client.get(url, {"write": "1"}))
    assert unfolded in asked
    assert "autofocus" in asked
    refused = text_of(client.post(url, {"volet": "care", "text": ""}))
    assert unfolded in refused
    assert "autofocus" not in refused
    for page_of_origin in ("timeline", "volet"):
        arguments = [rose.pk, *(["soins"] if page_of_origin == "volet" else [])]
        origin = text_of(client.get(reverse(f"record:{page_of_origin}", args=arguments)))
        assert f'href="{url}?write=1' in origin


def test_a_note_and_a_document_are_shared_with_the_person(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.aude)
    typed = {"volet": "care", "text": "A bien mangé.", "happened_at": "2026-01-05T12:30"}
    url = reverse("record:notes", args=[rose.pk])
    assert "La personne pourra le lire." in text_of(client.get(url))
    for published in ({}, {"is_published": "on"}):
        client.post(url, typed | published)
    assert Note.objects.filter(is_published=True).count() == 1
    file = SimpleUploadedFile("lettre.pdf", b"%PDF-1.7\n%%EOF")
    letter = {"content": file, "title": "Lettre", "volet": "care", "made_on": "2026-01-05"}
    url = reverse("record:document_add", args=[rose.pk])
    client.post(url, letter | {"confidentiality": "N", "is_published": "on"})
    assert Document.objects.get().is_published
    for page, times in (("notes", 1), ("documents", 1), ("timeline", 2)):
        shown = text_of(client.get(reverse(f"record:{page}", args=[rose.pk])))
        assert shown.count("Avec l’équipe et la personne") == times


def test_what_was_typed_survives_a_refusal(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.aude)
    url = reverse("record:notes", args=[rose.pk])
    typed = {"volet": "care", "text": "Longue phrase.", "happened_at": "2126-01-05T12:30"}
    answers = [client.post(url, typed), client.post(url, typed, headers={"HX-Request": "true"})]
    for answer in answers:
        assert answer.status_code == 422
        assert "Longue phrase." in text_of(answer)
        assert "Un fait ne peut pas être daté dans l’avenir." in text_of(answer)
    assert not Note.objects.exists()


def test_who_writes_no_volet_has_no_form(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.diane)
    assert "<textarea" not in text_of(page(client, "notes", rose))
    answer = client.post(reverse("record:notes", args=[rose.pk]), {"text": "x", "volet": "care"})
    assert answer.status_code == 403


def test_a_concurrent_correction_shows_both_texts_and_can_be_saved(
    client: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.aude), draft=drafts.note(rose, text="Un."))
    correct_note(actor_of(town.alice), note_id=note.pk, expected_version=1, text="D’Alice.")
    sign_in(client, town.aude)
    url = reverse("record:note_correct", args=[rose.pk, note.pk])
    answer = client.post(url, {"version": "1", "text": "Le mien.", "reason": ""})
    assert answer.status_code == 409
    assert "Le" in text_of(answer)
    assert 'name="version" value="2"' in text_of(answer)
    assert client.post(url, {"version": "2", "text": "Le mien.", "reason": ""}).status_code == 302
    note.refresh_from_db()
    assert (note.text, note.version) == ("Le mien.", 3)


@pytest.mark.parametrize(
    "sent",
    [
        {"status": "finished", "report": "Séance écourtée.", "was_person_present": "on"},
        {"status": "", "report": "Séance écourtée."},
    ],
    ids=["whole", "to be corrected"],
)
def test_the_second_of_two_reports_of_an_event_is_not_lost(
    client: Client, town: Town, rose: Person, sent: dict[str, str]
) -> None:
    event = plan_event(actor_of(town.alice), draft=drafts.event(rose))
    sign_in(client, town.alice)
    url = reverse("record:event", args=[rose.pk, event.pk])
    first = {"status": "finished", "report": "Faite.", "was_person_present": "on"}
    assert client.post(url, first).status_code == 302
    again = client.post(url, sent)
    assert again.status_code == 409
    for told in ("est passé avant vous", "Faite.", "Séance écourtée."):
        assert told in text_of(again)


def test_a_withdrawn_text_waits_for_its_author_in_the_right_record(
    client: Client, town: Town, rose: Person, louise: Person
) -> None:
    note = write_note(actor_of(town.denis), draft=drafts.note(rose, text="Chute dans la 14."))
    sign_in(client, town.denis)
    url = reverse("record:note_withdraw", args=[rose.pk, note.pk])
    assert "Chute dans la 14." in text_of(client.get(url))
    assert client.post(url, {"reason": "mauvais dossier"}).status_code == 302
    assert "Choisir le bon dossier" in text_of(page(client, "note", rose, note.pk))
    assert "Reprendre le texte" not in text_of(page(client, "notes", rose))
    offered = text_of(page(client, "notes", louise))
    assert "Reprendre le texte retiré" in offered
    assert "Chute dans la 14." not in offered
    right = client.get(reverse("record:notes", args=[louise.pk]), {"withdrawn": "1"})
    assert "Reprendre le texte" not in text_of(right)
    assert "Chute dans la 14." in text_of(right)
    assert "Texte repris" in text_of(right)
    typed = {"volet": "care", "text": "Chute dans la 14.", "happened_at": "2026-01-05T12:30"}
    client.post(reverse("record:notes", args=[louise.pk]), typed)
    assert "Reprendre le texte" not in text_of(page(client, "notes", louise))
    sign_in(client, town.alice)
    assert "Chute dans la 14." not in text_of(page(client, "note", rose, note.pk))


def test_an_event_is_planned_then_reported(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    typed = {"volet": "care", "label": "Kinésithérapie", "happened_at": "2026-01-05T12:30"}
    typed |= {"type": "serafin_directes:2.1.2", "professionals": [str(town.alice.professional_id)]}
    planned = client.post(reverse("record:event_plan", args=[rose.pk]), typed)
    event = Event.objects.get()
    assert planned.headers["Location"] == reverse("record:event", args=[rose.pk, event.pk])
    shown = text_of(page(client, "event", rose, event.pk))
    assert "Rééducation et réadaptation fonctionnelle" in shown
    assert "Alice Martel" in shown
    outcome = {"status": "finished", "report": "Séance faite.", "was_person_present": "on"}
    client.post(reverse("record:event", args=[rose.pk, event.pk]), outcome)
    assert "Séance faite." in text_of(page(client, "event", rose, event.pk))


def test_an_event_to_come_can_only_be_cancelled(client: Client, town: Town, rose: Person) -> None:
    draft = drafts.event(rose, happened_at=drafts.moments_ago(-24))
    event = plan_event(actor_of(town.alice), draft=draft)
    sign_in(client, town.alice)
    url = reverse("record:event", args=[rose.pk, event.pk])
    assert "Annuler cet évènement" in text_of(client.get(url))
    assert client.post(url, {"cancel_reason": ""}).status_code == 422
    assert client.post(url, {"cancel_reason": "ORG-077"}).status_code == 302
    event.refresh_from_db()
    assert (event.status, event.cancel_reason.code) == ("cancelled", "ORG-077")


def test_an_evaluation_is_read_with_its_wording(client: Client, town: Town, rose: Person) -> None:
    evaluation = freeze_evaluations(actor_of(town.alice), drafts=[drafts.evaluation(rose)])[0]
    sign_in(client, town.alice)
    shown = text_of(page(client, "evaluation", rose, evaluation.pk))
    assert "<bdi>Douleur au repos</bdi> <strong><bdi>3</bdi></strong>" in shown
    assert Evaluation.objects.get().author_name == "Alice Martel"


def test_a_document_is_added_then_downloaded_never_shown(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    file = SimpleUploadedFile("../Été.PDF", b"%PDF-1.4 lettre", content_type="text/html")
    typed = {"content": file, "title": "Lettre d’été ../", "volet": "care", "made_on": "2026-01-05"}
    url = reverse("record:document_add", args=[rose.pk])
    assert client.post(url, typed | {"confidentiality": "N"}).status_code == 302
    answer = page(client, "document", rose, Document.objects.get().pk)
    assert answer.content == b"%PDF-1.4 lettre"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Lettre-d-ete.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert JournalEvent.objects.filter(action="document.download").exists()


def test_a_refused_file_keeps_the_rest_typed(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    file = SimpleUploadedFile("page.pdf", b"<html>")
    typed = {"content": file, "title": "Mon titre", "volet": "care", "made_on": "2026-01-05"}
    url = reverse("record:document_add", args=[rose.pk])
    answer = client.post(url, typed | {"confidentiality": "N"})
    assert answer.status_code == 422
    assert "Mon titre" in text_of(answer)
    assert "conservée ci-dessous, sauf le fichier, à choisir de nouveau." in text_of(answer)
    assert "Le contenu de ce fichier" in text_of(answer)
    file.seek(0)
    answer = client.post(url, typed | {"confidentiality": "N", "title": ""})
    assert "2 points à corriger" in text_of(answer)
    assert "Le contenu de ce fichier" in text_of(answer)
    assert not Document.objects.exists()


def test_a_like_name_is_told_where_one_writes(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    assert "Attention au nom semblable" not in text_of(page(client, "notes", rose))
    welcome(town, "Roze Lambert", town.ehpad, town.unit_a)
    assert "Ne pas confondre avec" in text_of(page(client, "notes", rose))


def test_an_evaluation_received_is_not_told_as_nothing_evaluated(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    nothing = "Rien n’a encore été évalué"
    assert nothing in text_of(page(client, "evaluations", rose))
    freeze_evaluations(actor_of(town.alice), drafts=[drafts.grid(rose, 4)])
    shown = text_of(page(client, "evaluations", rose))
    assert "saisies librement" in shown and nothing not in shown
    assert "GIR 4" in shown, "it is what the GMP of the unit counts"
