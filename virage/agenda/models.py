"""The agenda: events, who takes part, and the journeys made for them."""

from django.db import models
from django.db.models import Q

from virage.agenda.enums import EventStatus, Traveller
from virage.agenda.rules import WORKFLOW
from virage.directory.models import AuthoredItem, Professional, ReceivedStructure
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.ids import new_id
from virage.foundation.workflow.models import FollowsWorkflow


class Event(FollowsWorkflow, AuthoredItem):
    """An évènement of TDDUI; `happened_at` is its start.

    `types` are its SERAFIN, SSIAD or free-text types (a list of `Coded`), `used_resources` what
    it used (a list of type and detail). An event received may end before it starts: the sender's
    hours are kept; by hand the action refuses it.
    """

    workflow_id = WORKFLOW
    state_column = "status"

    status = models.CharField("état", max_length=20, choices=EventStatus, blank=True)
    class_code = models.CharField("classe (ActCode)", max_length=20, blank=True)
    types = models.JSONField("types", default=list)
    label = models.CharField("libellé", max_length=255)
    reason = models.TextField("motif", blank=True)
    report = models.TextField("compte rendu", blank=True)
    comments = models.JSONField("commentaires", default=list)
    ends_at = models.DateTimeField("fin", null=True)
    updated_at = models.DateTimeField("dernière mise à jour reçue", null=True)
    place_name = models.CharField("lieu", max_length=200, blank=True)
    place = models.JSONField("adresse du lieu", null=True)
    stay_id = models.UUIDField("séjour", null=True)
    used_resources = models.JSONField("ressources utilisées", default=list)
    was_person_present = models.BooleanField("personne présente", null=True)
    was_confirmed_by_person = models.BooleanField("confirmé par la personne", null=True)
    is_outside_service = models.BooleanField("hors prestation", null=True)
    cancel_reason = CodedField("motif d’annulation")

    class Meta:
        indexes = [
            models.Index(fields=["establishment", "happened_at"]),
            models.Index(fields=["received_identifier"]),
        ]

    def __str__(self) -> str:
        return self.label


class Participation(models.Model):
    """A person accompanied, or a professional, who takes part in an event."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="participations", null=True)
    professional = models.ForeignKey(
        Professional, models.PROTECT, related_name="participations", null=True
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="participation_is_of_one",
                condition=Q(subject=None, professional__isnull=False)
                | Q(subject__isnull=False, professional=None),
            ),
            models.UniqueConstraint(fields=["event", "subject"], name="event_has_subject_once"),
        ]

    def __str__(self) -> str:
        return f"Participation {self.id}"


class Transport(models.Model):
    """A journey made for an event: kilometres, minutes and euros as received."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="transports")
    traveller = models.CharField("voyageur", max_length=12, choices=Traveller)
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="+", null=True)
    received_structure = models.ForeignKey(
        ReceivedStructure, models.PROTECT, related_name="+", null=True
    )
    status = models.CharField("état", max_length=20, blank=True)
    mode = CodedField("mode")
    motorisation = CodedField("motorisation")
    nature = CodedField("nature SERAFIN")
    starts_at = models.DateTimeField("départ", null=True)
    ends_at = models.DateTimeField("arrivée", null=True)
    planned_cost = models.DecimalField(
        "budget prévu (€)", max_digits=9, decimal_places=2, null=True
    )
    actual_cost = models.DecimalField("coût réel (€)", max_digits=9, decimal_places=2, null=True)
    distance_km = models.DecimalField("distance (km)", max_digits=8, decimal_places=2, null=True)
    planned_minutes = models.DecimalField(
        "durée prévue (min)", max_digits=8, decimal_places=2, null=True
    )
    is_accompanied = models.BooleanField("accompagné", null=True)
    is_aseptic = models.BooleanField("asepsie", null=True)
    received_identifier = models.CharField("identifiant reçu", max_length=255, blank=True)
    received_system = models.CharField("système de l’identifiant", max_length=255, blank=True)

    def __str__(self) -> str:
        return f"Trajet {self.id}"
