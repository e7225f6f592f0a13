"""The whole matrix, generated: every profession, by every way to reach a person, in every volet.

What is expected is read in the matrix file by `matrix_file`, not through the code under test.
"""

from itertools import product

import pytest

from tests.access import matrix_file
from tests.access.matrix_file import PROFESSIONS
from tests.access.world import AT, REACHED, World
from virage.foundation.access import matrix
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import MatrixFile, ProfessionRow
from virage.foundation.access.predicates import items_visible_to, subjects_visible_to
from virage.foundation.access.verdict import refusal
from virage.persons.models import Person
from virage.record.models import Note

PERSONS = ("rose", "louis", "marcel", "ines", "yvonne")
RIGHTS = [(cell, volet) for volet in Volet for cell in Cell if cell != Cell.NONE]
RIGHTS += [(verb, None) for verb in Verb]

everyone_everywhere = pytest.mark.parametrize(
    ("name", "profession"), list(product(REACHED, PROFESSIONS))
)


@everyone_everywhere
def test_identities(world: World, name: str, profession: str) -> None:
    actor = world.acting_as(name, profession)
    seen = Person.objects.filter(subjects_visible_to(actor))
    known = REACHED[name] if matrix_file.knows_identities(profession) else set()
    assert set(seen) == {world.persons[person] for person in known}


@everyone_everywhere
def test_notes(world: World, name: str, profession: str) -> None:
    actor = world.acting_as(name, profession)
    reached = {world.persons[person].subject_id for person in REACHED[name]}
    expected = {
        note.pk
        for note in world.notes
        if note.subject_id in reached
        and matrix_file.reads(
            profession,
            note.volet,
            age_hours=(AT - note.recorded_at).total_seconds() / 3600,
            is_own=note.author_id == actor.professional_id,
            is_published=note.is_published,
        )
    }
    seen = Note.objects.filter(items_visible_to(actor)).values_list("pk", flat=True)
    assert set(seen) == expected


@everyone_everywhere
def test_refusals(world: World, name: str, profession: str) -> None:
    actor = world.acting_as(name, profession)
    for person, (right, volet) in product(PERSONS, [(Cell.READ, Volet.CARE), (Verb.EXPORT, None)]):
        why = refusal(actor, right, world.persons[person].subject, volet)
        expected = _condition(name, profession, person, right, volet)
        assert (why.condition if why else "") == expected, (person, right)
        assert why is None or why.is_hidden or why.whom_to_ask


def _condition(
    name: str, profession: str, person: str, right: Cell | Verb, volet: Volet | None
) -> str:
    """Return what must fail first: the operator, identities at all, the reach, the matrix."""
    if (name == "charlie") is not (person == "yvonne"):
        return "hidden"
    if matrix_file.knows_identities(profession) and person not in REACHED[name]:
        return "care_team"
    held = matrix_file.cells(profession, volet) if volet else matrix_file.verbs(profession)
    return "" if right in held else "matrix"


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_rights_in_reach(world: World, profession: str) -> None:
    actor, subject = world.acting_as("alice", profession), world.persons["rose"].subject
    for right, volet in RIGHTS:
        expected = _condition("alice", profession, "rose", right, volet)
        for about in (subject, None):
            why = refusal(actor, right, about, volet)
            assert (why.condition if why else "") == expected, (right, volet, about)


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_volets_offered(profession: str) -> None:
    reading = [volet for volet in Volet if matrix_file.reads_volet(profession, volet)]
    writing = [volet for volet in Volet if "write" in matrix_file.cells(profession, volet)]
    assert matrix.shipped().readable_volets(profession) == reading
    assert matrix.shipped().writable_volets(profession) == writing


def test_covering_asks_for_every_cell_with_its_window_and_for_every_verb(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def row(cell: str, *verbs: Verb) -> ProfessionRow:
        return ProfessionRow("", False, {Volet.CARE: [cell]}, list(verbs))

    invented = {
        "reads": row("read"),
        "reads a day": row("read@24"),
        "reads and exports": row("read", Verb.EXPORT),
        "nothing": row("none"),
    }
    monkeypatch.setattr(matrix, "matrix_file", lambda: MatrixFile("", "", invented, [], [], []))
    rights = matrix.Matrix({})
    names = [*invented, "unknown"]
    covered = {one: {other for other in names if rights.covers(one, other)} for one in names}
    assert covered == {
        "reads": {"reads", "nothing"},
        "reads a day": {"reads a day", "nothing"},
        "reads and exports": {"reads and exports", "reads", "nothing"},
        "nothing": {"nothing"},
        "unknown": set(),
    }
