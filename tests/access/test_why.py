"""« Pourquoi je vois » says what the predicate does: each profession, volet, verb, near and far."""

from itertools import product

import pytest

from tests.access.matrix_file import PROFESSIONS
from tests.access.world import REACHED, World
from virage.foundation.access.enums import Cell
from virage.foundation.access.matrix import shipped
from virage.foundation.access.models import Restriction
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.access.verdict import RIGHTS, refusal, rights_on
from virage.record.models import Note

PERSONS = ("rose", "louis", "marcel", "ines", "yvonne")


@pytest.mark.parametrize(("name", "profession"), list(product(REACHED, PROFESSIONS)))
@pytest.mark.parametrize("is_closed", [False, True])
def test_the_explanation_is_the_predicate(
    world: World, name: str, profession: str, is_closed: bool
) -> None:
    actor = world.acting_as(name, profession)
    for person in PERSONS:
        subject = world.persons[person].subject
        if is_closed:
            Restriction.objects.create(subject=subject, profession=profession, reason="Opposition.")
        notes = Note.objects.filter(items_visible_to(actor), subject=subject)
        read = set(notes.values_list("volet", flat=True))
        told = rights_on(actor, subject)
        assert {one.volet for one in told if one.reads} == read, person
        is_open = person in REACHED[name] and not is_closed
        for one, cell in product(told, RIGHTS):
            why = one.refusals[cell]
            holds = any(grant.cell == cell for grant in one.grants)
            assert (why is None) == (holds and is_open and shipped().sees_identities(profession))
            assert why is None or why.is_hidden or why.whom_to_ask
        asked, why = told[2], refusal(actor, Cell.READ, subject, told[2].volet)
        said = asked.refusals[Cell.READ]
        assert (said and said.sentence) == (why and why.sentence)
