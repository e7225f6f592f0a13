"""Bris de glace: whose record may be opened so, what it shows, and what is to be answered for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from virage.directory.models import Account
from virage.directory.queries.people import privacy_recipients
from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import (
    may_break_the_glass,
    policy,
    profession_refusal,
)
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.access.predicates import closed_to, subjects_visible_to
from virage.foundation.calendar import in_paris
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.ui.home import Card, Line
from virage.persons.models import Contact, Person, Referent
from virage.persons.queries.openings import approval_refusal
from virage.persons.queries.people import knows_identities, persons_visible_to
from virage.persons.queries.records import OpenRecord, open_record, sees_alerts
from virage.persons.rules.names import strict_form
from virage.persons.rules.surroundings import EMERGENCY, LEGAL_GUARDIAN, TRUSTED_PERSON

LINES = 5


@dataclass(frozen=True, kw_only=True)
class EmergencySheet:
    """What someone who does not know the person needs at once; `contacts` are to be called."""

    record: OpenRecord
    sees_contacts: bool
    contacts: list[Contact]
    referents: list[Referent]


@dataclass(frozen=True)
class Sought:
    """Someone of exactly the identity typed: whether the actor reaches her, or is shut out."""

    person: Person
    is_reached: bool
    is_closed: bool


def emergency_sheet(actor: Actor, person_id: UUID) -> EmergencySheet:
    """Return the emergency sheet of a person in reach, or opened by a bris de glace; journalled.

    Raises the `Refused` of `find_person`.
    """
    record = open_record(actor, person_id, "emergency", in_emergency=True)
    sees = sees_alerts(actor)
    urgent = Q(is_emergency_contact=True)
    urgent |= Q(role__code__in=(EMERGENCY, TRUSTED_PERSON, LEGAL_GUARDIAN))
    contacts = record.person.contacts.filter(urgent).order_by(
        "-is_emergency_contact", "family_name", "id"
    )
    referents = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today),
        subject=record.person.subject_id,
        starts_on__lte=actor.today,
    )
    volets = [Volet.ADMINISTRATIVE] if sees else []
    saw(actor, "bris_de_glace.sheet", [record.person.subject_id], volets)
    return EmergencySheet(
        record=record,
        sees_contacts=sees,
        contacts=list(contacts) if sees else [],
        referents=list(referents.select_related("professional").order_by("starts_on", "id")),
    )


def person_to_open(actor: Actor, person_id: UUID) -> Person | None:
    """Return the person out of reach whose record the actor may open, None when he reaches her.

    Refused to other professions than health ones, and when the person objects. Another operator's
    and a sensitive record are « introuvable ».
    """
    if refused := profession_refusal(actor):
        raise refused
    person: Any = _of_the_operator(actor).filter(pk=person_id).first()
    if person is None:
        raise Refused.hidden()
    if person.is_reached:
        return None
    if person.subject.is_sensitive:
        raise Refused.hidden()
    if person.is_closed:
        raise _objection()
    return cast("Person", person)


def considers(actor: Actor, person_id: UUID) -> bool:
    """Whether there is a glass to break, for the form that asks why; journalled: she is not named,
    but someone was about to open her record.

    Raises the `Refused` of `person_to_open`.
    """
    is_out_of_reach = person_to_open(actor, person_id) is not None
    subject_ids = Person.objects.filter(pk=person_id).values_list("subject_id", flat=True)
    saw(actor, "bris_de_glace.consider", subject_ids)
    return is_out_of_reach


def persons_named(
    actor: Actor, *, family_name: str, given_name: str, birth_on: date
) -> list[Sought]:
    """Return the persons of the operator of exactly this identity, in reach or not; one statement.

    Any of their names, accents and case aside. What is found is for the action to judge, never for
    a screen to show.
    """
    family, given = strict_form(family_name), strict_form(given_name)
    return [
        Sought(person, is_reached=person.is_reached, is_closed=person.is_closed)
        for person in _of_the_operator(actor).filter(birth_on=birth_on).order_by("id")
        if family in map(strict_form, (person.birth_family_name, person.used_family_name))
        and given in map(strict_form, (person.first_birth_given_name, person.used_given_name))
    ]


def own_opening(actor: Actor, person_id: UUID) -> BrisDeGlace:
    """Return the actor's own bris de glace in force on this person; Refused without one."""
    opening = _own_openings(actor, person_id).order_by("-ends_at").first()
    if opening is None:
        raise Refused(
            "care_team",
            "Aucun bris de glace n’est en cours pour vous sur ce dossier.",
            whom_to_ask="l’équipe qui accompagne cette personne",
        )
    return opening


def has_opened(actor: Actor, person_id: UUID) -> bool:
    """Whether the actor's own bris de glace on this person is in force."""
    return _own_openings(actor, person_id).exists()


def _own_openings(actor: Actor, person_id: UUID) -> QuerySet[BrisDeGlace]:
    in_force = BrisDeGlace.objects.in_force(actor.at)
    return in_force.filter(subject__person=person_id, membership_id=actor.membership_id)


def sheet_url(actor: Actor, named: Mapping[str, Any]) -> str:
    """Return the emergency sheet of a record that the actor's bris de glace opens, or nothing."""
    person = _out_of_reach(actor, named)
    return reverse("persons:emergency", args=[person.pk]) if person and person.is_opened else ""


def emergency_url(actor: Actor, named: Mapping[str, Any]) -> str:
    """Return where a refused page leads a health professional; nothing where no glass breaks."""
    person = _out_of_reach(actor, named)
    if person is None or person.is_opened or person.subject.is_sensitive:
        return ""
    return reverse("persons:emergency_open", args=[person.pk])


def _out_of_reach(actor: Actor, named: Mapping[str, Any]) -> Any:
    """Return the person of a refused page for whom a glass may break; None without one."""
    person_id = named.get("person_id")
    if person_id is None or not may_break_the_glass(actor.profession):
        return None
    people = _of_the_operator(actor).filter(pk=person_id, is_reached=False, is_closed=False)
    return people.first()


def home_card(actor: Actor) -> Card | None:
    """Return one's own openings in force, those of whom one is the referent, and what waits for a
    second person; one SQL statement, journalled, no card when there is none.
    """
    if not knows_identities(actor):
        return None
    since = actor.at - timedelta(days=policy().often_days)
    own = Q(membership_id=actor.membership_id, ends_at__gt=actor.at, opened_at__isnull=False)
    own &= ~closed_to(actor)
    referred = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today),
        professional=actor.professional_id,
        starts_on__lte=actor.today,
    ).values("subject")
    reached = subjects_visible_to(actor)
    concerned = own | (Q(subject__in=referred, opened_at__gte=since) & reached)
    if approval_refusal(actor) is None:
        concerned |= Q(opened_at=None, ends_at__gt=actor.at) & reached
    openings = BrisDeGlace.objects.filter(concerned, operator_id=actor.operator_id)
    openings = openings.select_related("subject__person").order_by("-asked_at", "-id")
    lines = [_line(actor, one) for one in openings[:LINES]]
    if not lines:
        return None
    return Card(
        title="Bris de glace",
        icon="siren",
        summary="Un dossier ouvert en urgence hors de l’équipe qui accompagne la personne.",
        lines=tuple(lines),
    )


def openings_to_tell(opening_id: str) -> tuple[BrisDeGlace, list[str]]:
    """Return a bris de glace and the addresses to tell, for a job: referents, data protection, and
    the direction when the operator gave no address for it.
    """
    opening = BrisDeGlace.objects.get(pk=opening_id)
    at = opening.opened_at or opening.asked_at
    day = in_paris(at).date()
    referred = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), subject=opening.subject_id, starts_on__lte=day
    ).values("professional")
    accounts = Account.objects.filter(professional__in=referred, is_active=True)
    protection = privacy_recipients(opening.operator_id, at, but=opening.professional_id)
    return opening, sorted({*accounts.values_list("email", flat=True), *protection})


def _line(actor: Actor, opening: BrisDeGlace) -> Line:
    """Word one opening. One's own that waits is not among them: it would say that she exists."""
    is_own = opening.membership_id == actor.membership_id
    person = opening.subject.person
    saw(actor, "bris_de_glace.home", [opening.subject_id])
    if is_own:
        until = f"jusqu’à {in_paris(opening.ends_at):%H h %M}"
        return Line(person.display_name, reverse("persons:emergency", args=[person.pk]), until)
    if opening.opened_at is None:
        url = reverse("persons:opening_approve", args=[opening.pk])
        return Line(f"À approuver : {person.display_name}", url, opening.professional_name)
    url = reverse("persons:identity", args=[person.pk])
    by = f"par {opening.professional_name} · {opening.motive_label}"
    return Line(person.display_name, url, by, at=opening.opened_at)


def _of_the_operator(actor: Actor) -> Any:
    """Return the operator's persons, each with whether the actor reaches her, is shut out by a
    restriction, or has her record open by a bris de glace.
    """
    openings = BrisDeGlace.objects.in_force(actor.at).filter(membership_id=actor.membership_id)
    return (
        Person.objects.filter(operator=actor.operator_id)
        .select_related("subject")
        .annotate(
            is_reached=Q(pk__in=persons_visible_to(actor).values("pk")),
            is_closed=closed_to(actor),
            is_opened=Q(subject__in=openings.values("subject")),
        )
    )


def _objection() -> Refused:
    return Refused(
        "restriction",
        "La personne s’est opposée à ce que vous consultiez ce dossier : le bris de glace ne lève "
        "pas une opposition.",
        whom_to_ask="un autre professionnel de santé présent, ou la direction",
    )
