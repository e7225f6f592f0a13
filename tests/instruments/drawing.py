"""Instruments drawn at random, as their files would say them: whatever the schema accepts."""

from typing import Any

from hypothesis import strategies as st

from virage.foundation.content.loader import fitted
from virage.instruments.rules.instrument import Instrument

Tree = dict[str, Any]
PLAIN = ("choice", "multiple", "number", "date", "text")
FLAGS = ("required", "may_be_unknown", "may_not_apply", "may_be_commented")
WRITTEN = {name: name for name in ("id", "version", "title", "summary", "source", "licence")}


@st.composite
def instruments(draw: Any) -> Instrument:
    """Up to three groups of up to four items, asked on conditions, counted by up to four scores."""
    known: list[Tree] = []
    groups = []
    for number in range(draw(st.integers(1, 3))):
        group: Tree = {"id": f"g{number}", "title": "Groupe", "items": []}
        group |= draw(asked_when(known))
        for _ in range(draw(st.integers(1, 4))):
            kinds = st.sampled_from((*PLAIN, "table"))
            item = draw(item_of(f"i{len(known)}", draw(kinds))) | draw(asked_when(known))
            group["items"].append(item)
            known.append(item)
        groups.append(group)
    scores: list[Tree] = []
    for number in range(draw(st.integers(0, 4)) if countable(known) else 0):
        scores.append(draw(score_of(f"s{number}", known, scores)))
    tree = WRITTEN | {"volet": "care", "answered_by": ["nurse"], "groups": groups}
    return fitted(tree | {"scores": scores}, Instrument, "drawn.yaml")


@st.composite
def item_of(draw: Any, name: str, kind: str) -> Tree:
    item: Tree = {"id": name, "label": name, "kind": kind}
    item |= {flag: draw(st.booleans()) for flag in FLAGS}
    if kind in ("choice", "multiple"):
        points = draw(st.lists(st.none() | st.integers(0, 5), min_size=1, max_size=4))
        item["options"] = [
            {"id": f"o{place}", "label": "Option", "points": worth}
            for place, worth in enumerate(points)
        ]
    if kind == "number":
        least = draw(st.integers(0, 5))
        item |= {"at_least": least, "at_most": least + draw(st.integers(0, 10))}
    if kind == "table":
        item["columns"] = [
            draw(item_of(f"{item['id']}_c{place}", draw(st.sampled_from(PLAIN))))
            for place in range(draw(st.integers(1, 3)))
        ]
    return item


def asked_when(known: list[Tree]) -> st.SearchStrategy[Tree]:
    """No condition, or one on what is asked before."""
    if not countable(known):
        return st.just({})
    return st.just({}) | st.fixed_dictionaries({"when": condition(known)})


def countable(known: list[Tree]) -> list[Tree]:
    """What a condition may test, and a score count."""
    return [one for one in known if "options" in one or one["kind"] == "number"]


def condition(known: list[Tree]) -> st.SearchStrategy[Tree]:
    """One test, or several held together by « every » or « either », one within another."""
    test = st.one_of([test_of(one) for one in countable(known)])
    some = _held(test)
    return test | some | _held(test | some)


def test_of(one: Tree) -> st.SearchStrategy[Tree]:
    name = st.just(one["id"])
    if "options" in one:
        ids = st.sampled_from([option["id"] for option in one["options"]])
        some = st.lists(ids, min_size=1, max_size=2)
        return st.fixed_dictionaries({"of": name, "among": some})
    sides = st.sampled_from(("at_least", "above", "at_most", "below"))
    bounds = st.dictionaries(sides, st.integers(-5, 15), min_size=1, max_size=2)
    return st.builds(lambda bound, of: {"of": of} | bound, bounds, name)


def _held(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    ways = st.sampled_from(("every", "either"))
    many = st.lists(parts, min_size=1, max_size=3)
    return st.builds(lambda way, held: {way: held}, ways, many)


@st.composite
def score_of(draw: Any, name: str, known: list[Tree], before: list[Tree]) -> Tree:
    """A sum, that may be held down, or a table."""
    directions = st.sampled_from(("higher_is_better", "higher_is_worse"))
    score: Tree = {"id": name, "label": name, "direction": draw(directions)}
    score |= draw(st.sampled_from(({}, {"unknown_is_worst": True}, {"unknown_is_left_out": True})))
    row = st.fixed_dictionaries({"when": condition(known), "value": st.integers(0, 9)})
    rows = st.lists(row, min_size=1, max_size=3)
    if draw(st.booleans()):
        return score | {"rows": draw(rows), "otherwise": draw(st.none() | st.just(0))}
    counted = [one["id"] for one in (*countable(known), *before)]
    of = draw(st.lists(st.sampled_from(counted), min_size=1, unique=True))
    score |= {"of": of, "in_percent": draw(st.booleans())}
    return score | ({"caps": draw(rows)} if draw(st.booleans()) else {})
