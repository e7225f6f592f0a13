"""Every content file loads, and says what it must beyond its type."""

import re

import pytest

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import matrix_file
from virage.foundation.content import faults, loader

PROFESSIONS = [
    "physician",
    "nurse",
    "care_assistant",
    "educator",
    "psychologist",
    "therapist",
    "social_worker",
    "teacher",
    "secretary",
    "director",
    "night_watch",
    "technical_admin",
    "system",
]


def test_every_file_fits_its_type() -> None:
    assert loader.check_all() == []


def test_matrix_has_every_profession() -> None:
    assert list(matrix_file().professions) == PROFESSIONS


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_matrix_row_speaks_the_closed_vocabulary(profession: str) -> None:
    row = matrix_file().professions[profession]
    assert list(row.volets) == list(Volet)
    assert set(row.verbs) <= set(Verb)
    for cells in row.volets.values():
        names = [cell.partition("@")[0] for cell in cells]
        assert set(names) <= set(Cell)
        assert len(set(names)) == len(names) > 0
        assert "none" not in names or cells == ["none"]
        assert all(re.fullmatch(r"[a-z]+(@[1-9]\d*)?", cell) for cell in cells)


def test_technical_admin_sees_no_content() -> None:
    row = matrix_file().professions["technical_admin"]
    assert {cell for cells in row.volets.values() for cell in cells} == {"none"}
    assert row.verbs == []


def test_money_and_psychology_stay_with_those_who_need_them() -> None:
    may_read = {
        volet: {
            key for key, row in matrix_file().professions.items() if "read" in row.volets[volet]
        }
        for volet in Volet
    }
    assert may_read[Volet.MONEY] == {"social_worker", "secretary", "director", "system"}
    assert may_read[Volet.PSYCHOLOGICAL] == {"psychologist", "system"}
    assert may_read[Volet.MEDICAL] == {"physician", "nurse", "system"}


def test_import_faults_are_told_in_full() -> None:
    for code, fault in faults.import_faults().items():
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code)
        assert 8 <= len(fault.label) <= 60, code
        assert not fault.label.endswith("."), code
        assert fault.help.endswith("."), code
        assert len(fault.help) <= 260, code


def test_import_faults_are_told_without_jargon() -> None:
    jargon = re.compile(r"profil|\bOID|base64|UTF-8|ressource|empreinte|imbriqu", re.IGNORECASE)
    texts = [f"{fault.label} {fault.help}" for fault in faults.import_faults().values()]
    assert [text for text in texts if jargon.search(text)] == []


def test_keys_codes_and_coherence_never_refuse_a_file() -> None:
    words = ("_key_wrong", "unknown_code", "_before_", "_after_", "_missing", "_mismatch")
    refused_on_purpose = {"missing_required", "answer_missing"}
    for code, fault in faults.import_faults().items():
        if any(word in code for word in words) and code not in refused_on_purpose:
            assert fault.level == "warn", code


def test_a_fault_outside_the_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        faults.get("no_such_fault")
