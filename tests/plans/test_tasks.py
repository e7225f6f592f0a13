"""Progress, dates and what to do first."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.foundation.ids import new_id
from virage.plans.enums import TO_DO, ActionState, Due, Effort, Priority
from virage.plans.rules.tasks import due_of, first_to_do, progress_of

TODAY = date(2026, 11, 30)


@dataclass
class Made:
    state: str = ActionState.TODO
    percent: int = 0
    priority: int = Priority.NORMAL
    effort: str = Effort.MEDIUM
    due_on: date | None = None
    id: UUID = field(default_factory=new_id)


MADE = st.builds(
    Made,
    state=st.sampled_from(ActionState.values),
    percent=st.integers(0, 100),
    priority=st.sampled_from(Priority.values),
    effort=st.sampled_from(Effort.values),
    due_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    id=st.builds(new_id),
)


def test_progress_is_exact_and_says_how_it_is_made() -> None:
    made = progress_of(
        [
            Made(state=ActionState.DONE, effort=Effort.LARGE),
            Made(state=ActionState.DOING, percent=50, effort=Effort.SMALL),
            Made(percent=90),  # to do: what is said of it does not count yet
            Made(state=ActionState.MISSED, percent=90),  # nor does it count any more
            Made(state=ActionState.GIVEN_UP, percent=100),
        ]
    )
    assert made is not None
    assert made.share == Fraction(7, 16)
    assert made.percent == 43
    assert made.told.replace("\u00a0", " ") == (
        "1 action faite sur 4, chacune comptée selon son effort ; 1 abandonnée, qui ne compte pas."
    )


def test_without_an_action_that_counts_there_is_no_progress() -> None:
    assert progress_of([]) is None
    assert progress_of([Made(state=ActionState.GIVEN_UP)]) is None


def test_a_hundred_says_that_all_is_done() -> None:
    nearly = [Made(state=ActionState.DONE)] * 200 + [Made(state=ActionState.DOING, percent=99)]
    made = progress_of(nearly)
    assert made is not None and made.percent == 99
    said = progress_of([Made(state=ActionState.DOING, percent=100)])
    assert said is not None and said.percent == 99


@given(st.lists(MADE, min_size=1))
def test_finishing_one_never_lowers_progress(tasks: list[Made]) -> None:
    before = progress_of(tasks)
    if before is None:
        return
    first = next(one for one in tasks if one.state != ActionState.GIVEN_UP)
    after = progress_of(
        [replace(one, state=ActionState.DONE) if one is first else one for one in tasks]
    )
    assert after is not None and 0 <= before.share <= after.share <= 1


@pytest.mark.parametrize(
    ("days", "due"), [(-1, Due.LATE), (0, Due.SOON), (7, Due.SOON), (8, Due.LATER), (None, None)]
)
def test_where_an_action_stands_towards_its_date(days: int | None, due: Due | None) -> None:
    day = None if days is None else TODAY + timedelta(days=days)
    assert due_of(Made(due_on=day), TODAY) == due
    for state in set(ActionState) - set(TO_DO):
        assert due_of(Made(due_on=day, state=state), TODAY) is None


def test_what_to_do_first() -> None:
    late = Made(due_on=TODAY)
    small, large = Made(effort=Effort.SMALL), Made(effort=Effort.LARGE)
    first, low = Made(priority=Priority.FIRST), Made(priority=Priority.LOW)
    done = Made(state=ActionState.DONE, priority=Priority.FIRST)
    tasks = [low, large, small, late, done, first]
    assert first_to_do(tasks, {}) == [first, late, small, large, low]
    # What the first one needs takes its place; what is done holds nothing.
    needs = {first.id: [low.id, done.id]}
    assert first_to_do(tasks, needs) == [low, first, late, small, large]


@given(st.data(), st.lists(MADE, max_size=10))
def test_what_is_needed_always_comes_before(data: st.DataObject, tasks: list[Made]) -> None:
    needs = {
        one.id: data.draw(st.sets(st.sampled_from([e.id for e in tasks[:place]]), max_size=3))
        for place, one in enumerate(tasks)
        if place
    }
    order = [one.id for one in first_to_do(tasks, needs)]
    assert set(order) == {one.id for one in tasks if one.state in TO_DO}
    for one in order:
        for need in needs.get(one, ()):
            assert need not in order or order.index(need) < order.index(one)
