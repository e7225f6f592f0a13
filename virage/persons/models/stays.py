"""The stays that open the record to a team, and the referents who follow the person."""

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull, LessThanOrEqual
from django.utils import timezone

from virage.directory.models import (
    Establishment,
    Operator,
    Professional,
    ReceivedStructure,
    Room,
    Unit,
)
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.persons.enums import (
    ReceptionMode,
    StayStatus,
)
from virage.persons.models.people import Person
from virage.persons.rules.stays import PREPARATION, origin_label

IS_PLANNED = Q(status=StayStatus.PLANNED)
# Without a day of exit, a stay lasts unless it is said to be over.
LASTS = Q(exited_on=None) & ~Q(status=StayStatus.FINISHED)


def is_open_at(at: datetime) -> Q:
    """Return the condition « the stay is not over on the day of this instant » (Europe/Paris).

    The day of exit still counts: the team writes its last transmission then.
    """
    lasts = LASTS | Q(exited_on__gte=timezone.localdate(at))
    return lasts & ~Q(status=StayStatus.CANCELLED)


def opens_to_unit_at(at: datetime) -> Q:
    """Return the condition « the stay opens the record to its unit »: not over, and begun or about
    to begin.

    A stay to come waits until `PREPARATION` before the day planned; without a day, it waits.
    """
    entry_on = Coalesce("entered_on", "planned_entry_on")
    is_near = Q(LessThanOrEqual(entry_on, timezone.localdate(at) + PREPARATION))
    is_begun = Q(IsNull(entry_on, True)) & ~IS_PLANNED
    return is_open_at(at) & (is_near | is_begun)


class StayQuerySet(models.QuerySet["Stay"]):
    """Chainable filters on stays."""

    def open_at(self, at: datetime) -> "StayQuerySet":
        """Keep those of `is_open_at`."""
        return self.filter(is_open_at(at))

    def of_the_living(self) -> "StayQuerySet":
        """Keep the stays of those whose death is not noted."""
        return self.filter(person__died_at=None)

    def planned(self) -> "StayQuerySet":
        """Keep the stays that are to begin."""
        return self.filter(IS_PLANNED).of_the_living()

    def present_at(self, at: datetime) -> "StayQuerySet":
        """Keep the stays of the persons accompanied that day: alive, entered, and not yet out."""
        return self.open_at(at).exclude(IS_PLANNED).of_the_living()

    def past_at(self, at: datetime) -> "StayQuerySet":
        """Keep the stays that are over, of persons who have none open in the same establishment.

        A death ends them all, even where nobody has noted the exit yet.
        """
        over = Q(exited_on__lt=timezone.localdate(at))
        over |= Q(exited_on=None, status=StayStatus.FINISHED)
        over |= Q(person__died_at__isnull=False) & ~Q(status=StayStatus.CANCELLED)
        open_there = (
            Stay.objects.open_at(at)
            .of_the_living()
            .filter(person=OuterRef("person"), establishment=OuterRef("establishment"))
        )
        return self.filter(over).exclude(Exists(open_there))

    def open_to_unit_at(self, at: datetime) -> "StayQuerySet":
        """Keep those of `opens_to_unit_at`."""
        return self.filter(opens_to_unit_at(at))

    def by_entry(self) -> "StayQuerySet":
        """Order them so that the last one is the latest that has begun, on any database."""
        return self.order_by(F("entered_on").asc(nulls_first=True), "id")


class Stay(Versioned):
    """A séjour of a person in an establishment, with the fields of TDDUI."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="stays")
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="stays", verbose_name="établissement"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="stays", null=True, blank=True, verbose_name="unité"
    )
    room = models.ForeignKey(
        Room, models.PROTECT, related_name="stays", null=True, blank=True, verbose_name="chambre"
    )
    file_number = models.CharField("numéro de dossier", max_length=60, blank=True)
    status = models.CharField(
        "état", max_length=20, choices=StayStatus, default=StayStatus.IN_PROGRESS
    )
    reception_mode = models.CharField(
        "modalité d’accueil", max_length=20, choices=ReceptionMode, blank=True
    )
    class_code = models.CharField("classe (ActCode)", max_length=20, blank=True)
    service_type = CodedField("type de service")
    origin_name = models.CharField("provenance", max_length=200, blank=True)
    received_structure = models.ForeignKey(
        ReceivedStructure, models.PROTECT, related_name="+", null=True, blank=True
    )
    received_origin = models.ForeignKey(
        ReceivedStructure, models.PROTECT, related_name="+", null=True, blank=True
    )
    admitted_on = models.DateField("admission", null=True, blank=True)
    entered_on = models.DateField("entrée", null=True, blank=True)
    exited_on = models.DateField("sortie", null=True, blank=True)
    planned_entry_on = models.DateField("entrée prévue", null=True, blank=True)
    planned_exit_on = models.DateField("sortie prévue", null=True, blank=True)
    entry_mode = CodedField("mode d’entrée")
    entry_label = models.TextField("précision sur l’entrée", blank=True)
    exit_mode = CodedField("mode de sortie")
    exit_label = models.TextField("précision sur la sortie", blank=True)
    comment = models.TextField("commentaire", blank=True)
    received_identifier = models.CharField("identifiant reçu", max_length=255, blank=True)
    received_system = models.CharField("système de l’identifiant", max_length=255, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "exited_on"]),
            models.Index(fields=["establishment", "exited_on"]),
            models.Index(fields=["received_identifier"]),
        ]

    def __str__(self) -> str:
        return f"Séjour {self.id}"

    @property
    def origin(self) -> str:
        """Where the person came from, in words, or a structure that a file did not name."""
        return origin_label(self.origin_name)

    def is_exit_overdue_on(self, day: date) -> bool:
        """Whether the day planned for the exit has passed without one."""
        is_over = self.exited_on or self.status in (StayStatus.FINISHED, StayStatus.CANCELLED)
        return not is_over and self.planned_exit_on is not None and self.planned_exit_on < day

    @property
    def lacks_exit(self) -> bool:
        return self.entered_on is not None and self.exited_on is None


class Referent(models.Model):
    """A professional named to follow a person, which reaches the record like a unit does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="referents")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referent_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"Référent {self.professional_id}"
