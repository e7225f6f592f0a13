"""What must come before what: circles found, orders kept, whatever the plan."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.plans.rules.graph import circle_in, holding, in_order, told_circle

NODES = st.integers(0, 11)
ANY = st.dictionaries(NODES, st.sets(NODES, max_size=4), max_size=12)
# Each needs only smaller ones: nothing can go round.
STRAIGHT = ANY.map(lambda needs: {one: {n for n in needs[one] if n < one} for one in needs})


@given(ANY)
def test_a_circle_is_a_circle(needs: dict[int, set[int]]) -> None:
    circle = circle_in(needs)
    for one, following in pairwise([*circle, *circle[:1]]):
        assert following in needs[one]
    assert len(set(circle)) == len(circle)


@given(ANY)
def test_either_an_order_or_a_circle(needs: dict[int, set[int]]) -> None:
    nodes = sorted(needs.keys() | set().union(*needs.values()))
    if circle_in(needs):
        with pytest.raises(ValueError, match="cycle"):
            in_order(nodes, needs)
        return
    order = in_order(nodes, needs)
    assert sorted(order) == nodes
    assert all(order.index(need) < order.index(one) for one in needs for need in needs[one])


@given(STRAIGHT)
def test_what_points_back_never_goes_round(needs: dict[int, set[int]]) -> None:
    assert circle_in(needs) == []


@given(STRAIGHT, st.permutations(range(12)))
def test_the_order_given_settles_ties(needs: dict[int, set[int]], given_order: list[int]) -> None:
    order = in_order(given_order, needs)
    assert order == in_order(given_order, needs)
    assert in_order(given_order, {}) == given_order
    # The first of those that wait for nothing comes first.
    assert order[0] == next(one for one in given_order if not needs.get(one))


def test_what_holds_a_thing_back() -> None:
    needs = {"c": ["a", "b"]}
    assert holding("c", needs, {"b", "c"}) == ["b"]
    assert holding("a", needs, {"a"}) == []


def test_a_circle_is_told() -> None:
    told = told_circle(["Acheter", "Choisir"]).replace("\u00a0", " ")
    assert told == (
        "Ces actions s’attendent en rond : « Acheter », qui attend « Choisir », "
        "qui attend « Acheter »."
    )
