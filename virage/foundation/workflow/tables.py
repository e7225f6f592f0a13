"""The tables of transitions: data in `content/workflows/<id>/<version>.yaml`, typed here.

What is in progress follows the latest version, which therefore keeps every state of those before;
each step of the log keeps the version under which it was taken.
"""

from dataclasses import dataclass
from functools import cache

from virage.foundation.content import nomenclature
from virage.foundation.content.loader import ROOT, ContentError, load
from virage.foundation.workflow.enums import StateKind
from virage.foundation.workflow.rules import State, Step, faults_of_table, steps_from

FOLDER = "workflows"


@dataclass(frozen=True)
class Table:
    """One version of a workflow: the first states, all the states, and the steps between them."""

    id: str
    version: str
    title: str
    source: str
    initial: tuple[str, ...]
    states: dict[str, State]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        for fault in faults_of_table(self.initial, self.states, self.steps):
            raise ValueError(fault)
        for step in self.steps:
            if step.reasons:
                try:
                    nomenclature.get(step.reasons)
                except ContentError as error:
                    raise ValueError(str(error)) from error

    def step(self, verb: str) -> Step:
        """Return the step of this verb; KeyError outside the table, a fault of the program."""
        return {one.verb: one for one in self.steps}[verb]

    def leaving(self, state: str) -> list[Step]:
        """Return the steps that leave a state."""
        return steps_from(self.steps, state)

    def state(self, code: str) -> State:
        """Return a state by its code; one received from elsewhere is shown as it came."""
        return self.states.get(code) or State(code, f"l’état « {code} »", StateKind.OPEN)


def versions_of(workflow_id: str) -> list[str]:
    """Return the versions of a workflow, the latest last."""
    files = (ROOT / FOLDER / workflow_id).glob("*.yaml")
    return sorted(
        (path.stem for path in files), key=lambda version: [*map(int, version.split("."))]
    )


@cache
def table_of(workflow_id: str, version: str = "") -> Table:
    """Return one version of a table, the latest by default; ContentError when there is none."""
    wanted = version or next(reversed(versions_of(workflow_id)), "1")
    return load(f"{FOLDER}/{workflow_id}", wanted, Table)


def every_workflow() -> list[str]:
    """Return the ids of the workflows of the house."""
    return sorted(path.name for path in (ROOT / FOLDER).iterdir() if path.is_dir())
