"""Scores: made of what was answered, and of nothing else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.instruments.answering import asking
from virage.foundation.content.loader import load
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Direction, Function, Instrument, Row, Score
from virage.instruments.rules.items import Item, ItemKind, Option, When
from virage.instruments.rules.scoring import scored


def instrument(name: str) -> Instrument:
    return load("instruments", name, Instrument)


def of(**values: Any) -> dict[str, Given]:
    """Answers by item; None is « je ne sais pas »."""
    return {
        name: Given(is_unknown=True) if value is None else Given(value)
        for name, value in values.items()
    }


def test_a_required_answer_that_lacks_leaves_no_score() -> None:
    norton = instrument("norton/1")
    answers = of(physical="good", mental="alert", activity="bed", mobility="none")
    total = scored(norton, answers)["total"]
    assert (total.value, total.missing) == (None, ("Incontinence",))
    total = scored(norton, answers | of(incontinence="both"))["total"]
    assert total.value == 11 and total.band and total.band.label == "Risque d’escarre"
    assert [(term.label, term.told, term.points) for term in total.terms][2] == (
        "Activité",
        "Alité",
        1,
    )


@pytest.mark.parametrize(
    ("weight", "more", "diagnosis", "severity"),
    [
        (50, {}, 1, 1),  # an IMC of 18.4
        (58, {}, 1, None),  # 6.5 % in a month; what was lost in six is not known
        (58, {"weight_6_months": Decimal(60), "weight_usual": Decimal(60)}, 1, 0),
        (58, {"albumin": Decimal(25)}, 1, 1),
        (62, {"sarcopenia": "yes", "intake": "usual"}, 0, 0),
        (62, {"sarcopenia": None}, None, None),
    ],
)
def test_undernutrition(
    weight: int, more: dict[str, Any], diagnosis: int | None, severity: int | None
) -> None:
    """HAS, 2021: one criterion of the body and one of cause; one more makes it severe."""
    answers = of(
        weight=Decimal(weight),
        height=Decimal(165),
        weight_1_month=Decimal(62),
        weight_6_months=None,
        weight_usual=None,
        sarcopenia="no",
        intake="half",
        absorption="no",
        disease="no",
    )
    results = scored(instrument("undernutrition_70/2021"), answers | of(**more))
    assert (results["diagnosis"].value, results["severity"].value) == (diagnosis, severity)


def test_a_table_and_a_function_say_what_decided() -> None:
    answers = of(
        weight=Decimal(58),
        height=Decimal(165),
        weight_1_month=Decimal(62),
        weight_6_months=Decimal(60),
        weight_usual=Decimal(60),
        sarcopenia="no",
        intake="usual",
        absorption="no",
        disease="no",
    )
    results = scored(instrument("undernutrition_70/2021"), answers)

    def said(name: str) -> list[str]:
        return [one.replace("\u00a0", " ") for one in results[name].grounds]

    assert said("bmi") == ["Poids : 58 kg", "Taille : 165 cm"]
    assert results["bmi"].because.endswith("(m)\u00a0: 58 ÷ 1,65².")
    assert results["lost_1_month"].because.endswith("perdue\u00a0: (62 − 58) ÷ 62.")
    assert said("phenotype") == [
        "Perte en un mois : 6,45 % (au moins 5)",
        "IMC : 21,3 kg/m2 (moins de 22)",
    ]
    # None of the rows holds: all that they looked at.
    assert results["diagnosis"].because.startswith("Aucun des cas")
    assert said("diagnosis") == ["Critère de l’état du corps : 1", "Critère de cause : 0"]
    assert said("aetiology")[0] == "Ce que la personne mange : Comme d’habitude"


def counted(**more: Any) -> Score:
    return Score(id="sum", label="Somme", of=("told", "some"), unknown_is_worst=True, **more)


TOLD = Item(
    id="told",
    label="Nombre",
    kind=ItemKind.NUMBER,
    at_least=Decimal(1),
    at_most=Decimal(9),
    may_be_unknown=True,
)
SOME = Item(
    id="some",
    label="Plusieurs",
    kind=ItemKind.MULTIPLE,
    may_be_unknown=True,
    options=tuple(Option(id=name, label=name, points=Decimal(2)) for name in "abc"),
)


@pytest.mark.parametrize(
    ("direction", "worst"), [(Direction.HIGHER_IS_WORSE, 15), (Direction.HIGHER_IS_BETTER, 1)]
)
def test_what_is_not_known_counts_as_the_worst_of_its_kind(
    direction: Direction, worst: int
) -> None:
    one = asking(TOLD, SOME, scores=(counted(direction=direction),))
    assert scored(one, of(told=None, some=None))["sum"].value == worst


def test_what_is_not_known_is_the_worst_or_counts_for_nothing() -> None:
    with pytest.raises(ValueError, match="le pire, ou ne compte pas"):
        asking(
            TOLD,
            SOME,
            scores=(counted(direction=Direction.HIGHER_IS_WORSE, unknown_is_left_out=True),),
        )


ASKED = Item(
    id="asked",
    label="Demandé",
    kind=ItemKind.CHOICE,
    required=True,
    may_be_unknown=True,
    options=(Option(id="good", label="Bien"), Option(id="bad", label="Mal")),
)


@pytest.mark.parametrize(
    ("direction", "first", "worst"),
    [
        (Direction.HIGHER_IS_WORSE, "bad", 1),
        (Direction.HIGHER_IS_BETTER, "good", 0),
        (Direction.HIGHER_IS_WORSE, "good", 1),
    ],
)
def test_of_a_table_the_worst_is_for_what_is_not_known_never_for_what_lacks(
    direction: Direction, first: str, worst: int
) -> None:
    is_first_better = direction == Direction.HIGHER_IS_BETTER or first == "bad"
    row = Row(when=When(of="asked", among=(first,)), value=Decimal(is_first_better))
    table = Score(
        id="read",
        label="Lu",
        rows=(row,),
        otherwise=Decimal(not is_first_better),
        direction=direction,
        unknown_is_worst=True,
    )
    one = asking(ASKED, scores=(table,))
    assert scored(one, of(asked=None))["read"].value == worst
    lacking = scored(one, {})["read"]
    assert (lacking.value, lacking.missing) == (None, ("Demandé",))


@pytest.mark.parametrize(
    ("direction", "held"), [(Direction.HIGHER_IS_BETTER, 1), (Direction.HIGHER_IS_WORSE, 9)]
)
def test_what_is_not_known_holds_down_only_where_that_is_worse(
    direction: Direction, held: int
) -> None:
    cap = Row(when=When(of="asked", among=("bad",)), value=Decimal(1))
    score = Score(
        id="sum",
        label="Somme",
        of=("told",),
        caps=(cap,),
        direction=direction,
        unknown_is_worst=True,
    )
    one = asking(TOLD, ASKED, scores=(score,))
    assert scored(one, of(told=Decimal(9), asked=None))["sum"].value == held
    assert scored(one, of(told=Decimal(9)))["sum"].missing == ("Demandé",)


def test_a_number_without_bounds_has_no_worst_answer() -> None:
    for bounds in ({"at_least": None}, {"at_most": None}):
        with pytest.raises(ValueError, match="n’a pas de pire réponse"):
            asking(
                replace(TOLD, **bounds),
                SOME,
                scores=(counted(direction=Direction.HIGHER_IS_WORSE),),
            )


def test_a_function_is_given_as_many_values_as_it_takes() -> None:
    for function in Function:
        score = Score(id="made", label="Fait", of=("told",) * 3, function=function)
        with pytest.raises(ValueError, match=f"par la fonction\u00a0: {function.takes}"):
            asking(TOLD, scores=(score,))


def test_what_a_negative_weight_counts_is_worst_at_its_other_end() -> None:
    score = counted(direction=Direction.HIGHER_IS_WORSE, weights={"told": Decimal(-1)})
    assert scored(asking(TOLD, SOME, scores=(score,)), of(told=None, some=()))["sum"].value == -1


def test_several_together_are_a_share_of_all_of_them() -> None:
    score = Score(id="share", label="Part", of=("some",), in_percent=True)
    one = asking(SOME, scores=(score,))
    for chosen, share in ((("a", "b", "c"), 100), (("a",), 33), ((), 0)):
        assert scored(one, of(some=chosen))["share"].value == share


def test_a_number_of_any_length_is_rounded() -> None:
    """That of a height typed wrong: a trillion kilograms, a millionth of a centimetre."""
    names = ("weight", "height")
    items = [Item(id=one, label=one, kind=ItemKind.NUMBER, decimals=6) for one in names]
    score = Score(id="bmi", label="IMC", of=names, function=Function.BODY_MASS_INDEX, decimals=6)
    answers = of(weight=Decimal("999999.999999"), height=Decimal("0.000001"))
    value = scored(asking(*items, scores=(score,)), answers)["bmi"].value
    assert value is not None and value > 10**21
