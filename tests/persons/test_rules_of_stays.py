"""The days that are left to follow someone: none lost, none twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from virage.persons.rules.stays import days_left

FIRST = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda number: FIRST + timedelta(days=number))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date | None]:
    starts_on = draw(days)
    ends_on = draw(st.none() | st.integers(0, 9).map(lambda n: starts_on + timedelta(days=n)))
    return starts_on, ends_on


def holds(span: tuple[date, date | None], day: date) -> bool:
    return span[0] <= day and (span[1] is None or day <= span[1])


@given(asked=spans(), taken=st.lists(spans(), max_size=4))
def test_each_day_that_nobody_takes_is_left_once(
    asked: tuple[date, date | None], taken: list[tuple[date, date | None]]
) -> None:
    left = days_left(*asked, taken)
    for number in range(60):
        day = FIRST + timedelta(days=number)
        is_free = holds(asked, day) and not any(holds(one, day) for one in taken)
        assert sum(holds(one, day) for one in left) == is_free
