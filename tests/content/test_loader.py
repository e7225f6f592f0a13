"""Content files are typed, and a fault is told in French with the file and the place."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from virage.foundation.content import loader
from virage.foundation.content.faults import FaultTable


@dataclass(frozen=True)
class Dose:
    """A content type small enough to break in every way."""

    unit: str
    amounts: dict[str, list[int]]


@pytest.fixture
def dose_file(tmp_path: Path) -> Path:
    folder = tmp_path / "doses"
    folder.mkdir()
    return folder / "morning.yaml"


def test_reads_a_file_that_fits(dose_file: Path) -> None:
    dose_file.write_text("unit: mg\namounts: {a: [1, 2]}")
    assert loader.read(dose_file, Dose) == Dose("mg", {"a": [1, 2]})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("unit: mg\namounts: {a: [1, x]}", "type « str » reçu, « int » attendu"),
        ("unit: mg\namounts: {a: [1]}\nuntil: 2", "la clé « until » est inconnue"),
        ("unit: mg", "la clé « amounts » est obligatoire"),
        ("unit: mg\nunit: g\namounts: {}", "une clé est écrite deux fois"),
        ("unit: 1.10\namounts: {}", "type « float » reçu, « str » attendu"),
        ("unit: [", "le texte YAML est illisible"),
        ("", "type « null » reçu"),
    ],
)
def test_refuses_in_french(dose_file: Path, text: str, told: str) -> None:
    dose_file.write_text(text)
    with pytest.raises(loader.ContentError) as refusal:
        loader.read(dose_file, Dose)
    assert str(refusal.value).startswith("doses/morning.yaml : ")
    assert told in str(refusal.value)


def test_names_the_place_of_a_deep_unknown_key(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Tree:
        leaves: list[Dose]

    path = tmp_path / "tree.yaml"
    path.write_text("leaves: [{unit: mg, amounts: {}}, {unit: mg, amounts: {}, colour: red}]")
    with pytest.raises(loader.ContentError, match=r"« leaves\[1\]\.colour » est inconnue"):
        loader.read(path, Tree)


def test_absent_file() -> None:
    with pytest.raises(loader.ContentError, match=r"doses/none\.yaml : ce fichier de contenu est"):
        loader.load("doses", "none", Dose)


def test_check_finds_untyped_files_and_folders_without_source(dose_file: Path) -> None:
    dose_file.write_text("unit: mg")
    assert loader.check_all(dose_file.parent.parent) == [
        "doses/ : il manque SOURCE.md, qui dit d’où vient le contenu.",
        "doses/morning.yaml : aucun type n’est déclaré pour ce fichier.",
    ]


def test_a_file_is_read_once() -> None:
    first = loader.load("transfer", "import_faults", FaultTable)
    assert loader.load("transfer", "import_faults", FaultTable) is first
