"""Instruments of the national guide: its own ids, codes and words, so that answers travel."""

import json
from typing import Any

import pytest

from tests.formats.official import TDDUI, needs_official_files
from virage.foundation.content.nomenclature import get
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.shipped import version_of

SERAFIN = version_of("serafin", "2.3.0")
SSIAD = version_of("ssiad_situation", "2.3.0")


def published(name: str) -> list[dict[str, Any]]:
    path = TDDUI / "examples-fhir" / f"Questionnaire-tddui-questionnaire-{name}.json"
    items: list[dict[str, Any]] = json.loads(path.read_text())["item"]
    return items


def said(item: Item) -> tuple[str, str, str]:
    return item.id, item.code, item.system


def test_each_need_of_the_nomenclature_is_asked_once_in_its_order() -> None:
    needs = get("serafin_besoins")
    items = SERAFIN.items.values()
    assert {item.code: item.label for item in items} == needs.labels()
    assert len(items) == 35
    assert [item.code for item in items] == list(needs.labels())
    for item in items:
        assert (item.kind, item.decimals) == (ItemKind.NUMBER, 0)
        assert item.system == needs.system
        assert item.may_be_commented
        assert not item.required


@needs_official_files
@pytest.mark.parametrize(
    ("one", "name", "added"), [(SERAFIN, "serafin", 3), (SSIAD, "situation-ssiad", 0)]
)
def test_it_has_the_ids_and_codes_of_the_official_questionnaire(
    one: Any, name: str, added: int
) -> None:
    official = [
        (item["linkId"], item["code"][0]["code"], item["code"][0]["system"])
        for item in published(name)
    ]
    ours = [said(item) for item in one.items.values()]
    assert [each for each in ours if each in official] == official
    assert len(ours) - len(official) == added


def test_the_situation_at_home_is_eight_times_yes_or_no() -> None:
    assert len(SSIAD.items) == 8
    assert all(item.is_yes_or_no and not item.required for item in SSIAD.items.values())
