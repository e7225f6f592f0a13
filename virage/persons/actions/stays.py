"""Opening, correcting and closing stays; naming a referent, and ending that."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from virage.directory.models import Professional
from virage.directory.queries.leaving import noted_departure
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.access.predicates import closed_to
from virage.foundation.coded import Coded
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.versions import assign, locked, save
from virage.persons.actions.changes import require_write
from virage.persons.enums import StayStatus
from virage.persons.models import Person, Referent, Stay
from virage.persons.models.stays import LASTS
from virage.persons.rules.identity import Faults
from virage.persons.rules.stays import (
    StayDates,
    days_left,
    faults_of_dates,
    go_together,
    status_of,
)

DATES = ("entered_on", "exited_on", "planned_entry_on", "planned_exit_on", "admitted_on")


@transaction.atomic
def open_stay(actor: Actor, *, person: Person, stay: Stay) -> Stay:
    """Open a stay of the person: `stay` is unsaved, without person; its state comes from its dates.

    Refused outside the actor's establishment or units. Invalid for dates that do not hold together
    or a stay that overlaps another in the establishment, unless the two go together.
    """
    require_write(actor, person.subject)
    check_place(actor, stay)
    faults = faults_of_stay(stay, person.birth_on, actor.today)
    # Two people who open a stay at once wait for each other here.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    Invalid.raise_if(faults | _faults_of_overlaps(stay, _overlaps(person, stay)))
    insert_stay(person, stay)
    _journal(actor, "stay.open", stay)
    return stay


@transaction.atomic
def receive_stays(actor: Actor, *, person: Person, stays: Sequence[Stay]) -> None:
    """Open the stays that a file brings, unsaved and without person, as they were received.

    Refused without the import verb, or in another operator. Few statements whatever their number.
    """
    require_write(actor, person.subject, is_received=True)
    if not stays:
        return
    for stay in stays:
        _check_whole(actor, stay)
        _belong(stay, person)
    Stay.objects.bulk_create(stays, batch_size=500)
    record(
        actor,
        "stay.open",
        subject_ids=[person.subject_id],
        volet=Volet.ADMINISTRATIVE,
        detail={"count": len(stays)},
    )


@transaction.atomic
def update_stay(
    actor: Actor, *, stay: Stay, expected_version: int, changes: Mapping[str, Any]
) -> Stay:
    """Correct a stay; Conflict with both texts when someone changed it since `expected_version`.

    Refused outside the actor's establishment or units, before and after the change. Invalid for
    dates that do not hold together or an overlap that the change makes (see `open_stay`).
    """
    require_write(actor, stay.subject)
    check_place(actor, stay)
    person = Person.objects.select_for_update(no_key=True).get(pk=stay.person_id)
    current = locked(stay, expected_version, changes)
    known = {other.pk for other in _overlaps(person, current)}
    changed = assign_to_stay(current, changes)
    check_place(actor, current)
    faults = faults_of_stay(current, person.birth_on, actor.today)
    made = [other for other in _overlaps(person, current) if other.pk not in known]
    Invalid.raise_if(faults | _faults_of_overlaps(current, made))
    save(current, changed)
    if changed:
        _journal(actor, "stay.update", current, fields=changed)
    return current


def close_stay(
    actor: Actor,
    *,
    stay: Stay,
    expected_version: int,
    exited_on: date,
    exit_mode: Coded = Coded(),  # noqa: B008  # frozen
    exit_label: str = "",
) -> Stay:
    """Close a stay on its day of exit, the last on which the unit opens the record.

    Invalid for an exit before the entry or in the future (see `update_stay`).
    """
    changes = {"exited_on": exited_on, "exit_mode": exit_mode, "exit_label": exit_label}
    return update_stay(actor, stay=stay, expected_version=expected_version, changes=changes)


@transaction.atomic
def name_referent(
    actor: Actor,
    *,
    person: Person,
    professional: Professional,
    starts_on: date,
    ends_on: date | None = None,
) -> Referent:
    """Name who follows the person between two days; it opens the record to him.

    Refused for oneself and for a professional of another operator. Invalid for an end before the
    start, after a departure noted, without a situation that lasts until then, and for days on which
    he follows her already.
    """
    require_write(actor, person.subject)
    if professional.pk == actor.professional_id:
        raise Refused(
            "own_referent",
            "Nul ne s’ouvre un dossier en se nommant référent.",
            whom_to_ask="une autre personne qui tient les dossiers de l’établissement",
        )
    if professional.operator_id != actor.operator_id:
        raise Refused.hidden()
    if ends_on and ends_on < starts_on:
        raise Invalid({"ends_on": ["La fin précède le début."]})
    left = noted_departure(professional)
    if left and (ends_on is None or ends_on > left.last_day):
        day = f"{left.last_day:%d/%m/%Y}"
        told = f"{professional.display_name} quitte l’organisme le {day} : pas au-delà de ce jour."
        raise Invalid({"ends_on": [told]})
    if not professional.memberships.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        told = f"{professional.display_name} n’a pas de situation à cette date."
        raise Invalid({"professional": [told]})
    # Two people who name him at once wait for each other here.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    named = Referent.objects.filter(subject=person.subject_id, professional=professional)
    named = named.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on:
        named = named.filter(starts_on__lte=ends_on)
    if already := named.order_by("-starts_on", "-id").first():
        raise Invalid({"starts_on": [_already_referent(already)]})
    referent = Referent.objects.create(
        subject=person.subject, professional=professional, starts_on=starts_on, ends_on=ends_on
    )
    _journal(actor, "referent.name", referent)
    return referent


@transaction.atomic
def end_referent(actor: Actor, *, referent: Referent, ends_on: date) -> Referent:
    """Set the last day on which a referent follows the person and opens her record.

    Same right as naming one. Invalid for a day before the first one, or after the end already set:
    to follow the person longer is to be named again, by someone else.
    """
    require_write(actor, referent.subject)
    current = Referent.objects.select_for_update(no_key=True).get(pk=referent.pk)
    if ends_on < current.starts_on:
        raise Invalid({"ends_on": ["La fin précède le début."]})
    if current.ends_on and ends_on > current.ends_on:
        raise Invalid({"ends_on": ["Pour prolonger, nommez de nouveau ce référent."]})
    current.ends_on = ends_on
    current.save(update_fields=["ends_on"])
    _journal(actor, "referent.end", current, ends_on=ends_on.isoformat())
    return current


def hand_referents_over(
    actor: Actor, roles: QuerySet[Referent], heir: Professional, last_day: date
) -> None:
    """Let a colleague follow, from the next day on, whom someone who leaves would have followed.

    For as long as it was to last, but the days on which he follows the person already. The right to
    decide of it is judged by `directory.leave`.
    """
    for referent in roles.select_for_update(no_key=True).order_by("id"):
        starts_on = max(referent.starts_on, last_day + timedelta(days=1))
        if referent.starts_on > last_day:
            _journal(actor, "referent.end", referent, withdrawn=True)
            referent.delete()
        else:
            Referent.objects.filter(pk=referent.pk).update(ends_on=last_day)
            _journal(actor, "referent.end", referent, ends_on=last_day.isoformat())
        followed = followed_after(heir, last_day).filter(subject=referent.subject_id)
        already = followed.values_list("starts_on", "ends_on")
        for first, last in days_left(starts_on, referent.ends_on, already):
            named = Referent.objects.create(
                subject_id=referent.subject_id, professional=heir, starts_on=first, ends_on=last
            )
            _journal(actor, "referent.name", named)


def may_be_followed_by(actor: Actor) -> Q:
    """Return the condition under which a role opens a record that is not closed to the actor."""
    return ~closed_to(actor)


def followed_after(professional: Professional, last_day: date) -> QuerySet[Referent]:
    """Return the roles by which a professional follows persons after a day."""
    lasting = Q(ends_on=None) | Q(ends_on__gt=last_day)
    return Referent.objects.filter(lasting, professional=professional)


def _already_referent(referent: Referent) -> str:
    until = f" jusqu’au {referent.ends_on:%d/%m/%Y}" if referent.ends_on else ""
    return (
        f"{referent.professional.display_name} est déjà référent depuis le "
        f"{referent.starts_on:%d/%m/%Y}{until}."
    )


def insert_stay(person: Person, stay: Stay) -> None:
    """Save a new stay of the person, whose state comes from its dates."""
    give_stay(person, stay)
    stay.save(force_insert=True)


def give_stay(person: Person, stay: Stay) -> None:
    """Fill the columns of a new stay that come from its person and from its dates."""
    _belong(stay, person)
    stay.status = status_of(_dates(stay))


def assign_to_stay(stay: Stay, changes: Mapping[str, Any]) -> list[str]:
    """Set what changes in a stay, and the state that its dates give; nothing is saved yet."""
    changed = assign(stay, changes)
    if set(changed) & set(DATES):
        changed += assign(stay, {"status": status_of(_dates(stay))})
    return changed


def check_place(actor: Actor, stay: Stay) -> None:
    """Raise unless the actor opens stays there, and unit and room belong to what they are in."""
    _check_whole(actor, stay)
    if not _is_within_reach(actor, stay):
        raise Refused(
            "place",
            "Votre situation n’ouvre et ne corrige que les séjours de votre équipe.",
            whom_to_ask="le secrétariat de l’établissement d’accueil",
        )


def _belong(stay: Stay, person: Person) -> None:
    stay.person = person
    stay.subject_id = person.subject_id
    stay.operator_id = person.operator_id


def _check_whole(actor: Actor, stay: Stay) -> None:
    if stay.establishment.operator_id != actor.operator_id:
        raise Refused.hidden()
    if stay.unit and stay.unit.establishment_id != stay.establishment_id:
        raise Invalid({"unit": ["Cette unité n’est pas dans l’établissement choisi."]})
    if stay.room and stay.room.unit_id != stay.unit_id:
        raise Invalid({"room": ["Cette chambre n’est pas dans l’unité choisie."]})


def faults_of_stay(stay: Stay, birth_on: date | None, today: date) -> Faults:
    """Return French messages by field for a stay typed by hand (see `rules.stays`)."""
    return faults_of_dates(_dates(stay), birth_on, today)


def _is_within_reach(actor: Actor, stay: Stay) -> bool:
    match actor.reach:
        case Reach.OPERATOR:
            return True
        case Reach.ESTABLISHMENT:
            return stay.establishment_id == actor.establishment_id
        case Reach.UNITS:
            return stay.unit_id in actor.unit_ids
    return False


def _overlaps(person: Person, stay: Stay) -> list[Stay]:
    """Return the stays in the same establishment, the latest first, that this one cannot overlap.

    Leaving and entering on one day is not at once.
    """
    if stay.entered_on is None:
        return []
    others = (
        Stay.objects.filter(
            LASTS | Q(exited_on__gt=stay.entered_on),
            person=person,
            establishment=stay.establishment_id,
            entered_on__isnull=False,
        )
        .exclude(pk=stay.pk)
        .exclude(status=StayStatus.CANCELLED)
    )
    if stay.exited_on:
        others = others.filter(entered_on__lt=stay.exited_on)
    return [
        other
        for other in others.select_related("unit").order_by("-entered_on", "-id")
        if other.unit_id == stay.unit_id
        or not go_together(other.reception_mode, stay.reception_mode)
    ]


def _faults_of_overlaps(stay: Stay, overlaps: Sequence[Stay]) -> Faults:
    if not overlaps:
        return {}
    other = overlaps[0]
    if other.unit_id == stay.unit_id:
        return {"entered_on": ["La personne est déjà accueillie dans cette unité à ces dates."]}
    where = f"dans l’unité {other.unit.name}" if other.unit else "dans l’établissement, sans unité,"
    when = f"depuis le {other.entered_on:%d/%m/%Y}"
    to_do = "notez d’abord la sortie (changement d’unité)"
    if stay.entered_on and other.entered_on and stay.entered_on < other.entered_on:
        to_do = "indiquez la sortie du séjour que vous saisissez"
    if other.exited_on:
        when = f"du {other.entered_on:%d/%m/%Y} au {other.exited_on:%d/%m/%Y}"
        to_do = "corrigez les dates"
    return {
        "entered_on": [
            f"La personne est déjà accueillie {where} {when} : {to_do}. Deux séjours ne vont "
            "ensemble que si l’un est de jour, en semi-internat ou à domicile : précisez alors "
            "la modalité d’accueil de chacun."
        ]
    }


def _dates(stay: Stay) -> StayDates:
    return StayDates(**{name: getattr(stay, name) for name in DATES})


def _journal(actor: Actor, action: str, target: Stay | Referent, **detail: Any) -> None:
    record(
        actor,
        action,
        target=target,
        subject_ids=[target.subject_id],
        volet=Volet.ADMINISTRATIVE,
        detail=detail,
    )
