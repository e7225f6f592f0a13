"""A published version never changes; a new one stands beside, and takes over on its day."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run
from tests.instruments.answering import asking
from virage.cli import publishing
from virage.foundation.content.loader import ROOT, ContentError, check_all
from virage.foundation.content.published import fingerprints_of, published_in, trees_in
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Function, Score
from virage.instruments.rules.items import Item, ItemKind, Option
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.shipped import (
    FOLDER,
    faults_in,
    in_force,
    shipped,
    version_of,
)

Publish = Callable[[], int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of instruments: Norton, not published yet."""
    shutil.copytree(FOLDER / "norton", tmp_path / "instruments" / "norton")
    (tmp_path / "instruments" / "published.yaml").write_text("source: Virage\nfingerprints: {}\n")
    return tmp_path / "instruments"


@pytest.fixture
def publish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Return `virage publish` in that folder; its exit code."""
    monkeypatch.setattr(publishing, "FOLDER", folder)
    return lambda: run("publish").exit_code


def write(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Write a version from the first of Norton, with these changes of its text."""
    text = (folder / "norton" / "1.yaml").read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


SECOND = (
    ('version: "1"', 'version: "2"\nvalid_from: 2026-07-01'),
    ("{at_least: 15, label: Sans", "{at_least: 17, label: Sans"),
)


def test_what_is_shipped_is_as_published() -> None:
    assert list(faults_in(FOLDER)) == []
    assert {f"{one.id}/{one.version}" for one in shipped()} == published_in(FOLDER).keys()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"at_least": Decimal(10), "at_most": Decimal(5)}, "minimum au-dessus de son maximum"),
        ({"decimals": -1}, "a de 0 à 6 décimales"),
        ({"decimals": 40}, "a de 0 à 6 décimales"),
        ({"at_least": Decimal("NaN")}, "n’est pas fini"),
        ({"at_least": Decimal("0.2"), "at_most": Decimal("0.8")}, "aucun nombre"),
        ({"at_least": Decimal(10**7), "decimals": 6}, "aucun nombre"),
        ({"at_most": Decimal("1e40")}, "a trop de chiffres"),
        ({"id": ""}, "identifiant est vide"),
        ({"id": "a__comment"}, "sépare les champs du formulaire"),
    ],
)
def test_what_no_form_could_ask_is_no_instrument(changes: dict[str, Any], fault: str) -> None:
    item = replace(Item(id="a", label="A", kind=ItemKind.NUMBER), **changes)
    for one in (item, Item(id="t", label="T", kind=ItemKind.TABLE, columns=(item,))):
        with pytest.raises(ValueError, match=fault):
            asking(one)


def test_what_nobody_could_answer_is_no_instrument() -> None:
    options = (Option(id="?", label="Peut-être"), Option(id="yes", label="Oui"))
    with pytest.raises(ValueError, match="l’option «\u00a0\\?\u00a0» a déjà un sens"):
        asking(Item(id="a", label="A", kind=ItemKind.CHOICE, options=options))
    one = asking(Item(id="a", label="A", kind=ItemKind.TEXT))
    with pytest.raises(ValueError, match="aucune profession ne répond"):
        replace(one, answered_by=())


def test_what_no_answer_could_come_back_to_is_no_instrument() -> None:
    option = Option(id="a", label="A", code="B", system="urn:list")
    with pytest.raises(ValueError, match="n’est pas son code publié"):
        asking(Item(id="a", label="A", kind=ItemKind.CHOICE, options=(option,)))
    cell = Item(id="c", label="C", kind=ItemKind.TEXT)
    table = Item(id="t", label="T", kind=ItemKind.TABLE, columns=(cell,))
    with pytest.raises(ValueError, match="est un tableau"):
        asking(table, Item(id="a", label="A", kind=ItemKind.TEXT, under="t"))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("points: 4", "points: .nan", "n’est pas fini"),
        ("{at_least: 15,", "{at_least: .nan,", "n’est pas fini"),
        (
            "answered_by: [",
            "answered_by: [dragon, ",
            "«\u00a0dragon\u00a0» n’est pas une profession",
        ),
        ("tone: danger", "tone: purple", "«\u00a0purple\u00a0» n’est pas un ton"),
        ("title: ", 'title: "" #', "est vide"),
        ("physical", "p" * 81, "dépasse 80 caractères"),
        ("again_after_days: 30", "again_after_days: 1000000000", "à refaire"),
        ("again_after_days: 30", "valid_from: 2026-13-01", "illisible"),
        ("of: [physical,", "of: [physical, physical,", "compte deux fois"),
    ],
)
def test_a_file_that_would_break_later_is_refused_at_start(
    folder: Path, before: str, after: str, fault: str
) -> None:
    text = (folder / "norton" / "1.yaml").read_text()
    assert before in text
    (folder / "norton" / "1.yaml").write_text(text.replace(before, after))
    with pytest.raises(ContentError, match=fault):
        list(faults_in(folder))
        shipped(folder)


def test_a_function_computes_on_what_it_takes() -> None:
    three = tuple(Option(id=one, label=one) for one in "abc")
    several = Item(id="a", label="A", kind=ItemKind.MULTIPLE, options=three)
    adverbs = Score(id="s", label="S", of=("a",), function=Function.ADVERBS)
    with pytest.raises(ValueError, match="ne se calcule pas sur"):
        replace(asking(several), scores=(adverbs,))
    text = Item(id="a", label="A", kind=ItemKind.TEXT)
    mass = Score(id="s", label="S", of=("a", "a"), function=Function.BODY_MASS_INDEX)
    with pytest.raises(ValueError, match="ne se calcule pas sur"):
        replace(asking(text), scores=(mass,))


def test_a_version_is_published_once(folder: Path, publish: Publish) -> None:
    assert list(faults_in(folder)) == [
        "norton/1.yaml : cette version n’est pas publiée ; lancez « virage publish »."
    ]
    with pytest.raises(ContentError, match="pas publiée"):
        shipped(folder)
    assert publish() == 0
    before = published_in(folder)
    assert list(faults_in(folder)) == []
    assert publish() == 0
    assert published_in(folder) == before


def test_a_published_version_never_changes(folder: Path, publish: Publish) -> None:
    publish()
    before = published_in(folder)
    write(folder, "norton/1.yaml", ("points: 4", "points: 5"))
    assert [fault.partition(" : ")[2] for fault in faults_in(folder)] == [
        "cette version publiée a changé ; remettez-la comme elle était, "
        "et écrivez le changement dans une nouvelle version, à côté."
    ]
    assert publish() == 1
    assert published_in(folder) == before
    with pytest.raises(ContentError, match="a changé"):
        shipped(folder)


def test_a_comment_or_the_layout_changes_nothing(folder: Path, publish: Publish) -> None:
    publish()
    write(
        folder,
        "norton/1.yaml",
        ("id: norton\n", "# Ce que dit la revue de 1962.\nid: norton\n"),
        ("{id: good, label: Bon, points: 4}", '{label: "Bon", id: good, points: 4}'),
    )
    assert list(faults_in(folder)) == []


def test_a_published_version_never_goes(folder: Path, publish: Publish) -> None:
    write(folder, "norton/2.yaml", *SECOND)
    publish()
    (folder / "norton" / "1.yaml").unlink()
    assert [fault.partition(" : ")[2] for fault in faults_in(folder)] == [
        "cette version publiée est absente ; remettez-la, des résultats s’y lisent."
    ]
    assert publish() == 1


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("norton/3.yaml", SECOND, "le fichier se dit la version 2 de « norton »"),
        ("norton/2.yaml", (('version: "1"', 'version: "2"'),), "commence le même jour que"),
    ],
)
def test_versions_are_told_apart(
    folder: Path, publish: Publish, name: str, changes: tuple[tuple[str, str], ...], fault: str
) -> None:
    publish()
    write(folder, name, *changes)
    assert publish() == 1
    assert any(fault in one for one in faults_in(folder))


def test_two_versions_live_together(folder: Path, publish: Publish) -> None:
    write(folder, "norton/2.yaml", *SECOND)
    publish()
    assert [one.version for one in shipped(folder)] == ["1", "2"]
    answers = {name: Given("fair") for name in ("physical",)}
    answers |= {"mental": Given("alert"), "activity": Given("with_help")}
    answers |= {"mobility": Given("reduced"), "incontinence": Given("occasional")}
    for day, version, label in (
        (date(2026, 6, 30), "1", "Sans risque particulier"),
        (date(2026, 7, 1), "2", "Risque d’escarre"),
    ):
        one = in_force("norton", day, folder)
        assert one and one.version == version
        # The sheet opened the day before is still counted as it was.
        band = scored(version_of("norton", version, folder), answers)["total"].band
        assert band and band.label == label


def test_a_version_ends_with_its_last_day(folder: Path, publish: Publish) -> None:
    end = ('version: "1"', 'version: "1"\nvalid_from: 2026-01-01\nvalid_until: 2026-06-30')
    write(folder, "norton/1.yaml", end)
    publish()
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    held = [in_force("norton", day, folder) is not None for day in days]
    assert held == [False, True, True, False]
    assert version_of("norton", "1", folder).version == "1"
    assert in_force("unknown", days[1], folder) is None
    with pytest.raises(ContentError, match="est absente"):
        version_of("norton", "9", folder)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("instruments/norton/1.yaml", "points: 4", "points: 5"),
        ("aggir/groups/2008-08-21.yaml", "[[2016, 4]]", "[[2015, 4]]"),
        ("aggir/adverbs/2008-08-21.yaml", "1: B", "1: C"),
    ],
)
def test_what_would_start_without_that_does_not(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    content = tmp_path / "whole"
    shutil.copytree(ROOT, content)
    assert check_all(content) == []
    text = (content / name).read_text()
    assert before in text
    (content / name).write_text(text.replace(before, after))
    assert any("a changé" in problem for problem in check_all(content))
    (content / name).unlink()
    assert any("absente" in problem for problem in check_all(content))


def test_the_fingerprint_is_of_all_that_is_said() -> None:
    fingerprints = list(fingerprints_of(trees_in(FOLDER)).values())
    assert len(set(fingerprints)) == len(fingerprints)
