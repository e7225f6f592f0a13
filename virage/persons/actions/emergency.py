"""Bris de glace: opening, its second step, the second person, ending, the direction's review."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import VOLET, policy, profession_refusal
from virage.foundation.access.enums import Cell, Review, Volet
from virage.foundation.access.models import BrisDeGlace, Subject
from virage.foundation.access.verdict import KEEPER_OF_RIGHTS, require
from virage.foundation.content import nomenclature
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.queries import count_by
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.persons.enums import BRIS_DE_GLACE_TOLD
from virage.persons.models import Person
from virage.persons.queries.emergency import (
    own_opening,
    person_to_open,
    persons_named,
)
from virage.persons.queries.openings import approval_refusal

MISS = "bris_de_glace.miss"


@transaction.atomic
def break_the_glass(actor: Actor, *, person_id: UUID, motive: str, reason: str) -> BrisDeGlace:
    """Open the emergency sheet of a person out of the actor's team, for the hours of the policy.

    Refused as `person_to_open`. Invalid without a motive of the list and a reason long enough, or
    when the actor reaches her already. Asked twice, it is the same one.
    """
    person = person_to_open(actor, person_id)
    _check_words(motive, reason)
    if person is None:
        raise Invalid({"": ["Ce dossier vous est déjà ouvert : vous êtes de l’équipe."]})
    return _open(actor, person, motive, reason)


@transaction.atomic
def break_the_glass_on_identity(
    actor: Actor, *, family_name: str, given_name: str, birth_on: date, motive: str, reason: str
) -> Person | None:
    """Open the emergency sheet of the one person of exactly this identity; return her.

    None when nobody bears it, when several do, when she objects, and for a sensitive record, which
    then waits for a second person: the answer does not tell which. She is returned unopened when
    the actor reaches her. Refused to other professions than health ones; Invalid without a motive
    and a reason, and after too many identities tried in vain today.
    """
    if refused := profession_refusal(actor):
        raise refused
    _check_words(motive, reason)
    # One try of hers at a time, whichever her situation: many at once would count as the first.
    Professional.objects.select_for_update(no_key=True).get(pk=actor.professional_id)
    if count_by(actor, MISS, since=actor.at - timedelta(days=1)) >= policy().misses_a_day:
        raise Invalid(
            {"": ["Trop d’identités ont été essayées en vain aujourd’hui. Appelez la direction."]}
        )
    found = persons_named(actor, family_name=family_name, given_name=given_name, birth_on=birth_on)
    sought = found[0] if len(found) == 1 else None
    if sought and sought.is_reached:
        return sought.person
    if sought and not sought.is_closed:
        opening = _open(actor, sought.person, motive, reason)
        if opening.opened_at:
            return sought.person
    # The same gesture in the journal for all that opens nothing: it names nobody.
    record(actor, MISS)
    return None


@transaction.atomic
def approve_opening(actor: Actor, *, opening: BrisDeGlace) -> BrisDeGlace:
    """Open, as the second person, the sensitive record that a colleague asked for.

    Refused to whoever asked, and to all but health professions and the direction of the team.
    Invalid once it is open or has waited too long.
    """
    _require_second_person(actor, opening)
    current = BrisDeGlace.objects.select_for_update(no_key=True).get(pk=opening.pk)
    if current.opened_at is not None or current.ends_at <= actor.at:
        raise Invalid({"": ["Cette demande n’attend plus : elle est ouverte, ou trop ancienne."]})
    current.opened_at, current.ends_at = actor.at, actor.at + policy().lasts
    current.approved_by, current.approver_name = actor.professional_id, actor.display_name
    current.save(update_fields=["opened_at", "ends_at", "approved_by", "approver_name"])
    _journal(actor, "bris_de_glace.approve", current)
    _tell(current)
    return current


@transaction.atomic
def open_medical_volet(actor: Actor, *, person_id: UUID) -> BrisDeGlace:
    """Take the second step: the medical volet too; Refused without an opening of one's own."""
    opening = own_opening(actor, person_id)
    if opening.medical_at is None:
        opening.medical_at = actor.at
        opening.save(update_fields=["medical_at"])
        _journal(actor, "bris_de_glace.open_medical", opening, VOLET)
    return opening


@transaction.atomic
def end_opening(actor: Actor, *, person_id: UUID) -> BrisDeGlace:
    """Close the record before its time; Refused without an opening of one's own."""
    opening = own_opening(actor, person_id)
    opening.ends_at = actor.at
    opening.save(update_fields=["ends_at"])
    _journal(actor, "bris_de_glace.end", opening)
    return opening


@transaction.atomic
def review_opening(actor: Actor, *, opening: BrisDeGlace, review: Review, word: str) -> BrisDeGlace:
    """Say whether an opening is accepted or is to be explained.

    Refused to all but the direction of the person's team, and for one's own. Invalid when it is to
    be explained without a word. Said again, the last word stands and the journal keeps both.
    """
    require(actor, Cell.VALIDATE, opening.subject, Volet.PROJECT)
    if opening.professional_id == actor.professional_id:
        raise Refused(
            "own_opening", "Nul ne revoit son propre accès.", whom_to_ask=KEEPER_OF_RIGHTS
        )
    if review == Review.TO_EXPLAIN and not word.strip():
        raise Invalid({"word": ["Dites ce qui est à expliquer."]})
    current = BrisDeGlace.objects.select_for_update(no_key=True).get(pk=opening.pk)
    current.review, current.review_word = review, word.strip()
    current.reviewer_name, current.reviewed_at = actor.display_name, actor.at
    columns = ["review", "review_word", "reviewer_name", "reviewed_at"]
    current.save(update_fields=columns)
    _journal(actor, "bris_de_glace.review", current)
    return current


def _open(actor: Actor, person: Person, motive: str, reason: str) -> BrisDeGlace:
    # One of two double clicks waits, then finds what the other wrote.
    subject = Subject.objects.select_for_update(no_key=True).get(pk=person.subject_id)
    own = BrisDeGlace.objects.filter(membership_id=actor.membership_id, subject=subject)
    waits = subject.is_sensitive
    asked = own.waiting(actor.at) if waits else own.none()
    if under_way := (own.in_force(actor.at) | asked).order_by("-ends_at").first():
        return under_way
    opening = BrisDeGlace.objects.create(
        operator_id=actor.operator_id,
        subject=subject,
        membership_id=actor.membership_id,
        professional_id=actor.professional_id,
        professional_name=actor.display_name,
        profession=actor.profession,
        motive=motive,
        reason=reason.strip(),
        asked_at=actor.at,
        opened_at=None if waits else actor.at,
        ends_at=actor.at + (policy().waits if waits else policy().lasts),
    )
    _journal(actor, "bris_de_glace.ask" if waits else "bris_de_glace.open", opening)
    if not waits:
        _tell(opening)
    return opening


def _check_words(motive: str, reason: str) -> None:
    faults = {}
    if not nomenclature.get("bris_de_glace_motive").has(motive):
        faults["motive"] = ["Choisissez un motif."]
    least = policy().reason_characters
    if len(reason.strip()) < least:
        faults["reason"] = [
            f"Dites en quelques mots ce qui se passe : {least} caractères au moins."
        ]
    Invalid.raise_if(faults)


def _require_second_person(actor: Actor, opening: BrisDeGlace) -> None:
    if opening.professional_id == actor.professional_id:
        raise Refused(
            "own_opening",
            "Un dossier sensible s’ouvre à deux : une autre personne doit l’approuver.",
            whom_to_ask="un professionnel de santé de l’équipe, ou la direction",
        )
    if refused := approval_refusal(actor):
        raise refused
    require(actor, Cell.READ, opening.subject, Volet.ADMINISTRATIVE)


def _journal(actor: Actor, action: str, opening: BrisDeGlace, volet: str = "") -> None:
    why = replace(actor, purpose=opening.purpose)
    record(why, action, target=opening, subject_ids=[opening.subject_id], volet=volet)


def _tell(opening: BrisDeGlace) -> None:
    post(
        BRIS_DE_GLACE_TOLD,
        key=f"{BRIS_DE_GLACE_TOLD}:{opening.pk}",
        operator_id=opening.operator_id,
        payload={"opening_id": str(opening.pk)},
    )
