"""The lists hold the codes of their sources, no more and no less."""

import json
from pathlib import Path
from typing import Any

import pytest

from virage.foundation.coded import Coded
from virage.foundation.content import loader, nomenclature

SHARED = Path(__file__).resolve().parents[3] / "shared" / "interop"
NAMES = sorted(path.stem for path in (loader.ROOT / "nomenclatures").glob("*.yaml"))
CDA = {
    "relation": "1.2.250.1.213.3.3.16",
    "civility": "1.2.250.1.213.1.1.5.718",
    "transport_mode": "1.2.250.1.213.1.1.5.140",
    "motorisation": "1.2.250.1.213.1.1.5.801",
    "serafin_transport": "1.2.250.1.213.3.3.251",
    "ssiad_event": "1.2.250.1.213.1.1.5.811",
    "gir": "1.2.250.1.213.1.1.5.53",
    "evaluation_type": "1.2.250.1.213.1.1.5.802",
    "stay_entry_mode": "1.2.250.1.213.1.1.5.73",
    "used_resource": "1.2.250.1.213.1.1.5.807",
    "used_material": "1.2.250.1.213.1.1.5.808",
    "used_premises": "1.2.250.1.213.1.1.5.809",
    "social_cover": "1.2.250.1.213.1.1.5.125",
    "insured_link": "1.2.250.1.213.1.1.5.126",
    "non_realisation_reason": "1.2.250.1.213.1.1.5.803",
}
CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"
SERAFIN = {
    "serafin_besoins": "besoins",
    "serafin_directes": "prestationsDirectes",
    "serafin_indirectes": "prestationsIndirectes",
}

needs_sources = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the official files are not beside this checkout (../shared)"
)


def _source(*parts: str) -> Any:
    return json.loads(SHARED.joinpath(*parts).read_text(encoding="utf-8"))


def _assert_same(name: str, published: list[dict[str, str]]) -> None:
    ours = nomenclature.get(name)
    assert ours.labels() == {each["code"]: each["display"] for each in published}


@needs_sources
@pytest.mark.parametrize("name", CDA)
def test_cda_value_sets_are_whole(name: str) -> None:
    source = _source("tddui", "cda-valuesets", f"{CDA[name]}.json")
    assert nomenclature.get(name).oid == source["oid"]
    assert len(nomenclature.get(name).concepts) == source["count"]
    _assert_same(name, source["concepts"])


@needs_sources
@pytest.mark.parametrize("name", SERAFIN)
def test_serafin_is_whole(name: str) -> None:
    source = _source("tddui", "examples-fhir", "serafin-ph-codes.json")
    assert nomenclature.get(name).system == source["system"]
    _assert_same(name, source[SERAFIN[name]]["concept"])


@needs_sources
def test_identity_statuses_are_whole() -> None:
    source = _source("fr-core", "2.1.0", "CodeSystem-fr-core-cs-v2-0445.json")
    assert nomenclature.get("identity_status").system == source["url"]
    _assert_same("identity_status", source["concept"])


@needs_sources
def test_essms_categories_start_from_the_published_list() -> None:
    source = _source("tddui", "cda-valuesets", "1.2.250.1.213.3.4.218.json")
    labels = nomenclature.get("essms_category").labels()
    assert {each["code"]: each["display"] for each in source["concepts"]}.items() <= labels.items()
    assert {"500", "202", "246", "437"} <= labels.keys()


def test_counts_stated_by_the_guides() -> None:
    counts = {name: len(nomenclature.get(name).concepts) for name in NAMES}
    assert counts["relation"] == 37
    assert counts["serafin_besoins"] + counts["serafin_directes"] == 35 + 37
    assert counts["identity_status"] == 21
    assert counts["transport_mode"] == 14
    assert counts["ssiad_event"] == 8


@pytest.mark.parametrize("name", NAMES)
def test_each_list_names_itself_and_its_systems(name: str) -> None:
    ours = nomenclature.get(name)
    assert ours.id == name
    for code, label in ours.labels().items():
        assert code == code.strip() != ""
        assert label == label.strip() != ""
        assert ours.system_of(code).startswith(("http://", "https://", "urn:"))


def test_a_code_outside_the_list_is_kept_as_received() -> None:
    relation = nomenclature.get("relation")
    assert (relation.has("MTH"), relation.label("MTH")) == (True, "Mère")
    assert (relation.has("ZZZ"), relation.label("ZZZ")) == (False, "ZZZ")


def test_a_list_may_mix_code_systems() -> None:
    relation = nomenclature.get("relation")
    assert relation.system_of("MTH").endswith("TRE-R216-HL7RoleCode")
    assert relation.system_of("TUTEUR").endswith("TRE-R217-ProtectionJuridique")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Coded(CISIS, "GEN-355"), "Véhicule électrique"),
        (Coded(CISIS, "GEN-355", "Electrique"), "Electrique"),
        (Coded(CISIS, "GEN-355", "Electrique", text="la Zoé"), "la Zoé"),
        (Coded(CISIS, "GEN-999"), "GEN-999"),
        (Coded("https://example.org/codes", "GEN-355"), "GEN-355"),
        (Coded(CISIS, "ORG-210"), "Salle"),
        (Coded(), ""),
    ],
)
def test_a_code_received_alone_has_the_words_of_its_list(value: Coded, words: str) -> None:
    assert nomenclature.words_of(value, "motorisation", "used_premises") == words


def test_no_received_identity_status_is_believed() -> None:
    status = nomenclature.get("identity_status")
    for code in status.labels():
        ours, *attributes = status.equivalent(code)
        assert ours == "provisoire"
        assert set(attributes) <= {"douteuse", "fictive", "homonyme"}
    assert status.equivalent("DOUT") == ("provisoire", "douteuse")
    assert status.equivalent("HOMA") == ("provisoire", "homonyme")


def test_oids_of_cda_lead_to_the_addresses_of_fhir() -> None:
    systems = nomenclature.get("code_system")
    assert systems.system_of("2.16.840.1.113883.6.1") == "http://loinc.org"
    assert systems.system_of("2.16.840.1.113883.5.111") == nomenclature.get("relation").system


def test_a_label_is_typeset_where_it_is_shown_and_nowhere_else() -> None:
    modes = nomenclature.get("stay_entry_mode")
    published = [label for label in modes.labels().values() if "'" in label]
    assert published
    assert not [label for _, label in modes.choices() if "'" in label]
    code = next(code for code, label in modes.labels().items() if label in published)
    assert modes.coded(code).display in published
    assert "'" not in nomenclature.words_of(modes.coded(code))
    assert "'" not in nomenclature.words_of(Coded(modes.system_of(code), code), "stay_entry_mode")
    assert nomenclature.words_of(Coded(text="5' d'attente")) == "5' d’attente"
    fictitious = dict(nomenclature.get("identity_status").choices())["FICT"]
    assert fictitious.endswith("«\N{NO-BREAK SPACE}fictive\N{NO-BREAK SPACE}»)")
