"""What a table of transitions allows, and why it refuses: pure, the same for every workflow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import Matrix, matrix_file, profession_label
from virage.foundation.errors import Refused
from virage.foundation.workflow.enums import ReasonNeed, StateKind, Tone

KEEPER = "la personne qui gère les droits d’accès de votre établissement"
# The command line's own profession is nobody's: it is never named to a person.
SYSTEM = "system"


@dataclass(frozen=True)
class State:
    """Where a thing may stand; `named` says it in a sentence: « un fichier écarté ».

    `within_days` is how long it should stay there at most.
    """

    label: str
    named: str
    kind: StateKind
    tone: Tone = Tone.NEUTRAL
    within_days: int | None = None


@dataclass(frozen=True)
class Who:
    """Who may take a step: by a verb on whole records, by a cell of the matrix in the volet of the
    thing, or by profession. One is enough; nobody else may.
    """

    verbs: tuple[Verb, ...] = ()
    cells: tuple[Cell, ...] = ()
    professions: tuple[str, ...] = ()

    def may(self, rights: Matrix, profession: str, volet: Volet | None) -> bool:
        """Whether a profession may take the step on a thing of this volet."""
        return (
            profession in self.professions
            or any(rights.allows_verb(profession, verb) for verb in self.verbs)
            or (
                volet is not None
                and any(rights.allows(profession, cell, volet) for cell in self.cells)
            )
        )


@dataclass(frozen=True)
class Step:
    """One line of a table: from some states to one, under a verb that no other line bears.

    `label` is what its button says, `passive` what happens to the thing: « être écarté ».
    `reasons` names the nomenclature that the reason is chosen in, or else said in words. With
    `needs_second_person`, whoever brought the thing where it stands may not take it further. An
    `is_automatic` step is taken by the house, in the name of whoever asked, and offered to nobody.
    """

    verb: str
    label: str
    passive: str
    leaves: tuple[str, ...]
    leads_to: str
    who: Who = Who()
    reason: ReasonNeed = ReasonNeed.NONE
    reasons: str = ""
    needs_second_person: bool = False
    is_automatic: bool = False


def faults_of_table(
    initial: Sequence[str], states: Mapping[str, State], steps: Sequence[Step]
) -> Iterator[str]:
    """Give, in French, what is wrong in a table: unknown states, verbs and people, dead ends."""
    verbs = [step.verb for step in steps]
    if not initial:
        yield "il manque un état initial"
    for verb in sorted({verb for verb in verbs if verbs.count(verb) > 1}):
        yield f"le verbe « {verb} » est écrit deux fois"
    named = [*initial, *(name for step in steps for name in (*step.leaves, step.leads_to))]
    for name in sorted(set(named) - states.keys()):
        yield f"l’état « {name} » n’est pas dans la table"
    reached = _reached(initial, steps)
    left = {name for step in steps for name in step.leaves}
    for name, state in states.items():
        if name not in reached:
            yield f"l’état « {name} » n’est jamais atteint"
        if state.kind is StateKind.OPEN and name not in left:
            yield f"l’état « {name} » est une impasse, sans être final"
        if state.kind is StateKind.FINAL and name in left:
            yield f"l’état « {name} » est final, et pourtant quitté"
    for step in steps:
        yield from _faults_of_step(step)


def _faults_of_step(step: Step) -> Iterator[str]:
    if not step.leaves:
        yield f"l’étape « {step.verb} » ne part d’aucun état"
    is_open = step.who.verbs or step.who.cells or step.who.professions
    if not is_open and not step.is_automatic:
        yield f"l’étape « {step.verb} » n’est ouverte à personne"
    for profession in step.who.professions:
        if profession not in matrix_file().professions:
            yield f"la profession « {profession} » n’est pas dans le tableau des droits"
    if step.reasons and step.reason is ReasonNeed.NONE:
        yield f"l’étape « {step.verb} » a une liste de motifs et n’en demande aucun"


def _reached(initial: Sequence[str], steps: Sequence[Step]) -> set[str]:
    reached = set(initial)
    while new := {s.leads_to for s in steps if reached & set(s.leaves)} - reached:
        reached |= new
    return reached


def steps_from(steps: Sequence[Step], state: str) -> list[Step]:
    """Return the steps that leave a state, in the order of the table."""
    return [step for step in steps if state in step.leaves]


def impossible(states: Mapping[str, State], steps: Sequence[Step], state: str, step: Step) -> str:
    """Say that a step does not leave this state, and which ones do."""
    possible = [f"« {one.label} »" for one in steps_from(steps, state) if not one.is_automatic]
    told = ", ".join(possible) or "aucune"
    # A state received from elsewhere may be out of the table: it is told as it is.
    named = states[state].named if state in states else f"l’état « {state} »"
    return f"Impossible : {named} ne peut pas {step.passive} ; étapes possibles : {told}."


def who_refusal(
    step: Step,
    *,
    rights: Matrix,
    profession: str,
    volet: Volet | None,
    professional_id: UUID | None,
    brought_by: UUID | None,
) -> Refused | None:
    """Return why someone may not take a step that the state allows, or None when he may.

    `brought_by` is the professional who brought the thing to its present state.
    """
    if step.is_automatic:
        return None
    if not step.who.may(rights, profession, volet):
        return Refused(
            "workflow_who",
            f"En exerçant comme « {profession_label(profession)} », vous ne pouvez pas faire "
            f"cette étape : « {step.label} ».",
            whom_to_ask=_who_may(rights, step, volet) or KEEPER,
        )
    if step.needs_second_person and professional_id is not None and professional_id == brought_by:
        return Refused(
            "second_person",
            f"L’étape « {step.label} » demande une seconde personne : vous avez fait la "
            "précédente.",
            whom_to_ask=f"quelqu’un d’autre parmi : {_who_may(rights, step, volet)}",
        )
    return None


def reason_faults(
    step: Step, *, code: str, text: str, listed: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return French messages by field for the reason given to a step; `listed` are the codes."""
    if code and code not in listed:
        return {"reason_code": ["Choisissez un motif de la liste."]}
    if step.reason is ReasonNeed.REQUIRED and not (code or text.strip()):
        if step.reasons:
            return {"reason_code": ["Choisissez un motif, ou dites-le en quelques mots."]}
        return {"reason": ["Dites pourquoi."]}
    return {}


def due_at(state: State, since: datetime) -> datetime | None:
    """Return when a thing that entered a state should have left it, if the table says so."""
    return since + timedelta(days=state.within_days) if state.within_days else None


def _who_may(rights: Matrix, step: Step, volet: Volet | None) -> str:
    rows = matrix_file().professions.items()
    return ", ".join(
        row.label for name, row in rows if name != SYSTEM and step.who.may(rights, name, volet)
    )
