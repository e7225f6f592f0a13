"""A plan as tables of a spreadsheet."""

from django.utils import timezone

from virage.formats.spreadsheet import Table
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb, Volet
from virage.foundation.access.verdict import require
from virage.foundation.journal.collector import saw
from virage.plans.rules.tasks import progress_of
from virage.record.queries.plans import PlanShown

PLAN = ("Plan", "")
OBJECTIVES = (
    *("Objectif", "Description", "État", "Pourquoi", "Résultat attendu", "Échéance"),
    "Avancement (%)",
)
ACTIONS = (
    *("Objectif", "Action", "Description", "État", "Pourquoi", "Responsable", "Début", "Échéance"),
    *("Terminée le", "Priorité", "Effort", "Avancement (%)", "À faire après"),
)


def plan_tables(actor: Actor, shown: PlanShown) -> list[Table]:
    """Return a plan shown, its actions and its objectives, journalled as an export.

    Refused without the right to export.
    """
    require(actor, Verb.EXPORT, None, Volet(shown.plan.volet))
    saw(actor, "plan.export", [shown.person.subject_id], [shown.plan.volet])
    opened, plan = shown.opened, shown.plan
    titles = {one.pk: one.title for one in opened.objectives}
    progress = {one.pk: opened.progress_toward(one) for one in opened.objectives}
    return [
        Table(
            name="Plan",
            headings=PLAN,
            rows=[
                ("Titre", plan.title),
                ("Volet", Volet(plan.volet).label),
                ("État", plan.standing.label),
                ("Responsable", plan.owner.display_name if plan.owner else ""),
                ("Début", plan.starts_on),
                ("Bilan prévu", plan.review_on),
                ("Version", plan.number or "Aucune encore"),
                ("Exporté le", actor.today),
            ],
        ),
        Table(
            name="Actions",
            headings=ACTIONS,
            rows=[
                (
                    *(titles[one.objective_id], one.title, one.description),
                    *(one.standing.label, one.why, one.owner.display_name if one.owner else ""),
                    *(one.starts_on, one.due_on),
                    timezone.localdate(one.ended_at) if one.ended_at else None,
                    *(one.get_priority_display(), one.get_effort_display()),
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
                    *(one.title, one.description, one.standing.label, one.why),
                    *(one.expected_result, one.due_on),
                    come.percent if (come := progress[one.pk]) else None,
                )
                for one in opened.objectives
            ],
        ),
    ]
