"""What TDDUI cannot carry: in the complement, all of it and nothing else; refused if it lies."""

import base64
import json
from dataclasses import fields
from typing import Any

import pytest

from tests.formats.fhir_samples import JSON, bundle, patient, read_json
from tests.formats.full_record import NOON, full_record
from virage.formats.outcome import Unreadable
from virage.formats.tddui.complement import WHOLE, items_of
from virage.formats.tddui.record import OUTSIDE_TDDUI, BusinessIdentifier, Person, TransferRecord
from virage.formats.tddui.to_fhir import build


def written(record: TransferRecord) -> JSON:
    return json.loads(build(record, made_at=NOON))


def complement_of(file: JSON) -> JSON:
    attachment = file["entry"][-1]["resource"]["content"][0]["attachment"]
    return json.loads(base64.b64decode(attachment["data"]))


def with_complement(record: TransferRecord, **parts: Any) -> JSON:
    """The Bundle of a record, its complement changed."""
    file = written(record)
    data = json.dumps(complement_of(file) | parts).encode()
    attachment = file["entry"][-1]["resource"]["content"][0]["attachment"]
    attachment |= {"data": base64.b64encode(data).decode()}
    del attachment["size"], attachment["hash"]
    return file


def test_it_is_versioned_and_found_by_its_format() -> None:
    file = written(full_record())
    assert file["entry"][-1]["resource"]["content"][0]["format"]["code"] == "virage-complement"
    assert complement_of(file)["format"] == "virage-complement"
    assert complement_of(file)["version"] == 2


def test_it_holds_every_marked_field_of_the_whole_sample() -> None:
    record = full_record()
    found = complement_of(written(record))["fields"]
    for item in items_of(record):
        if type(item) not in WHOLE.values():
            marked = {each.name for each in fields(item) if each.metadata == OUTSIDE_TDDUI}
            assert marked <= found.get(item.key, {}).keys()


def test_it_holds_nothing_that_the_resources_say() -> None:
    text = json.dumps(complement_of(written(full_record())), ensure_ascii=False)
    for said in ("PATUREL", "Marché du lundi", "Besoins de novembre", "CarePlan", "Vasseur"):
        assert said not in text.replace("Inès Vasseur", "")


def test_a_record_that_tddui_carries_whole_has_none() -> None:
    local = BusinessIdentifier(value="LOC42")
    person = Person(key="LOC42", birth_family_name="PATUREL", identifiers=[local])
    file = written(TransferRecord(person=person))
    assert [entry["resource"]["resourceType"] for entry in file["entry"]] == ["Patient"]


LIES: dict[str, JSON] = {
    "an unknown object": {"fields": {"personne": {"volet": "care"}}},
    "a field that TDDUI carries": {"fields": {"3990000010/LOC42": {"birth_family_name": "AUTRE"}}},
    "an unknown field": {"fields": {"3990000010/LOC42": {"autre": 1}}},
    "a wrong type": {"fields": {"3990000010/LOC42": {"is_doubtful": "oui"}}},
    "a way to nowhere": {"fields": {"3990000010/LOC42-EVAL-9": {"answers.7.code": {}}}},
    "a way out of the record": {"fields": {"3990000010/LOC42": {"__class__.volet": "care"}}},
    "fields that are no object": {"fields": []},
    "a note without its text": {"notes": [{"key": 3}]},
    "an instant without a zone": {"notes": [{"key": "a", "happened_at": "2026-11-02T09:15:00"}]},
    "an instant of no calendar": {"notes": [{"key": "a", "happened_at": "9999-12-31T23:59:59Z"}]},
    "a day of no calendar": {"protections": [{"key": "a", "judged_on": "0001-01-01"}]},
    "a part that claims to be a resource": {
        "leftovers": [{"key": "a", "kind": "fhir-resource", "title": "a", "content": "a"}]
    },
}


@pytest.mark.parametrize("parts", LIES.values(), ids=LIES)
def test_one_that_does_not_fit_refuses_the_file(parts: JSON) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_json(with_complement(full_record(), **parts))
    assert refusal.value.findings[0].code == "resource_invalid"


VERSION: JSON = {
    **{"text": "A bien dormi.", "author_name": "", "author_profession": ""},
    **{"recorded_at": "2026-11-02T09:15:00Z"},
}


@pytest.mark.parametrize(
    "parts",
    [
        {"notes": [{"key": f"n{rank}"} for rank in range(20_001)]},
        {"notes": [{"key": "n", "former_versions": [VERSION] * 20_000}]},
        {
            "leftovers": [
                {"key": f"k{rank}", "kind": "words", "title": "", "content": ""}
                for rank in range(20_001)
            ],
        },
    ],
    ids=["notes", "versions", "leftovers"],
)
def test_one_that_holds_more_than_a_file_may_refuses_the_file(parts: JSON) -> None:
    none = {"protections": [], "coverages": [], "notes": [], "leftovers": []}
    with pytest.raises(Unreadable) as refusal:
        read_json(with_complement(full_record(), **none | parts))
    assert [finding.code for finding in refusal.value.findings] == ["too_many_entries"]


def test_one_of_a_later_version_stays_a_document() -> None:
    reading = read_json(with_complement(full_record(), version=3))
    assert reading.record.documents[-1].title == "Complément du dossier"
    assert "wrong_profile_version" in {finding.code for finding in reading.findings}
    assert reading.record.notes == []


def test_one_of_a_former_version_is_still_read() -> None:
    former = {
        **{"key": "note-1", "volet": "care", "text": "A bien dormi.", "structure": "1990000010"},
        **{"author_name": "Inès Vasseur", "author_profession": "Infirmière"},
        **{"happened_at": "2026-11-02T09:15:00Z", "former_versions": []},
    }
    file = with_complement(full_record(), version=1, notes=[former])
    [note] = read_json(file).record.notes
    assert (note.text, note.author, note.is_published) == ("A bien dormi.", "", False)


def test_keys_that_are_no_numbers_come_back() -> None:
    record = TransferRecord(person=Person(key="urn:uuid:1", birth_family_name="PATUREL"))
    assert read_json(written(record)).record.person.key == "urn:uuid:1"
    assert read_json(bundle(patient())).record.person.key == "LOC42"


def test_what_is_added_beside_it_is_kept() -> None:
    file = written(full_record())
    file["entry"][-1]["resource"]["description"] = "Relu par la direction"
    leftovers = read_json(file).record.leftovers
    assert "Document : description" in [each.title for each in leftovers]
