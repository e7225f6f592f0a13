"""Instruments drawn at random, as their files would say them: whatever the schema accepts."""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from hypothesis import strategies as st

from virage.foundation.content.loader import fitted
from virage.instruments.rules.instrument import (
    ADVERBS,
    MOST_DAYS,
    MOST_DECIMALS,
    Function,
    Instrument,
)
from virage.instruments.rules.items import MOST_DIGITS

Tree = dict[str, Any]
PLAIN = ("choice", "multiple", "number", "date", "text")
# Of every kind, or enough of one for the functions.
KINDS = ((*PLAIN, "table"), ("number", "choice"), ("multiple", "number"))
FLAGS = ("required", "may_be_unknown", "may_not_apply", "may_be_commented")
WRITTEN = {name: name for name in ("id", "version", "title", "summary", "source", "licence")}
WORDS = st.sampled_from(("", "Un mot"))
LIST = {"system": "urn:list"}
# Most often small; now and then as long as they may be.
NUMBERS = st.one_of(
    st.integers(-20, 20).map(Decimal),
    st.decimals(-20, 20, places=2),
    st.decimals(-(10**MOST_DIGITS), 10**MOST_DIGITS, places=MOST_DECIMALS),
)
DECIMALS = st.sampled_from((0, 0, 1, 2, MOST_DECIMALS))


@st.composite
def instruments(draw: Any) -> Instrument:
    """Up to four groups of up to four items, asked on conditions, counted by up to six scores."""
    known: list[Tree] = []
    groups: list[Tree] = []
    kinds = st.sampled_from(draw(st.sampled_from(KINDS)))
    for number in range(draw(st.integers(1, 4))):
        homes = [one["id"] for one in (*groups, *known) if one.get("kind") != "table"]
        group: Tree = {"id": f"g{number}", "title": draw(WORDS), "help": draw(WORDS), "items": []}
        group |= draw(asked_when(known)) | {"within": draw(st.sampled_from(("", *homes)))}
        for _ in range(draw(st.integers(0 if known else 1, 4))):
            above = [one["id"] for one in known if one["kind"] != "table"]
            item = draw(item_of(f"i{len(known)}", draw(kinds))) | draw(asked_when(known))
            item["under"] = draw(st.just("") | st.sampled_from(("", *above)))
            group["items"].append(item)
            known.append(item)
        groups.append(group)
    scores: list[Tree] = []
    for number in range(draw(st.integers(0, 6)) if countable(known) else 0):
        scores.append(draw(score_of(f"s{number}", known, scores)))
    names = [score["id"] for score in scores]
    tree = WRITTEN | {"volet": "care", "answered_by": ["nurse"], "groups": groups}
    tree |= {
        "scores": scores,
        "results": draw(st.lists(st.sampled_from(names), unique=True)) if names else [],
        "notices": draw(st.lists(st.just("À lire avant"), max_size=2)),
        "again_after_days": draw(st.none() | st.integers(1, MOST_DAYS)),
    }
    return fitted(tree, Instrument, "drawn.yaml")


@st.composite
def item_of(draw: Any, name: str, kind: str) -> Tree:
    item: Tree = {"id": name, "label": name, "kind": kind, "help": draw(WORDS)}
    item |= {flag: draw(st.booleans()) for flag in FLAGS}
    item |= draw(st.sampled_from(({}, {"code": "d1", **LIST})))
    if kind in ("choice", "multiple"):
        item["options"] = draw(options())
    if kind == "number":
        item["decimals"] = decimals = draw(DECIMALS)
        item["unit"] = draw(st.sampled_from(("", "kg")))
        least, most = draw(bounds(decimals))
        item |= {"at_least": least, "at_most": most}
    if kind == "table":
        item["columns"] = [
            draw(item_of(f"{item['id']}_c{place}", draw(st.sampled_from(PLAIN))))
            for place in range(draw(st.integers(1, 3)))
        ]
    return item


@st.composite
def options(draw: Any) -> list[Tree]:
    """Up to four: yes and no, ids of ours, or codes of a published list."""
    points = draw(st.lists(st.none() | NUMBERS, min_size=1, max_size=ADVERBS))
    names = draw(st.sampled_from((("yes", "no", "o2", "o3"), ("o0", "o1", "o2", "o3"))))
    listed = draw(st.booleans())
    return [
        {"id": name, "label": name, "points": worth} | ({"code": name, **LIST} if listed else {})
        for name, worth in zip(names, points, strict=False)
    ]


@st.composite
def bounds(draw: Any, decimals: int) -> tuple[Decimal | None, Decimal | None]:
    """No bound, one or both, with a number of so many decimals between them."""
    most = Decimal(10) ** (MOST_DIGITS - decimals) - 1
    bound = st.none() | NUMBERS.filter(lambda one: abs(one) < most)
    pair: tuple[Decimal | None, Decimal | None] = draw(st.tuples(bound, bound))
    least, high = pair
    if least is None or high is None:
        return pair
    least, high = min(least, high), max(least, high)
    is_open = high.quantize(Decimal(1).scaleb(-decimals), ROUND_FLOOR) >= least
    return least, high if is_open else high + 1


def asked_when(known: list[Tree]) -> st.SearchStrategy[Tree]:
    """No condition, or one on what is asked before."""
    if not countable(known):
        return st.just({})
    return st.just({}) | st.fixed_dictionaries({"when": condition(known)})


def countable(known: list[Tree]) -> list[Tree]:
    """What a condition may test, and a score count; a score before is as a number."""
    return [one for one in known if "options" in one or one.get("kind", "number") == "number"]


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
    thresholds = st.dictionaries(sides, NUMBERS, min_size=1, max_size=2)
    return st.builds(lambda thresholds, of: {"of": of} | thresholds, thresholds, name)


def _held(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    ways = st.sampled_from(("every", "either"))
    many = st.lists(parts, min_size=1, max_size=3)
    return st.builds(lambda way, held: {way: held}, ways, many)


@st.composite
def score_of(draw: Any, name: str, known: list[Tree], before: list[Tree]) -> Tree:
    """A table, a sum or a function, that may be held down."""
    score: Tree = {"id": name, "label": name, "decimals": draw(DECIMALS)}
    score["direction"] = draw(st.sampled_from(("higher_is_better", "higher_is_worse", "")))
    rows = st.lists(row(countable([*known, *before])), min_size=1, max_size=3)
    score["caps"] = draw(st.just([]) | rows)
    thresholds = draw(st.lists(NUMBERS, max_size=3, unique=True))
    score["bands"] = [{"at_least": one, "label": "Lecture"} for one in thresholds]
    way = draw(st.sampled_from(("table", "sum", "function")))
    functions = computable(known, before) if way == "function" else []
    if functions:
        function, takes = draw(st.sampled_from(functions))
        chosen = draw(st.permutations(takes))[: function.takes]
        return score | {"function": function.value, "of": chosen}
    if way == "table":
        otherwise = draw(st.none() | NUMBERS)
        return score | {"rows": draw(rows), "otherwise": otherwise} | draw(unknown(score, []))
    counted = countable([*known, *before])
    chosen = draw(st.lists(st.sampled_from(counted), min_size=1, unique_by=lambda one: one["id"]))
    names = [one["id"] for one in chosen]
    score["of"] = names
    weights = draw(st.dictionaries(st.sampled_from(names), NUMBERS))
    if any(weights.values()):
        score["weights"] = weights
    has_most = all(one.get("at_most", 100) is not None for one in chosen)
    score["in_percent"] = has_most and draw(st.booleans())
    return score | draw(unknown(score, chosen))


def row(known: list[Tree]) -> st.SearchStrategy[Tree]:
    return st.fixed_dictionaries({"when": condition(known), "value": NUMBERS})


def unknown(score: Tree, counted: list[Tree]) -> st.SearchStrategy[Tree]:
    """How it takes « je ne sais pas »: the worst only where there is one."""
    ways: list[Tree] = [{}, {"unknown_is_left_out": True}]
    is_open = any(
        one.get("may_be_unknown") and None in (one["at_least"], one["at_most"])
        for one in counted
        if one.get("kind") == "number"
    )
    if score["direction"] and not is_open:
        ways.append({"unknown_is_worst": True})
    return st.sampled_from(ways)


def computable(known: list[Tree], before: list[Tree]) -> list[tuple[Function, list[str]]]:
    """Give each function that has enough to compute on, with what it may take."""
    numbers = [one["id"] for one in (*known, *before) if one.get("kind", "number") == "number"]
    several = [
        one["id"] for one in known if one["kind"] == "multiple" and len(one["options"]) == ADVERBS
    ]
    takes = {one: several if one == Function.ADVERBS else numbers for one in Function}
    return [(one, names) for one, names in takes.items() if len(names) >= one.takes]
