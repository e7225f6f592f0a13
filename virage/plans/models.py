"""Plans: objectives, actions, what comes before what, comments, frozen versions, calendar feeds."""

from django.db import models
from django.db.models import F, Q

from virage.directory.models import AuthoredItem, Professional
from virage.foundation.access.models import Subject
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.foundation.workflow.models import FollowsWorkflow
from virage.plans.enums import (
    TO_DO,
    ActionState,
    Agreement,
    Capacity,
    Effort,
    ObjectiveState,
    PlanState,
    Priority,
)


class Plan(Versioned, FollowsWorkflow, AuthoredItem):
    """A plan about a subject: its volet says who reads and writes all that it holds.

    `version` tells that someone edited it meanwhile; `number` is that of its last frozen version,
    0 before there is one. Its owner answers for it: who began it, then whoever took it over;
    `reminded_review_on` is the review of which he was reminded.
    """

    workflow_id = "plan"

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="plans")
    owner = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="responsable"
    )
    title = models.CharField("titre", max_length=200)
    starts_on = models.DateField("début")
    review_on = models.DateField("bilan prévu", null=True)
    reminded_review_on = models.DateField("bilan rappelé", null=True)
    state = models.CharField("état", max_length=20, choices=PlanState, default=PlanState.DRAFT)
    number = models.PositiveIntegerField("version en vigueur", default=0)

    class Meta:
        indexes = [models.Index(fields=["subject", "-happened_at"])]

    def __str__(self) -> str:
        return self.title


class Part(Versioned, FollowsWorkflow):
    """What objectives and actions have in common; `why` is the reason of their present state,
    `reminded_due_on` the date of which who answers for them was reminded.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    position = models.PositiveSmallIntegerField("rang")
    title = models.CharField("titre", max_length=200)
    description = models.TextField("description", blank=True)
    due_on = models.DateField("échéance", null=True)
    why = models.CharField("pourquoi", max_length=200, blank=True)
    reminded_due_on = models.DateField("échéance rappelée", null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Objective(Part):
    """What a plan is to reach."""

    workflow_id = "objective"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="objectives")
    expected_result = models.TextField("résultat attendu", blank=True)
    state = models.CharField(
        "état", max_length=20, choices=ObjectiveState, default=ObjectiveState.PURSUED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="objective_position_once")
        ]


class PlannedAction(Part):
    """Something to be done for an objective.

    The `origin_…` columns name the answer of an evaluation that it comes from; once done, it
    proposes another one (`proposed_answer`), which is never applied by itself.
    """

    workflow_id = "plan_action"

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="actions")
    owner = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="responsable"
    )
    starts_on = models.DateField("début", null=True)
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.NORMAL
    )
    effort = models.CharField("effort", max_length=10, choices=Effort, default=Effort.MEDIUM)
    percent = models.PositiveSmallIntegerField("avancement (%)", default=0)
    state = models.CharField("état", max_length=20, choices=ActionState, default=ActionState.TODO)
    ended_at = models.DateTimeField("terminée le", null=True)
    origin_evaluation_id = models.UUIDField("évaluation d’origine", null=True)
    origin_instrument = models.CharField("instrument d’origine", max_length=60, blank=True)
    origin_item = models.CharField("question d’origine", max_length=80, blank=True)
    origin_answer = models.TextField("réponse d’origine", blank=True)
    proposed_answer = models.CharField("réponse proposée", max_length=80, blank=True)
    proposed_told = models.TextField("réponse proposée, en mots", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objective", "position"], name="action_position_once"),
            models.CheckConstraint(name="action_percent", condition=Q(percent__lte=100)),
            models.CheckConstraint(
                name="action_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            # What is still to be done: the home page, reminders, feeds.
            models.Index(
                fields=["owner", "due_on"], condition=Q(state__in=TO_DO), name="action_to_do"
            ),
            models.Index(fields=["origin_evaluation_id"]),
        ]


class Dependency(models.Model):
    """An action that needs another one first; the action refuses circles."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    action = models.ForeignKey(PlannedAction, models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(PlannedAction, models.CASCADE, related_name="needed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "needs"], name="dependency_once"),
            models.CheckConstraint(name="needs_another", condition=~Q(action=F("needs"))),
        ]

    def __str__(self) -> str:
        return f"Dépendance {self.id}"


class Signed(models.Model):
    """Who wrote a row that never changes, as what, and when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    author = models.ForeignKey(Professional, models.PROTECT, related_name="+", null=True)
    author_name = models.CharField("auteur", max_length=200)
    author_profession = models.CharField("profession de l’auteur", max_length=100)
    recorded_at = models.DateTimeField("inscrit le")

    class Meta:
        abstract = True


class Comment(Signed):
    """A word on a plan, or on one of its actions; rows are only added."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="comments")
    action = models.ForeignKey(PlannedAction, models.PROTECT, related_name="comments", null=True)
    text = models.TextField("texte")

    class Meta:
        indexes = [models.Index(fields=["plan", "recorded_at"])]

    def __str__(self) -> str:
        return f"Commentaire {self.id}"


class PlanVersion(Signed):
    """A plan as it stood when it was put in force or reviewed; rows are only added.

    `digest` is the SHA-256 of all the rest of it (see `rules.frozen`).
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("numéro")
    content = models.JSONField("contenu")
    digest = models.CharField("empreinte", max_length=64)
    reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(name="plan_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Signature(Signed):
    """What someone said of a version: agreement, refusal, or why it was not collected.

    The author is who noted it; rows are only added, the last one of a person in a capacity is in
    force (see `rules.agreements`).
    """

    of_version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="signatures")
    name = models.CharField("nom", max_length=200)
    capacity = models.CharField("qualité", max_length=20, choices=Capacity)
    agreement = models.CharField("avis", max_length=20, choices=Agreement)
    reason = models.CharField("motif", max_length=500, blank=True)
    signed_on = models.DateField("date")

    class Meta:
        indexes = [models.Index(fields=["of_version", "recorded_at"])]
        constraints = [
            models.CheckConstraint(
                name="no_agreement_says_why",
                condition=Q(agreement=Agreement.AGREED) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlanReview(Signed):
    """A review of a plan: when it was held, what came out of it, and the version it froze."""

    of_version = models.OneToOneField(PlanVersion, models.PROTECT, related_name="review")
    held_on = models.DateField("tenu le")
    synthesis = models.TextField("synthèse")
    next_on = models.DateField("prochain bilan", null=True)

    def __str__(self) -> str:
        return f"Bilan du {self.held_on:%d/%m/%Y}"


class CalendarFeed(models.Model):
    """The secret address at which a professional's calendar finds what is due: its digest alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    professional = models.OneToOneField(
        Professional, models.CASCADE, related_name="calendar_feed", verbose_name="professionnel"
    )
    token_digest = models.CharField("empreinte du jeton", max_length=64, unique=True)
    made_at = models.DateTimeField("créée le")

    def __str__(self) -> str:
        return f"Agenda {self.id}"
