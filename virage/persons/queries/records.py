"""Opening a record: who this is, in the banner of every page, and the tabs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.access.predicates import has_item_closed_to
from virage.foundation.content.nomenclature import words_of
from virage.foundation.journal.collector import because, saw
from virage.foundation.ui import components
from virage.foundation.ui.components import Badge, Identity
from virage.persons.enums import PRODUCTION_OIDS, InsStatus, ProtectionKind
from virage.persons.models import LegalProtection, Person, Stay
from virage.persons.queries.closing import closable_volets
from virage.persons.queries.doubles import sounding
from virage.persons.queries.people import (
    persons_known_to,
    persons_visible_to,
    reads_administrative,
    refuse_person,
    stays_known_to,
    stays_visible_to,
)
from virage.persons.queries.rows import (
    HOMONYM,
    birth_name_beside,
    born,
    death_badge,
    latest_stays,
)
from virage.persons.rules.identity import age_label
from virage.persons.tabs import filled_tabs, tabs_for, tabs_in_emergency


@dataclass(frozen=True, kw_only=True)
class OpenRecord:
    """A record as each of its pages receives it: the person, her banner, the tabs, where she is.

    `stay` is the latest open stay that the actor sees, or None; `opening` the bris de glace without
    which he would not be here.
    """

    person: Person
    identity: Identity
    tabs: tuple[components.Tab, ...]
    stay: Stay | None
    opening: BrisDeGlace | None = None

    closable_volets: frozenset[Volet] = frozenset()
    # Whose writings alone the actor closes; None for the direction, who closes any.
    closes_of: UUID | None = None

    @property
    def has_qualified_ins(self) -> bool:
        """Whether what is printed may do without « document non qualifié INS » (RNIV)."""
        return self.person.has_ins and self.person.ins_status == InsStatus.QUALIFIED


def open_record(
    actor: Actor, person_id: UUID, tab: str = "", *, in_emergency: bool = False
) -> OpenRecord:
    """Open a record on one of its tabs, for the page's shell; three SQL statements at most.

    Raises the `Refused` of `find_person`. The read is journalled, without a volet: what the tab
    itself shows says its own. A bris de glace opens a page `in_emergency`, which shows nothing
    but what `items_visible_to` and the emergency sheet give; one more statement while it does.
    """
    opening = opening_of(actor, person_id) if in_emergency else None
    if opening:
        because(opening.purpose)
    persons = _person_and_like_names(actor, person_id, is_known=bool(opening))
    person = next((p for p in persons if p.pk == person_id), None)
    if person is None:
        person = refuse_person(actor, person_id)
    places = stays_known_to(actor) if opening else stays_visible_to(actor)
    stays = latest_stays(places.open_at(actor.at), persons)
    alike = _alike_nearby(person, persons, stays)
    saw(actor, "person.read", (one.subject_id for one in (person, *alike)))
    return OpenRecord(
        person=person,
        identity=_identity(actor, person, stays, alike),
        tabs=(tabs_in_emergency if opening else tabs_for)(actor, person, tab),
        stay=stays.get(person_id),
        opening=opening,
        closable_volets=frozenset() if opening else closable_volets(actor),
        closes_of=None if actor.directs else actor.professional_id,
    )


def opening_of(actor: Actor, person_id: UUID) -> BrisDeGlace | None:
    """Return the bris de glace in force without which the actor would not know of this person.

    Its `has_item_closed` says that something of the record is closed to him, which it does not
    lift. No statement for whoever has none in force.
    """
    if not actor.has_broken_glass or persons_visible_to(actor).filter(pk=person_id).exists():
        return None
    openings = BrisDeGlace.objects.in_force(actor.at).filter(subject__person=person_id)
    openings = openings.annotate(has_item_closed=has_item_closed_to(actor))
    return openings.filter(membership_id=actor.membership_id).order_by("-ends_at").first()


def _person_and_like_names(actor: Actor, person_id: UUID, *, is_known: bool) -> list[Person]:
    """Return the person, if visible, and the visible ones one of whose names sounds as hers.

    Those whom a bris de glace opens are among them when it opens her (`is_known`).
    """
    hers = Person.objects.filter(pk=person_id)
    shown = hers.exclude(name_sound="").values_list("name_sound", flat=True)
    birth = hers.exclude(birth_name_sound="").values_list("birth_name_sound", flat=True)
    alike = Q(pk=person_id) | Q(sounding(shown.union(birth)), operator=actor.operator_id)
    near = persons_known_to(actor) if is_known else persons_visible_to(actor)
    persons = near.annotate(**filled_tabs(actor))
    persons = persons.select_related("subject").filter(alike)
    return list(persons.order_by("search_text", "id"))


def _identity(
    actor: Actor, person: Person, stays: dict[UUID, Stay], alike: list[Person]
) -> Identity:
    today = actor.today
    reads_numbers = reads_administrative(actor)
    return Identity(
        url=reverse("persons:identity", args=[person.pk]),
        used_name=person.shown_family_name,
        first_names=person.shown_given_name,
        birth_name=birth_name_beside(person),
        birth_date=person.birth_on,
        age=age_label(person.birth_on, person.died_on or today),
        sex=person.get_sex_display(),
        photo_url=reverse("persons:photo", args=[person.pk]) if person.photo_digest else "",
        ins=tuple(identity_badges(person)),
        ins_number=person.ins_value if reads_numbers else "",
        place=place_label(stays.get(person.pk)),
        alerts=(*_known_alerts(person), *_alerts(actor, person, today)),
        like_name=" ; ".join(_told_apart(other, stays[other.pk]) for other in alike),
    )


def _alike_nearby(person: Person, persons: list[Person], stays: dict[UUID, Stay]) -> list[Person]:
    """Return the others of a like name who are accompanied in the same establishment today."""
    own = stays.get(person.pk)
    return [
        other
        for other in persons
        if own
        and other != person
        and (stay := stays.get(other.pk))
        and stay.establishment_id == own.establishment_id
    ]


def _told_apart(person: Person, stay: Stay) -> str:
    on = f"le {person.birth_on:%d/%m/%Y}" if person.birth_on else ""
    birth = " ".join(filter(None, (birth_name_beside(person), on)))
    known = f"{born(person)} {birth}" if birth else ""
    return ", ".join(filter(None, (person.display_name, known, place_label(stay))))


def place_label(stay: Stay | None) -> str:
    """Return « Chambre 12, Les Tilleuls »: the unit, or the establishment when there is none."""
    if stay is None:
        return ""
    room = f"Chambre {stay.room.name}" if stay.room else ""
    where = stay.unit.name if stay.unit else stay.establishment.name
    return f"{room}, {where}" if room else where


def identity_badges(person: Person) -> list[Badge]:
    """Return what the identity is worth: our own status, never the one a file claims."""
    badges = []
    if person.is_doubtful:
        badges.append(Badge("Identité douteuse", "danger"))
    if person.is_fictitious:
        badges.append(Badge("Identité fictive", "warning"))
    if person.ins_value:
        badges.append(_ins_badge(person))
    if not badges:
        status = InsStatus(person.ins_status).label.lower()
        badges.append(Badge(f"Identité {status}, sans INS", "neutral"))
    return badges


def _ins_badge(person: Person) -> Badge:
    """Return what the INS is worth: real in a demonstration or unconfirmed, « non vérifiée »."""
    is_real = person.ins_oid in PRODUCTION_OIDS
    if (is_real and settings.IS_DEMO) or person.ins_status not in (
        InsStatus.RETRIEVED,
        InsStatus.QUALIFIED,
    ):
        return Badge("INS non vérifiée", "warning")
    label = f"INS {InsStatus(person.ins_status).label.lower()}"
    return Badge(label, "success") if is_real else Badge(f"{label} (essai)", "simulated")


def _known_alerts(person: Person) -> list[Badge]:
    """Return what every line of a list says too, to whoever knows her identity."""
    homonym = HOMONYM if person.is_homonym else None
    return list(filter(None, (death_badge(person), homonym)))


def _alerts(actor: Actor, person: Person, today: date) -> list[Badge]:
    """Return what matters in ten seconds, to those whom the matrix lets see alerts."""
    if not sees_alerts(actor):
        return []
    protections = LegalProtection.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), person=person
    )
    return [_protection_badge(protection) for protection in protections.order_by("id")]


def _protection_badge(protection: LegalProtection) -> Badge:
    label = ProtectionKind(protection.kind).label
    if not protection.kind and protection.received_kind:
        label = words_of(protection.received_kind)
    return Badge(label, "info", "scale")


def sees_alerts(actor: Actor) -> bool:
    """Whether the matrix gives the actor the alerts: by the alerts themselves, or by reading."""
    return actor.may(Cell.READ, Volet.ADMINISTRATIVE) or any(
        actor.may(cell, volet)
        for cell in (Cell.ALERTS, Cell.READ)
        for volet in (Volet.MEDICAL, Volet.CARE)
    )
