"""Every instrument is found under one heading, in an order that is chosen."""

import shutil
from pathlib import Path

import pytest

from virage.instruments.rules.shipped import FOLDER, shipped
from virage.instruments.rules.themes import by_theme, faults_of_themes


def test_every_instrument_shipped_is_found_once() -> None:
    assert list(faults_of_themes(FOLDER)) == []
    found = [one.id for _, instruments in by_theme(shipped()) for one in instruments]
    assert sorted(found) == sorted({one.id for one in shipped()})


def test_a_theme_without_any_is_left_out() -> None:
    offered = [one for one in shipped() if one.id in ("tug", "falls", "zarit")]
    assert [(title, [one.id for one in found]) for title, found in by_theme(offered)] == [
        ("Chutes et escarres", ["falls", "tug"]),
        ("Avis de la personne et de ses proches", ["zarit"]),
    ]


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("[satisfaction, zarit]", "[satisfaction]", "« zarit » manque"),
        ("[satisfaction, zarit]", "[satisfaction, zarit, tug]", "« tug » est dans deux"),
        ("[satisfaction, zarit]", "[satisfaction, zarit, gone]", "« gone » n’est pas un"),
    ],
)
def test_what_is_nowhere_or_twice_is_told(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    folder = tmp_path / "instruments"
    shutil.copytree(FOLDER, folder)
    text = (folder / "themes.yaml").read_text()
    assert before in text
    (folder / "themes.yaml").write_text(text.replace(before, after))
    (told,) = faults_of_themes(folder)
    assert fault in told
