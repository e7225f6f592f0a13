"""Evaluations as frozen answers, kept with their wording; sheets that are being filled in."""

from django.db import models

from virage.directory.models import AuthoredItem, Professional
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.encryption.fields import EncryptedField
from virage.foundation.ids import new_id
from virage.foundation.workflow.models import FollowsWorkflow
from virage.instruments.enums import NO_RESULT, EvaluationStatus, SheetState


class Evaluation(AuthoredItem):
    """The answers given to a questionnaire about a subject, frozen with their items' wording.

    `answers` is the tree of answered lines (see `instruments.rules.answers`). `event_id` is the
    event of the agenda during which it was made, when the sender says so. One made here names its
    instrument, and keeps the scores counted that day (see `instruments.rules.results`). `gir` is
    the GIR that it carries, made here or received, so that the database counts them. Made in the
    wrong record, it is withdrawn, with a reason: it stays to be read, and counts no more.
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
    instrument = models.CharField("instrument", max_length=60, blank=True)
    instrument_version = models.CharField("version de l’instrument", max_length=20, blank=True)
    scores = models.JSONField("scores", default=list)
    due_on = models.DateField("à refaire le", null=True)
    gir = models.PositiveSmallIntegerField("GIR", null=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.ForeignKey(Professional, models.PROTECT, related_name="+", null=True)
    withdrawn_reason = models.CharField("motif du retrait", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-happened_at"]),
            models.Index(fields=["received_identifier"]),
            models.Index(fields=["instrument", "subject", "-happened_at"]),
            models.Index(
                fields=["operator_id", "due_on"],
                condition=models.Q(due_on__isnull=False),
                name="evaluation_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_result(self) -> bool:
        """Whether it counts among the results of the person."""
        return self.status not in NO_RESULT


class ReceivedResponse(models.Model):
    """The FHIR response from which an evaluation was taken in: it goes out again as it came.

    `author` is who gave the answers, as it names him; `questionnaire` the questions, unless they
    are those of an instrument of ours.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    evaluation = models.OneToOneField(Evaluation, models.PROTECT, related_name="received_response")
    author = models.CharField("auteur selon le fichier", max_length=200, blank=True)
    response = EncryptedField("réponses reçues", purpose="received_response.response")
    questionnaire = EncryptedField(
        "questionnaire reçu", purpose="received_response.questionnaire", blank=True, default=""
    )

    def __str__(self) -> str:
        return f"Réponses reçues {self.evaluation_id}"


class Sheet(FollowsWorkflow, AuthoredItem):
    """An instrument being answered about a subject, until it is finished (an `Evaluation`) or left.

    It stays on the version under which it was begun; `happened_at` is when it was made, and its
    author who began it. `answer_number` is that of the last answer;
    `suggestions` are the words shown beside items, by item, which answer nothing.
    """

    workflow_id = "sheet"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="sheets")
    instrument = models.CharField("instrument", max_length=60)
    instrument_version = models.CharField("version de l’instrument", max_length=20)
    state = models.CharField("état", max_length=20, choices=SheetState, default=SheetState.OPEN)
    answer_number = models.PositiveIntegerField("dernière réponse", default=0)
    suggestions = models.JSONField("réponses proposées", default=dict)
    evaluation = models.OneToOneField(
        Evaluation, models.PROTECT, related_name="sheet", null=True, verbose_name="résultat"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "instrument", "volet", "establishment"],
                condition=models.Q(state=SheetState.OPEN),
                name="sheet_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument}/{self.instrument_version}"


class SheetRequest(models.Model):
    """A part of a sheet, or all of it (no `section`), asked of a profession or of a colleague.

    It ends when that part is answered, or when it is taken back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="requests")
    section = models.CharField("partie", max_length=80, blank=True)
    profession = models.CharField("profession", max_length=100, blank=True)
    professional = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="collègue"
    )
    asked_by_name = models.CharField("demandé par", max_length=200)
    asked_at = models.DateTimeField("demandé le")
    ended_at = models.DateTimeField("répondu ou repris le", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sheet_request_of_one",
                condition=models.Q(profession="", professional__isnull=False)
                | models.Q(~models.Q(profession=""), professional=None),
            )
        ]
        indexes = [
            models.Index(
                fields=["operator_id", "professional", "profession"],
                condition=models.Q(ended_at=None),
                name="sheet_request_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.section}"

    @property
    def of(self) -> str:
        """Of whom, in words; the colleague is to be loaded beforehand."""
        return str(self.professional or profession_label(self.profession))


class SheetAnswer(models.Model):
    """One answer written on a sheet, or one taken back (`value` is null); rows are only added.

    The last one of an item, by `number`, is in force; the others tell who had answered what.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="given")
    number = models.PositiveIntegerField("rang")
    item = models.CharField("question", max_length=80)
    value = models.JSONField("réponse", null=True)
    author = models.ForeignKey(Professional, models.PROTECT, related_name="+", null=True)
    author_name = models.CharField("auteur", max_length=200)
    author_profession = models.CharField("profession de l’auteur", max_length=100)
    recorded_at = models.DateTimeField("inscrite le")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number", "item"], name="sheet_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.item} ({self.number})"
