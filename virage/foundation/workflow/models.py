"""The dated log of every step taken, and what a model needs to follow a workflow."""

from typing import ClassVar

from django.db import models

from virage.foundation.content import nomenclature
from virage.foundation.ids import new_id
from virage.foundation.workflow.rules import State, Step
from virage.foundation.workflow.tables import Table, table_of


class FollowsWorkflow(models.Model):
    """A thing whose state only `workflow.actions.move` changes, by the table of its workflow."""

    workflow_id: ClassVar[str]
    # The column that holds the state: a room may keep the word of a national format.
    state_column: ClassVar[str] = "state"

    class Meta:
        abstract = True

    @property
    def table(self) -> Table:
        """The table in force."""
        return table_of(self.workflow_id)

    @property
    def state_code(self) -> str:
        """The code of the present state, as stored."""
        code: str = getattr(self, self.state_column)
        return code

    @property
    def standing(self) -> State:
        """The present state, in words."""
        return self.table.state(self.state_code)


class Transition(models.Model):
    """One step of one thing: from where to where, by whom, when it happened and was entered, why.

    The first one has no `from_state`. Rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", null=True)
    workflow = models.CharField("déroulement", max_length=40)
    version = models.CharField("version", max_length=10)
    item_id = models.UUIDField("objet")
    verb = models.CharField("étape", max_length=40, blank=True)
    from_state = models.CharField("de", max_length=20, blank=True)
    to_state = models.CharField("vers", max_length=20)
    professional_id = models.UUIDField("professionnel", null=True)
    actor_name = models.CharField("nom", max_length=200)
    profession = models.CharField("profession", max_length=30)
    happened_at = models.DateTimeField("fait le")
    recorded_at = models.DateTimeField("inscrit le")
    reason_code = models.CharField("motif", max_length=60, blank=True)
    reason = models.TextField("précision", blank=True)

    class Meta:
        indexes = [models.Index(fields=["item_id", "recorded_at"])]

    def __str__(self) -> str:
        return f"{self.workflow} {self.from_state or '∅'} → {self.to_state}"

    @property
    def step(self) -> Step | None:
        """The step as the table of its time says it; none for the first one."""
        return table_of(self.workflow, self.version).step(self.verb) if self.verb else None

    @property
    def reached(self) -> State:
        """The state that it led to, as the table of its time says it."""
        return table_of(self.workflow, self.version).state(self.to_state)

    @property
    def why(self) -> str:
        """The reason in words: that of the list, what was added, or both."""
        step = self.step
        listed = nomenclature.get(step.reasons) if step and step.reasons else None
        label = listed.label(self.reason_code) if listed and self.reason_code else ""
        return " : ".join(filter(None, (nomenclature.typeset(label), self.reason)))
