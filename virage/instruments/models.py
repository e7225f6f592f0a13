"""Evaluations as frozen answers: what was asked and answered, kept with its wording."""

from django.db import models

from virage.directory.models import AuthoredItem, Professional
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.instruments.enums import EvaluationStatus


class Evaluation(AuthoredItem):
    """The answers given to a questionnaire about a subject, frozen with their items' wording.

    `answers` is the tree of answered lines (see `instruments.rules.answers`). `event_id` is the
    event of the agenda during which it was made, when the sender says so.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="evaluations")
    questionnaire = models.CharField("questionnaire", max_length=255, blank=True)
    type = CodedField("type d’évaluation")
    title = models.CharField("titre", max_length=200)
    status = models.CharField("état", max_length=20, choices=EvaluationStatus, blank=True)
    authored_on = models.DateField("date de l’évaluation", null=True)
    authored_at = models.DateTimeField("heure de l’évaluation", null=True)
    source = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="évaluateur"
    )
    event_id = models.UUIDField("évènement", null=True)
    stay_id = models.UUIDField("séjour", null=True)
    comment = models.TextField("commentaire", blank=True)
    answers = models.JSONField("réponses", default=list)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-happened_at"]),
            models.Index(fields=["received_identifier"]),
        ]

    def __str__(self) -> str:
        return self.title
