"""A plan as tables of a spreadsheet."""

from virage.formats.spreadsheet import Table
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb, Volet
from virage.foundation.access.verdict import require
from virage.foundation.journal.collector import saw
from virage.plans.rules.tasks import progress_of
from virage.record.queries.plans import PlanShown

OBJECTIVES = ("Objectif", "État", "Pourquoi", "Résultat attendu", "Échéance", "Avancement (%)")
ACTIONS = (
    *("Objectif", "Action", "Description", "État", "Pourquoi", "Responsable", "Début", "Échéance"),
    *("Priorité", "Effort", "Avancement (%)", "À faire après"),
)


def plan_tables(actor: Actor, shown: PlanShown) -> list[Table]:
    """Return the actions and the objectives of a plan shown, journalled as an export.

    Refused without the right to export.
    """
    require(actor, Verb.EXPORT, None, Volet(shown.plan.volet))
    saw(actor, "plan.export", [shown.person.subject_id], [shown.plan.volet])
    opened = shown.opened
    titles = {one.pk: one.title for one in opened.objectives}
    progress = {one.pk: opened.progress_toward(one) for one in opened.objectives}
    return [
        Table(
            name="Actions",
            headings=ACTIONS,
            rows=[
                (
                    *(titles[one.objective_id], one.title, one.description),
                    *(one.standing.label, one.why, one.owner.display_name if one.owner else ""),
                    *(one.starts_on, one.due_on, one.priority, one.get_effort_display()),
                    come.percent if (come := progress_of([one])) else None,
                    ", ".join(need.title for need in opened.needed_by(one)),
                )
                for one in opened.actions
            ],
        ),
        Table(
            name="Objectifs",
            headings=OBJECTIVES,
            rows=[
                (
                    *(one.title, one.standing.label, one.why, one.expected_result, one.due_on),
                    come.percent if (come := progress[one.pk]) else None,
                )
                for one in opened.objectives
            ],
        ),
    ]
