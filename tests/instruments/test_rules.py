"""Answers: stored and read back exactly, and said in words."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from virage.formats.tddui.record import Answer
from virage.foundation.coded import Coded
from virage.instruments.rules.answers import (
    answers_from_json,
    answers_to_json,
    lines_of,
    value_label,
)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
codes = st.builds(Coded, system=texts, code=texts, display=texts, text=texts)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    texts,
    codes,
)
answers = st.recursive(
    st.builds(Answer, link_id=texts, text=texts, code=codes, value=values, value_kind=texts),
    lambda children: st.builds(Answer, text=texts, children=st.lists(children, max_size=3)),
    max_leaves=6,
)


@given(st.lists(answers, max_size=4))
def test_answers_come_back_as_they_were(tree: list[Answer]) -> None:
    stored = json.loads(json.dumps(answers_to_json(tree)))
    read = answers_from_json(stored)
    assert read == tree
    assert [type(one.value) for one in read] == [type(one.value) for one in tree]


def test_values_are_said_in_french() -> None:
    said = [
        value_label(Answer(value=value, value_kind=kind))
        for value, kind in (
            (True, "boolean"),
            (False, "boolean"),
            (Decimal("12.50"), "decimal"),
            (Decimal("1e2"), "decimal"),
            (3, "integer"),
            (Coded(display="GIR 3"), "Coding"),
            ("2026-03-16", "date"),
            ("2026-03", "date"),
            ("2026-03-16T08:00:00Z", "dateTime"),
            ("hier", "date"),
            ("2026-03-16", "string"),
            (None, ""),
        )
    ]
    assert said == [
        *("Oui", "Non", "12,50", "100", "3", "GIR 3", "16/03/2026", "03/2026", "16/03/2026"),
        *("hier", "2026-03-16", ""),
    ]


def test_a_line_without_wording_shows_its_code_or_its_place() -> None:
    tree = [
        Answer(text="Toilette", value="C", children=[Answer(code=Coded(display="Haut"), value=1)]),
        Answer(link_id="q7", value=2),
    ]
    first, second = lines_of(answers_to_json(tree))
    assert (first.label, first.value) == ("Toilette", "C")
    assert [(line.label, line.value) for line in first.lines] == [("Haut", "1")]
    assert second.label == "q7"
