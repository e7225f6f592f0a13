"""What stands under a question, or within a group, is asked where that is answered."""

import pytest

from virage.foundation.access.enums import Volet
from virage.instruments.rules.given import Given, asked
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind


def _of(*groups: Group) -> Instrument:
    return Instrument(
        id="essai",
        version="1",
        title="Essai",
        summary="",
        source="",
        licence="",
        volet=Volet.CARE,
        answered_by=("nurse",),
        groups=groups,
    )


def _item(name: str, under: str = "") -> Item:
    return Item(id=name, label=name, kind=ItemKind.TEXT, under=under, may_be_unknown=True)


def test_what_details_an_answer_waits_for_it() -> None:
    one = _of(
        Group(id="fall", title="Chute", items=(_item("when"), _item("where", under="when"))),
        Group(id="wound", title="Blessure", items=(_item("which"),), within="where"),
        Group(id="care", title="Soins", items=(_item("done"),), within="wound"),
    )
    answers: dict[str, Given] = {}
    assert list(asked(one, answers)) == ["when"]
    answers["when"] = Given(is_unknown=True)
    assert list(asked(one, answers)) == ["when"]
    answers["when"] = Given("hier")
    assert list(asked(one, answers)) == ["when", "where"]
    answers["where"] = Given("couloir")
    assert list(asked(one, answers)) == ["when", "where", "which", "done"]


@pytest.mark.parametrize(
    "groups",
    [
        (Group(id="fall", title="Chute", items=(_item("where", under="when"), _item("when"))),),
        (
            Group(id="care", title="Soins", items=(_item("done"),), within="wound"),
            Group(id="wound", title="Blessure", items=(_item("which"),)),
        ),
    ],
)
def test_what_is_above_is_written_before(groups: tuple[Group, ...]) -> None:
    with pytest.raises(ValueError, match="n’est pas avant"):
        _of(*groups)


def test_the_columns_of_two_tables_have_ids_of_their_own() -> None:
    tables = [
        Item(id=name, label=name, kind=ItemKind.TABLE, columns=(_item("on"),))
        for name in ("falls", "wounds")
    ]
    with pytest.raises(ValueError, match="l’identifiant «\u00a0on\u00a0» revient"):
        _of(Group(id="past", title="Avant", items=tuple(tables)))
