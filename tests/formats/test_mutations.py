"""Files damaged at random: whatever happened to them, they are read or refused, never more.

What is read can go out and come back the same.
"""

import copy
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.formats.cda_samples import document, event, events, observation, tree
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, TDDUI
from virage.formats.outcome import Unreadable
from virage.formats.tddui.reading import read
from virage.formats.tddui.to_fhir import build
from virage.foundation.content import faults

OURS = document(
    events(
        event(
            observation("1.2.250.1.213.1.1.3.217", "106199-3", '<value code="VALIDE"/>'),
            '<performer><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="801"/>'
            "</assignedEntity></performer>",
        )
    )
)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ODD_VALUES = [None, True, -1, 10**20, 1.5, "", "é\u202e", "2026-13-45", "Patient/x", [], {}, [[]]]


@cache
def xml_files() -> list[bytes]:
    return [OURS, *([CDA_DOCUMENT.read_bytes()] if TDDUI.is_dir() else [])]


@cache
def json_files() -> list[bytes]:
    ours = build(read(OURS).record, made_at=NOON)
    if not TDDUI.is_dir():
        return [ours]
    # Every official resource, in the Bundle whose usager it is about.
    whole = json.loads(FHIR_BUNDLE.read_bytes())
    for file in sorted(FHIR_BUNDLE.parent.glob("*-example.json")):
        resource = json.loads(file.read_bytes())
        if resource["resourceType"] not in ("Bundle", "Patient"):
            url = f"https://example.org/{resource['resourceType']}/{resource['id']}"
            request = {"method": "POST", "url": resource["resourceType"]}
            entry = {"fullUrl": url, "resource": resource, "request": request}
            whole["entry"].append(entry)
    return [ours, FHIR_BUNDLE.read_bytes(), json.dumps(whole).encode()]


def read_or_refuse(data: bytes) -> None:
    try:
        reading = read(data)
    except Unreadable as refused:
        assert refused.findings
        assert {faults.get(finding.code).level for finding in refused.findings} == {"refuse"}
        return
    assert {faults.get(finding.code).level for finding in reading.findings} <= {"warn"}
    record = reading.record
    record.made_at = record.made_at or NOON
    assert read(build(record, made_at=record.made_at)).record == record


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_noise(data: bytes) -> None:
    for start in (b"", b"<", b"{", b'<?xml version="1.0"?>', b'{"resourceType":"Bundle",'):
        read_or_refuse(start + data)


@pytest.mark.parametrize("wire", [xml_files, json_files])
@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_bytes_changed_cut_or_repeated(wire: Any, dice: random.Random) -> None:
    data = bytearray(dice.choice(wire()))
    for _ in range(dice.randint(1, 4)):
        place, size = dice.randrange(len(data)), dice.randint(1, 30)
        part = bytes(data[place : place + size])
        data[place : place + size] = dice.choice(
            [b"", part * 2, part[::-1], dice.randbytes(1), b'"', b"<", b"\\u0000", b"&amp;"]
        )
    read_or_refuse(bytes(data))


@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_elements_moved_lost_or_repeated(dice: random.Random) -> None:
    root = tree(dice.choice(xml_files()))
    for _ in range(dice.randint(1, 4)):
        _change_element(root, dice)
    read_or_refuse(etree.tostring(root))


def _change_element(root: etree._Element, dice: random.Random) -> None:
    elements = list(root.iter())
    element, other = dice.choice(elements), dice.choice(elements)
    parent = element.getparent()
    match dice.randrange(6):
        case 0 if parent is not None:
            parent.remove(element)
        case 1 if parent is not None:
            parent.append(copy.deepcopy(element))
        case 2 if sum(1 for _ in element.iter()) < 100:
            other.append(copy.deepcopy(element))
        case 3 if element.attrib:
            element.set(dice.choice(list(element.attrib)), dice.choice(["", "x", "#x", "20269999"]))
        case 4 if element.attrib:
            del element.attrib[dice.choice(list(element.attrib))]
        case _:
            element.text = dice.choice(["", "texte", "../../x", "1.5"])


@given(dice=st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_values_replaced_lost_or_repeated(dice: random.Random) -> None:
    value = json.loads(dice.choice(json_files()))
    for _ in range(dice.randint(1, 3)):
        holder, name = dice.choice(list(_places(value)))
        match dice.randrange(3):
            case 0:
                holder[name] = copy.deepcopy(dice.choice(ODD_VALUES))
            case 1:
                del holder[name]
            case _ if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[name]))
            case _:
                holder[f"{name}Autre"] = copy.deepcopy(holder[name])
    read_or_refuse(json.dumps(value).encode())


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value and where it stands."""
    if isinstance(value, dict | list):
        for name, child in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, name
            yield from _places(child)
