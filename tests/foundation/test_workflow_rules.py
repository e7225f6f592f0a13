"""Tables of transitions: what is refused in them, and what they refuse."""

from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import shipped
from virage.foundation.content.loader import ContentError, read
from virage.foundation.workflow.enums import ReasonNeed, StateKind
from virage.foundation.workflow.rules import (
    State,
    Step,
    Who,
    faults_of_table,
    impossible,
    reason_faults,
    steps_from,
    who_refusal,
)
from virage.foundation.workflow.tables import Table, every_workflow, table_of, versions_of

EVERYONE = Who(professions=("nurse",))
OPEN = State("Demandée", "une admission demandée", StateKind.OPEN)
DONE = State("Refusée", "une admission refusée", StateKind.FINAL)
REFUSE = Step("refuse", "Refuser", "être refusée", ("asked",), "refused", EVERYONE)
ACCEPT = Step("accept", "Accepter", "être acceptée", ("asked",), "accepted", EVERYONE)
STATES = {"asked": OPEN, "refused": DONE, "accepted": DONE}


def step(**changes: object) -> Step:
    columns = {**REFUSE.__dict__, **changes}
    return Step(**columns)


@pytest.mark.parametrize(
    ("initial", "states", "steps", "fault"),
    [
        ([], STATES, [REFUSE, ACCEPT], "il manque un état initial"),
        (["asked"], STATES, [REFUSE], "l’état « accepted » n’est jamais atteint"),
        (["asked"], {"asked": OPEN}, [], "l’état « asked » est une impasse, sans être final"),
        (["asked"], STATES, [REFUSE, ACCEPT, step(verb="x", leaves=("refused",))], "pourtant"),
        (["asked"], STATES, [REFUSE, REFUSE, ACCEPT], "le verbe « refuse » est écrit deux fois"),
        (["asked"], STATES, [REFUSE, step(verb="x", leads_to="lost")], "l’état « lost » n’est pas"),
        (["asked"], STATES, [step(who=Who())], "l’étape « refuse » n’est ouverte à personne"),
        (["asked"], STATES, [step(who=Who(professions=("wizard",)))], "« wizard »"),
    ],
)
def test_a_table_that_does_not_hold_is_refused(initial, states, steps, fault) -> None:
    assert any(fault in one for one in faults_of_table(initial, states, steps))


def test_a_file_at_fault_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "admission"
    folder.mkdir()
    (folder / "1.yaml").write_text(
        "id: admission\nversion: '1'\ntitle: Admission\nsource: Virage\ninitial: [asked]\n"
        "states: {asked: {label: Demandée, named: une demande, kind: open}}\nsteps: []\n"
    )
    with pytest.raises(ContentError, match="admission/1.yaml : .*asked.*impasse"):
        read(folder / "1.yaml", Table)


@pytest.mark.parametrize("workflow_id", every_workflow())
def test_a_later_version_keeps_the_states_of_those_before(workflow_id: str) -> None:
    latest = table_of(workflow_id)
    assert latest.id == workflow_id
    for version in versions_of(workflow_id):
        table = table_of(workflow_id, version)
        assert table.version == version
        assert table.states.keys() <= latest.states.keys()
        assert {one.verb for one in table.steps} <= {one.verb for one in latest.steps}


def test_what_is_impossible_is_explained() -> None:
    told = impossible(STATES, [REFUSE, ACCEPT], "refused", ACCEPT)
    assert told == (
        "Impossible : une admission refusée ne peut pas être acceptée ; étapes possibles : aucune."
    )
    assert "« Refuser », « Accepter »" in impossible(STATES, [REFUSE, ACCEPT], "asked", ACCEPT)


def refusal(one: Step, profession: str, brought_by=None, professional_id=None):
    return who_refusal(
        one,
        rights=shipped(),
        profession=profession,
        volet=Volet.MEDICAL,
        professional_id=professional_id or uuid4(),
        brought_by=brought_by,
    )


def test_who_may_is_told_to_those_who_may_not() -> None:
    prescribe = step(who=Who(cells=(Cell.PRESCRIBE,)))
    assert refusal(prescribe, "physician") is None
    refused = refusal(prescribe, "educator")
    assert refused.condition == "workflow_who"
    assert refused.whom_to_ask == "Médecin"
    assert refusal(step(who=Who(verbs=(Verb.MERGE,))), "director") is None
    assert refusal(step(who=Who(verbs=(Verb.MERGE,))), "nurse").whom_to_ask == (
        "Direction, chef de service"
    )


def test_a_second_person_is_another() -> None:
    alone, one = step(needs_second_person=True), uuid4()
    assert refusal(alone, "nurse", brought_by=one, professional_id=one).condition == "second_person"
    assert refusal(alone, "nurse", brought_by=one) is None


@pytest.mark.parametrize(
    ("need", "reasons", "code", "text", "fields"),
    [
        (ReasonNeed.REQUIRED, "", "", "  ", {"reason"}),
        (ReasonNeed.REQUIRED, "", "", "Sans suite", set()),
        (ReasonNeed.REQUIRED, "list", "", "", {"reason_code"}),
        (ReasonNeed.REQUIRED, "list", "", "Sans suite", set()),
        (ReasonNeed.REQUIRED, "list", "A", "", set()),
        (ReasonNeed.OPTIONAL, "list", "", "", set()),
        (ReasonNeed.OPTIONAL, "list", "Z", "", {"reason_code"}),
        (ReasonNeed.NONE, "", "", "", set()),
    ],
)
def test_a_reason_is_given_where_it_is_due(need, reasons, code, text, fields) -> None:
    asked = step(reason=need, reasons=reasons)
    assert reason_faults(asked, code=code, text=text, listed={"A": "Absente"}).keys() == fields


CODES = st.sampled_from("abcde")


@given(
    st.lists(st.tuples(st.lists(CODES, min_size=1, max_size=3), CODES), max_size=8),
    st.lists(st.integers(0, 7), max_size=20),
)
def test_no_sequence_leaves_what_a_sound_table_allows(lines, asked) -> None:
    """Whatever is asked, in any order, one stands in a state of the table, reached by its steps."""
    steps = [
        Step(f"v{rank}", "", "", tuple(leaves), leads_to, EVERYONE)
        for rank, (leaves, leads_to) in enumerate(lines)
    ]
    left = {code for one in steps for code in one.leaves}
    codes = {"a"} | left | {one.leads_to for one in steps}
    states = {
        code: State(code, code, StateKind.OPEN if code in left else StateKind.FINAL)
        for code in codes
    }
    faults = list(faults_of_table(["a"], states, steps))
    standing, log = "a", []
    for rank in asked:
        possible = [one for one in steps_from(steps, standing) if one.verb == f"v{rank}"]
        if possible:
            log.append((standing, possible[0].leads_to))
            standing = possible[0].leads_to
    assert f"l’état « {standing} » n’est jamais atteint" not in faults
    assert all(states[before].kind is StateKind.OPEN for before, _ in log)
    assert [after for _, after in log[:-1]] == [before for before, _ in log[1:]]
