"""The tables of transitions, drawn."""

from collections.abc import Iterator

from virage.foundation.workflow.enums import ReasonNeed, StateKind
from virage.foundation.workflow.rules import Step
from virage.foundation.workflow.tables import Table, every_workflow, table_of


def workflow_drawings() -> str:
    """Return the page: for each workflow a drawing of its latest version, and who may do what."""
    lines = [
        "# Workflows",
        "",
        "One drawing for each table of `virage/content/workflows`. How they work: "
        "[workflow](../workflow.md).",
    ]
    for workflow_id in every_workflow():
        lines += ["", *_section(table_of(workflow_id))]
    return "\n".join(lines) + "\n"


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.title}"
    yield ""
    yield f"`{table.id}`, version {table.version}."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    names = {code: f"s{number}" for number, code in enumerate(table.states)}
    for code, state in table.states.items():
        yield f'  state "{state.label}" as {names[code]}'
    yield from (f"  [*] --> {names[code]}" for code in table.initial)
    for step in table.steps:
        yield from (
            f"  {names[code]} --> {names[step.leads_to]}: {step.label}" for code in step.leaves
        )
    finals = (code for code, state in table.states.items() if state.kind is StateKind.FINAL)
    yield from (f"  {names[code]} --> [*]" for code in finals)
    yield "```"
    yield ""
    yield "| step | who may | asks for |"
    yield "|---|---|---|"
    yield from (
        f"| `{table.id}.{step.verb}`<br>{step.label} | {_who(step)} | {_asks(step)} |"
        for step in table.steps
    )


def _who(step: Step) -> str:
    if step.is_automatic:
        return "the house itself"
    rights = [f"`{right.value}`" for right in (*step.who.verbs, *step.who.cells)]
    return ", ".join([*rights, *(f"`{one}`" for one in step.who.professions)])


def _asks(step: Step) -> str:
    asked = []
    if step.reason is not ReasonNeed.NONE:
        listed = f" of `{step.reasons}`" if step.reasons else ""
        asked.append(f"a reason{listed} ({step.reason.value})")
    if step.needs_second_person:
        asked.append("a second person")
    return ", ".join(asked) or "—"
