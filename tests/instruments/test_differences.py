"""What is told of two results side by side."""

from decimal import Decimal

from virage.instruments.rules.differences import Shift, shifts
from virage.instruments.rules.results import FrozenScore


def test_a_score_without_object_in_both_results_is_not_told() -> None:
    apart = FrozenScore(id="gesture", label="Manger")
    before = [FrozenScore(id="gir", label="GIR", missing=("Toilette",)), apart]
    after = [FrozenScore(id="gir", label="GIR", value=Decimal(4)), apart]
    assert shifts(before, after) == [Shift("GIR", "Incomplet", "4", None)]
    counted = FrozenScore(id="gesture", label="Manger", value=Decimal(1))
    assert shifts([apart], [counted]) == [Shift("Manger", "Sans objet", "1", None)]
