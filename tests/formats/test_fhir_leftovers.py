"""Nothing that a FHIR Bundle says is lost: a word put anywhere in it is found again."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.fhir_samples import bundle, encounter, patient, read_json
from tests.formats.full_record import NOON, full_record
from tests.formats.official import FHIR_BUNDLE, needs_official_files
from virage.formats.outcome import Unreadable
from virage.formats.tddui.to_fhir import build

WORD = "mot-témoin"
Path = tuple[Any, ...]
SILENT = {"id", "fullUrl", "profile", "text", "div", "display", "unit"}
"""Members that can say nothing of the person (docs/transfer.md gives the closed list)."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every object and to every string, but the silent ones."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in inside:
        if name not in SILENT:
            if isinstance(each, dict | str):
                yield (*path, name)
            if isinstance(each, dict | list):
                yield from places(each, (*path, name))


def with_word(file: Any, path: Path) -> Any:
    """The file with a word in that string, or in a new member of that object."""
    changed = copy.deepcopy(file)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if isinstance(holder[path[-1]], dict):
        holder[path[-1]]["dit"] = WORD
    else:
        holder[path[-1]] = WORD
    return changed


def check_kept(file: Any, path: Path) -> None:
    try:
        assert WORD in repr(read_json(with_word(file, path))), path
    except Unreadable as refused:
        assert path[-1] in ("data", "type", "method", "resourceType"), refused


@cache
def ours() -> Any:
    """Our own Bundle, without its complement: that one is checked whole when it is read."""
    file = json.loads(build(full_record(), made_at=NOON))
    file["entry"].pop()
    return file


@given(st.data())
@settings(max_examples=150)
def test_a_word_in_our_bundle(data: st.DataObject) -> None:
    check_kept(ours(), data.draw(st.sampled_from(list(places(ours())))))


@needs_official_files
@given(st.data())
@settings(max_examples=150)
def test_a_word_in_the_official_bundle(data: st.DataObject) -> None:
    file = json.loads(FHIR_BUNDLE.read_text())
    check_kept(file, data.draw(st.sampled_from(list(places(file)))))


def test_a_part_is_told_by_its_place_and_by_the_end_of_its_extension() -> None:
    comment = {"url": "https://example.org/fhir/remarque", "valueString": "Gauchère"}
    record = read_json(bundle(patient(extension=[comment], maritalStatus={"text": "Veuve"}))).record
    assert [(each.title, each.key, each.content) for each in record.leftovers] == [
        (
            "Usager : remarque",
            "LOC42#Patient.extension[0]",
            '{"url":"https://example.org/fhir/remarque","valueString":"Gauchère"}',
        ),
        ("Usager : maritalStatus", "LOC42#Patient.maritalStatus", '{"text":"Veuve"}'),
    ]


def test_part_of_an_extension_keeps_its_address() -> None:
    url = "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/tddui-event-label"
    event = encounter(extension=[{"url": url, "valueString": "Marché", "id": "a"}])
    record = read_json(bundle(patient(), event)).record
    assert record.events[0].label == "Marché"
    assert [each.title for each in record.leftovers] == ["Évènement : tddui-event-label"]


def test_what_the_bundle_says_of_itself_is_kept() -> None:
    record = read_json(bundle(patient(), total=1)).record
    assert [(each.title, each.owner) for each in record.leftovers] == [("Lot : total", "LOC42")]


def test_a_narrative_that_adds_something_is_kept() -> None:
    text = {"status": "additional", "div": "<div>Aime le jardin</div>"}
    record = read_json(bundle(patient(text=text))).record
    assert [each.title for each in record.leftovers] == ["Usager : text"]
