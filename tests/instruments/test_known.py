"""Numbers out of what is usual, and results that bring the next date nearer."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.instruments.answering import asking
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Band, Plausible, Score
from virage.instruments.rules.items import Item, ItemKind, Option, When
from virage.instruments.rules.known import Measure, doubts
from virage.instruments.rules.results import again_after_days, frozen

DAY = date(2026, 3, 10)
WEIGHT = Item(id="weight", label="Poids", kind=ItemKind.NUMBER, unit="kg", decimals=1)
USUAL = Plausible(of="weight", at_least=Decimal(20), at_most=Decimal(300))
STEADY = replace(USUAL, change=Decimal(10), within_days=7)


def doubted(kilos: str, *before: tuple[int, str]) -> bool:
    """Whether a weight is to be confirmed, after others of so many days before."""
    known = [Measure("weight", Decimal(one), DAY - timedelta(days=days)) for days, one in before]
    given = {"weight": Given(Decimal(kilos))}
    return bool(doubts(asking(WEIGHT, plausible=(STEADY,)), given, known, DAY))


def test_a_number_is_doubted_out_of_its_bounds_or_far_from_the_nearest_one() -> None:
    assert [doubted(kilos) for kilos in ("20", "300", "19.9", "300.1")] == [
        *(False, False, True, True)
    ]
    assert not doubted("70", (7, "60"))
    assert doubted("70.1", (7, "60")) and doubted("49.9", (7, "60"))
    assert not doubted("70.1", (8, "60"))
    assert not doubted("70", (7, "59"), (2, "61")), "the nearest one is that of two days before"
    assert doubted("70", (-3, "59")), "a day that was forgotten is compared with what came next"


def test_what_is_not_asked_or_not_known_is_not_doubted() -> None:
    gate = Item(
        id="gate",
        label="Pesée",
        kind=ItemKind.CHOICE,
        options=(Option(id="yes", label="Oui"), Option(id="no", label="Non")),
    )
    behind = replace(WEIGHT, when=When(of="gate", among=("yes",)), may_be_unknown=True)
    one = asking(gate, behind, plausible=(STEADY,))
    low = {"weight": Given(Decimal(3))}
    assert list(doubts(one, low | {"gate": Given("yes")}, [], DAY)) == ["weight"]
    assert doubts(one, low | {"gate": Given("no")}, [], DAY) == {}
    unknown = {"gate": Given("yes"), "weight": Given(is_unknown=True)}
    assert doubts(one, unknown, [], DAY) == {}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"of": "gone"}, "n’est pas un nombre demandé"),
        ({"at_least": Decimal(301)}, "minimum au-dessus"),
        ({"at_least": Decimal("NaN")}, "n’est pas fini"),
        ({"within_days": 0}, "a sa durée"),
        ({"change": None}, "a sa durée"),
        ({"change": Decimal(-1)}, "a sa durée"),
    ],
)
def test_what_could_never_be_usual_is_no_instrument(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        asking(WEIGHT, plausible=(replace(STEADY, **changes),))
    with pytest.raises(ValueError, match="deux fois"):
        asking(WEIGHT, plausible=(STEADY, USUAL))


@pytest.mark.parametrize(
    ("own", "kilos", "days"), [(30, "50", 30), (30, "40", 7), (3, "40", 3), (None, "40", 7)]
)
def test_a_result_brings_the_next_date_nearer(own: int | None, kilos: str, days: int) -> None:
    bands = (
        Band(at_least=Decimal(0), label="Bas", again_after_days=7),
        Band(at_least=Decimal(50), label="Stable"),
    )
    score = Score(id="kilograms", label="Poids", of=("weight",), bands=bands)
    one = asking(WEIGHT, scores=(score,), again_after_days=own)
    assert again_after_days(one, frozen(one, {"weight": Given(Decimal(kilos))})) == days
    with pytest.raises(ValueError, match="à refaire"):
        replace(one, scores=(replace(score, bands=(replace(bands[0], again_after_days=0),)),))
