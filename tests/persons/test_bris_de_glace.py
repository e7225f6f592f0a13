"""A nurse at night, before someone of another unit: what she may open, and what is said of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Operator
from virage.editions.queries.units import present_told
from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import policy
from virage.foundation.access.enums import Review, Volet
from virage.foundation.access.models import BrisDeGlace, Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.outbox.actions import drain
from virage.persons import actions
from virage.persons.models import Person
from virage.persons.queries.emergency import emergency_sheet
from virage.persons.queries.openings import review_week
from virage.persons.queries.people import (
    persons_known_to,
    persons_visible_to,
    stays_visible_to,
)
from virage.record.actions import correct_note, write_note
from virage.record.models import Note
from virage.record.queries.notes import notes_visible_to

WHY = {"motive": "fall", "reason": "Chute dans le couloir, seule de nuit."}
IDENTITY = {"family_name": "bernard", "given_name": "LOUISE", "birth_on": date(1941, 3, 12)}


@pytest.fixture
def louise(town: Town) -> Person:
    """Someone of the other unit: out of Alice's team."""
    person = welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    office = actor_of(town.command_line)
    for volet in (Volet.MEDICAL, Volet.CARE, Volet.PSYCHOLOGICAL):
        draft = drafts.note(person, volet=volet, text=f"Écrit : {volet}.", is_published=True)
        write_note(office, draft=replace(draft, establishment_id=town.ehpad.pk))
    return person


def later(actor: Actor, **delay: float) -> Actor:
    return replace(actor, at=actor.at + timedelta(**delay))


def read_by(actor: Actor) -> set[str]:
    return set(notes_visible_to(actor).values_list("volet", flat=True))


def test_it_opens_in_two_steps_and_ends_by_itself(town: Town, louise: Person) -> None:
    alice = actor_of(town.alice)
    assert not persons_known_to(alice).exists()
    opening = actions.break_the_glass(alice, person_id=louise.pk, **WHY)
    alice = actor_of(town.alice)
    assert list(persons_known_to(alice)) == [louise]
    assert not persons_visible_to(alice).exists(), "known, not of her team"
    assert read_by(alice) == set()
    actions.open_medical_volet(alice, person_id=louise.pk)
    assert read_by(alice) == {"medical"}, "never the psychologist's notes"
    at_the_end = actor_of(town.alice, opening.ends_at)
    assert not persons_known_to(at_the_end).exists()
    assert read_by(at_the_end) == set()
    assert opening.ends_at - opening.asked_at == timedelta(hours=policy().hours)
    assert actions.break_the_glass(alice, person_id=louise.pk, **WHY) == opening, "asked twice"


def test_another_situation_of_the_same_nurse_opens_nothing(town: Town, louise: Person) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    elsewhere = replace(actor_of(town.alice), membership_id=town.denis.pk)
    assert not persons_known_to(elsewhere).exists()


@pytest.mark.parametrize("who", ["basile", "nina", "bob", "sofia", "diane", "paule", "tom"])
def test_other_professions_are_refused_and_told_why(town: Town, louise: Person, who: str) -> None:
    actor = actor_of(getattr(town, who))
    for gesture in (
        lambda: actions.break_the_glass(actor, person_id=louise.pk, **WHY),
        lambda: actions.break_the_glass_on_identity(actor, **IDENTITY, **WHY),
    ):
        with pytest.raises(Refused) as refused:
            gesture()
        assert "professions de santé" in refused.value.message
        assert refused.value.whom_to_ask
    assert not BrisDeGlace.objects.exists()


def test_another_operator_is_not_found(town: Town, louise: Person) -> None:
    with pytest.raises(Refused) as refused:
        actions.break_the_glass(actor_of(town.charlie), person_id=louise.pk, **WHY)
    assert refused.value.is_hidden
    charlie = actor_of(town.charlie)
    assert actions.break_the_glass_on_identity(charlie, **IDENTITY, **WHY) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"motive": "curiosity"}, "motive"), ({"reason": " court  "}, "reason")],
)
def test_it_says_why(town: Town, louise: Person, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **(WHY | changes))
    assert list(refused.value.errors) == [field]


def test_an_objection_is_not_lifted(town: Town, louise: Person) -> None:
    objection = {"person": louise, "professional": town.alice.professional, "reason": "S'oppose."}
    actions.raise_restriction(actor_of(town.diane), **objection)
    with pytest.raises(Refused) as refused:
        actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    assert refused.value.condition == "restriction"


def test_an_objection_raised_meanwhile_closes_it(town: Town, louise: Person) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    objection = {"person": louise, "profession": "nurse", "reason": "S'oppose."}
    actions.raise_restriction(actor_of(town.diane), **objection)
    assert not persons_known_to(actor_of(town.alice)).exists()


def test_it_gives_to_read_not_to_change(town: Town, louise: Person) -> None:
    # A physician of the other unit writes the medical volet, in his own unit.
    town.denis.reach = "units"
    town.denis.save()
    town.denis.units.set([town.unit_a])
    denis = actor_of(town.denis)
    actions.break_the_glass(denis, person_id=louise.pk, **WHY)
    actions.open_medical_volet(actor_of(town.denis), person_id=louise.pk)
    denis, note = actor_of(town.denis), Note.objects.get(volet=Volet.MEDICAL)
    assert note in notes_visible_to(denis)
    with pytest.raises(Refused) as refused, collecting_reads():
        correct_note(denis, note_id=note.pk, **_correction(note))
    assert "pas à modifier" in refused.value.message
    with pytest.raises(Refused):
        write_note(denis, draft=drafts.note(louise, volet=Volet.MEDICAL))


def _correction(note: Note) -> dict[str, Any]:
    return {"expected_version": note.version, "text": "Autre texte.", "reason": "Essai."}


def test_a_sensitive_record_opens_with_a_second_person(town: Town, louise: Person) -> None:
    actions.mark_sensitive(actor_of(town.diane), person=louise, is_sensitive=True)
    alice = actor_of(town.alice)
    with pytest.raises(Refused) as refused:
        actions.break_the_glass(alice, person_id=louise.pk, **WHY)
    assert refused.value.is_hidden
    assert actions.break_the_glass_on_identity(alice, **IDENTITY, **WHY) is None
    asked = BrisDeGlace.objects.get()
    assert asked.opened_at is None
    assert not persons_known_to(actor_of(town.alice)).exists()
    for who in ("alice", "basile", "bob"):
        with pytest.raises(Refused):
            actions.approve_opening(actor_of(getattr(town, who)), opening=asked)
    with pytest.raises(Invalid):
        too_late = later(actor_of(town.diane), minutes=policy().approval_minutes + 1)
        actions.approve_opening(too_late, opening=asked)
    actions.approve_opening(actor_of(town.denis), opening=asked)
    assert list(persons_known_to(actor_of(town.alice))) == [louise]
    with pytest.raises(Invalid):
        actions.approve_opening(actor_of(town.diane), opening=asked)


def test_a_record_marked_sensitive_meanwhile_needs_a_second_person(
    town: Town, louise: Person
) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    actions.mark_sensitive(actor_of(town.diane), person=louise, is_sensitive=True)
    alice = actor_of(town.alice)
    assert not persons_known_to(alice).exists()
    with pytest.raises(Refused):
        actions.open_medical_volet(alice, person_id=louise.pk)
    assert actions.break_the_glass_on_identity(alice, **IDENTITY, **WHY) is None
    assert BrisDeGlace.objects.waiting(alice.at).count() == 1


def test_a_request_that_waits_holds_nobody_up_once_the_mark_is_gone(
    town: Town, louise: Person
) -> None:
    actions.mark_sensitive(actor_of(town.diane), person=louise, is_sensitive=True)
    actions.break_the_glass_on_identity(actor_of(town.alice), **IDENTITY, **WHY)
    actions.mark_sensitive(actor_of(town.diane), person=louise, is_sensitive=False)
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    assert list(persons_known_to(actor_of(town.alice))) == [louise]


def test_the_exact_identity_opens_and_tries_in_vain_are_bounded(town: Town, louise: Person) -> None:
    alice = actor_of(town.alice)
    wrong = IDENTITY | {"birth_on": date(1941, 3, 13)}
    for _ in range(policy().misses_a_day):
        assert actions.break_the_glass_on_identity(alice, **wrong, **WHY) is None
    with pytest.raises(Invalid):
        actions.break_the_glass_on_identity(alice, **IDENTITY, **WHY)
    misses = JournalEvent.objects.filter(action="bris_de_glace.miss")
    assert misses.count() == policy().misses_a_day
    denis = replace(actor_of(town.alice), professional_id=town.denis.professional_id)
    assert actions.break_the_glass_on_identity(denis, **IDENTITY, **WHY) == louise


def test_referents_and_data_protection_are_told(town: Town, louise: Person) -> None:
    Operator.objects.filter(pk=town.operator.pk).update(privacy_emails="dpo@quatrevents.example")
    office = actor_of(town.command_line)
    referent = town.bob.professional
    actions.name_referent(office, person=louise, professional=referent, starts_on=date(2025, 1, 6))
    opening = actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    drain()
    told = {address for sent in mail.outbox for address in sent.to}
    assert told == {"dpo@quatrevents.example", referent.account.email}
    for sent in mail.outbox:
        assert "Bernard" not in sent.body and WHY["reason"] not in sent.body
        assert "Alice Martel" in sent.body and opening.motive_label in sent.body
    client = Client()
    sign_in(client, town.bob)
    home = client.get("/").text
    assert "Alice Martel" in home and "Bris de glace" in home


def test_the_fourth_in_a_week_raises_an_alert(town: Town, louise: Person) -> None:
    alice = actor_of(town.alice)
    told = []
    for days in (8, 3, 2, 1, 0):
        then = later(alice, days=-days)
        actions.break_the_glass(then, person_id=louise.pk, **WHY)
        drain()
        told.append((mail.outbox[-1].subject, "Alerte" in mail.outbox[-1].body))
        actions.end_opening(then, person_id=louise.pk)
    once = "Bris de glace\u00a0: un dossier ouvert en urgence"
    assert told == [(once, False)] * 4 + [("Bris de glace\u00a0: 4 en 7 jours", True)]
    assert "c’est le 4e" in mail.outbox[-1].body and "Bernard" not in mail.outbox[-1].body


def test_without_an_address_for_it_the_direction_is_told(
    client: Client, town: Town, louise: Person
) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    drain()
    told = {address for sent in mail.outbox for address in sent.to}
    directors = {one.professional.account.email for one in (town.diane, town.gaspard)}
    assert directors <= told
    assert town.alice.professional.account.email not in told
    sign_in(client, town.gaspard)
    warned = "la direction est prévenue à sa place"
    assert warned in client.get("/annuaire/organisme/modifier/").text
    Operator.objects.filter(pk=town.operator.pk).update(privacy_emails="dpo@quatrevents.example")
    assert warned not in client.get("/annuaire/organisme/modifier/").text


def test_an_objection_takes_her_name_off_the_home_page(
    client: Client, town: Town, louise: Person
) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    sign_in(client, town.alice)
    assert "Bernard" in client.get("/").text
    objection = {"person": louise, "profession": "nurse", "reason": "S'oppose."}
    actions.raise_restriction(actor_of(town.diane), **objection)
    assert "Bernard" not in client.get("/").text


def test_what_was_asked_for_in_vain_is_in_the_review(
    client: Client, town: Town, louise: Person
) -> None:
    actions.mark_sensitive(actor_of(town.diane), person=louise, is_sensitive=True)
    actions.break_the_glass_on_identity(actor_of(town.alice), **IDENTITY, **WHY)
    sign_in(client, town.diane)
    assert "Attend une deuxième personne" in client.get("/usagers/bris-de-glace/").text
    asked = BrisDeGlace.objects.get()
    BrisDeGlace.objects.update(ends_at=asked.asked_at + timedelta(microseconds=1))
    assert "Demandé, non ouvert" in client.get("/usagers/bris-de-glace/").text
    page = client.get(f"/usagers/bris-de-glace/{asked.pk}/")
    assert "personne ne l’a approuvé" in page.text
    with collecting_reads():
        late = review_week(later(actor_of(town.diane), days=30), timezone.localdate())
    assert [row.opening for row in late.rows] == [asked]
    assert not late.waiting, "it opened nothing"
    sign_in(client, town.sofia)
    assert client.get("/usagers/bris-de-glace/").status_code == 403


def test_the_direction_reviews_each_one(town: Town, louise: Person) -> None:
    alice, diane = actor_of(town.alice), actor_of(town.diane)
    opening = actions.break_the_glass(alice, person_id=louise.pk, **WHY)
    with pytest.raises(Invalid) as refused:
        actions.review_opening(diane, opening=opening, review=Review.TO_EXPLAIN, word=" ")
    assert list(refused.value.errors) == ["word"]
    for who in ("alice", "denis", "sofia", "bob", "charlie"):
        with pytest.raises(Refused):
            actor = actor_of(getattr(town, who))
            actions.review_opening(actor, opening=opening, review=Review.ACCEPTED, word="")
    actions.review_opening(diane, opening=opening, review=Review.ACCEPTED, word="Vu avec elle.")
    opening.refresh_from_db()
    assert (opening.review, opening.reviewer_name) == ("accepted", "Diane Perrin")
    assert opening.reviewed_at is not None


def test_the_screens_of_a_night(client: Client, town: Town, louise: Person, queries: Any) -> None:
    sign_in(client, town.alice)
    record = f"/usagers/{louise.pk}/"
    refused = client.get(record)
    assert refused.status_code == 403
    assert f"{record}urgence/ouvrir/" in refused.text and "Bernard" not in refused.text
    form = client.get(f"{record}urgence/ouvrir/")
    assert "Bernard" not in form.text
    short = client.post(f"{record}urgence/ouvrir/", {"motive": "fall", "reason": "court"})
    assert short.status_code == 422 and "court" in short.text
    assert client.post(f"{record}urgence/ouvrir/", WHY).url == f"{record}urgence/"
    with queries(at_most=12):
        sheet = client.get(f"{record}urgence/")
    assert "Bernard" in sheet.text and "Écrit" not in sheet.text
    assert f"<dd>{town.ehpad.name}</dd>" in sheet.text, "her unit alone says little elsewhere"
    assert client.get(record).url == f"{record}urgence/"
    assert client.get(f"{record}urgence/volet-medical/").url == f"{record}urgence/"
    for closed in ("sejours/", "entourage/", "transmissions/", "chronologie/", "qui-a-vu/"):
        page = client.get(record + closed)
        assert page.status_code == 403, closed
        assert "Revenir à la fiche d’urgence" in page.text
        assert "ouvrir le dossier" not in page.text
    assert client.get(f"{record}urgence/ouvrir/").url == f"{record}urgence/"
    assert client.post(f"{record}urgence/medical/").url == f"{record}urgence/"
    with queries(at_most=12):
        volet = client.get(f"{record}urgence/volet-medical/")
    assert "Écrit : medical." in volet.text
    assert "Écrit : care." not in volet.text and "Écrit : psycho" not in volet.text
    assert "vous est fermé" not in volet.text
    note = Note.objects.get(volet=Volet.MEDICAL)
    alone = client.get(f"{record}transmissions/{note.pk}/")
    assert alone.status_code == 200
    closed = Restriction.objects.create(
        subject=louise.subject, item_id=note.pk, profession="nurse", reason="Opposition"
    )
    volet = client.get(f"{record}urgence/volet-medical/")
    assert "Un écrit au moins vous est fermé" in volet.text
    assert "Rien n’est encore écrit" not in volet.text
    closed.delete()
    for page in (sheet, volet, alone):
        assert f"{record}droits/" not in page.text, "no link to what is closed"
    assert f"{record}urgence/" in client.get("/").text, "the way back"
    read = JournalLine.objects.filter(subject_id=louise.subject_id, event__is_write=False)
    others = ("bris_de_glace.consider", "bris_de_glace.home")
    under = read.exclude(event__action__in=others)
    purposes = set(under.values_list("event__purpose", flat=True))
    assert purposes == {"Bris de glace\u00a0: Chute ou blessure"}
    assert client.post(f"{record}urgence/fin/").url == "/"
    assert client.get(f"{record}urgence/").status_code == 403


def test_it_opens_a_sheet_and_no_list(client: Client, town: Town, louise: Person) -> None:
    actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    actions.open_medical_volet(actor_of(town.alice), person_id=louise.pk)
    alice = actor_of(town.alice)
    with collecting_reads():
        assert emergency_sheet(alice, louise.pk).record.stay, "where she is"
        assert present_told(alice, None) == {"present": []}
        assert present_told(alice, town.unit_b.pk) == {"present": []}
    assert not stays_visible_to(alice).exists()
    sign_in(client, town.alice)
    assert "Bernard" not in client.get("/usagers/").text
    assert "Bernard" not in client.post("/usagers/recherche/", {"q": "bernard"}).text
    assert "Aucun séjour en cours" in client.get("/").text


def test_who_saw_tells_why(client: Client, town: Town, louise: Person) -> None:
    sign_in(client, town.alice)
    client.post(f"/usagers/{louise.pk}/urgence/ouvrir/", WHY)
    client.get(f"/usagers/{louise.pk}/urgence/")
    sign_in(client, town.diane)
    page = client.get(f"/usagers/{louise.pk}/qui-a-vu/").text
    assert "Bris de glace : Chute ou blessure" in page.replace("\u00a0", " ")


def test_the_pages_of_the_direction(client: Client, town: Town, louise: Person) -> None:
    opening = actions.break_the_glass(actor_of(town.alice), person_id=louise.pk, **WHY)
    sign_in(client, town.diane)
    week = client.get("/usagers/bris-de-glace/")
    assert "Alice Martel" in week.text and "À revoir" in week.text
    for far in ("9999-12-31", "0001-01-01", "hier"):
        assert client.get(f"/usagers/bris-de-glace/?week={far}").status_code == 200
    url = f"/usagers/bris-de-glace/{opening.pk}/"
    assert WHY["reason"] in client.get(url).text
    silent = client.post(url, {"review": "to_explain", "word": ""})
    assert silent.status_code == 422
    assert client.post(url, {"review": "accepted"}).status_code == 302
    sign_in(client, town.gaspard)
    assert client.get(url).status_code == 200
    sign_in(client, town.alice)
    assert client.get(url).status_code == 403
