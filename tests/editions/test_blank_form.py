"""An instrument as a form to be filled in by hand."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.formats.edition_texts import needs_poppler, pdf_text, squeezed
from virage.editions.actions import edit
from virage.editions.actions.writing import MadeEdition
from virage.editions.enums import FileFormat, Kind
from virage.editions.queries.reading import read_edition
from virage.editions.rules.blank import form_of
from virage.editions.rules.templates import Wanted
from virage.formats.edition.tree import Heading, Table, texts_of
from virage.foundation.errors import Invalid
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.instruments.models import Sheet
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.shipped import shipped, version_of
from virage.persons.models import Person


def blank(person: Person, instrument: str) -> Wanted:
    return Wanted(
        kind=Kind.BLANK_FORM,
        file_format=FileFormat.PDF,
        person_id=person.pk,
        instrument=instrument,
    )


@pytest.mark.parametrize("instrument", shipped(), ids=lambda one: f"{one.id}/{one.version}")
def test_every_question_and_every_choice_is_there(instrument: Instrument) -> None:
    said = "\n".join(texts_of(tuple(form_of(instrument))))
    for item in instrument.items.values():
        mark = "\u00a0*" if item.required else ""
        assert f"{item.label}{mark}" in said
        assert all(f"☐\u00a0{option.label}" in said for option in item.options)
        assert all(column.label in said for column in item.columns)
    assert instrument.source in said and instrument.licence in said
    assert f"Version {instrument.version}" in said


def test_what_depends_on_an_answer_says_so() -> None:
    said = "\n".join(texts_of(tuple(form_of(version_of("aggir", "2008")))))
    asked = "seulement si « Comment répondez-vous ? » est « Une lettre par variable »"
    assert asked in said.replace("\u00a0", " ")
    assert "plusieurs réponses possibles" in said


@needs_poppler
def test_it_bears_the_person_and_no_answer(town: Town, rose: Person) -> None:
    made = edit(actor_of(town.alice), wanted=blank(rose, "norton/1"))
    assert isinstance(made, MadeEdition)
    text = squeezed(pdf_text(made.content))
    for words in ("LAMBERT", "Questionnaireàrempliràlamain", "☐Bon", "Page1/", "EHPADLesTilleuls"):
        assert words.lower() in text.lower(), words
    event = JournalEvent.objects.filter(action="edition.make").get()
    assert event.detail["instrument"] == "norton/1"


def test_an_unknown_instrument_is_refused(town: Town, rose: Person) -> None:
    with pytest.raises(Invalid) as invalid:
        edit(actor_of(town.alice), wanted=blank(rose, "nothing"))
    assert list(invalid.value.errors) == ["instrument"]


def test_from_the_sheet_to_the_file(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    begun = client.post(reverse("record:sheet_begin", args=[rose.pk]), {"instrument": "norton"})
    url = reverse("editions:person", args=[rose.pk, "questionnaire"])
    assert f"{url}?instrument=norton/1" in client.get(begun.url).content.decode()
    form = client.get(f"{url}?instrument=norton/1").context["form"]
    assert form["instrument"].value() == "norton/1"
    answer = client.post(url, {"instrument": "norton/1", "file_format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert "norton" not in answer["Content-Disposition"].lower()
    assert client.post(url, {"instrument": "x", "file_format": "pdf"}).status_code == 422


def test_it_is_of_the_version_of_the_sheet(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    begun = client.post(reverse("record:sheet_begin", args=[rose.pk]), {"instrument": "weight"})
    Sheet.objects.update(instrument_version="1")
    page = client.get(begun.url).content.decode()
    (asked,) = re.findall(r'href="([^"]*instrument=[^"]*)"', page)
    form = client.get(asked).context["form"]
    typed = {"instrument": form["instrument"].value(), "file_format": "pdf"}
    assert client.post(asked, typed)["Content-Type"] == "application/pdf"
    assert JournalEvent.objects.get(action="edition.make").detail["instrument"] == "weight/1"
    with collecting_reads():
        read = read_edition(actor_of(town.alice), blank(rose, "weight/1"))
    assert "Version 1" in "\n".join(texts_of(read.edition)).replace(" · ", "\n").split("\n")


def test_questions_answered_alike_stand_one_a_line() -> None:
    """The second way of a grid is one table under its name, after what is asked first."""
    blocks = form_of(version_of("aggir", "2008.1"))
    headings = [one.text for one in blocks if isinstance(one, Heading)]
    assert headings == [
        "Façon de répondre",
        "Une lettre par variable",
        "Geste par geste",
        "Commentaire",
    ]
    grids = [one for one in blocks if isinstance(one, Table)]
    letters, gestures = (dict(one.rows) for one in grids)
    assert len(letters) == 10 and len(gestures) == 17
    assert "Toilette\u00a0*" in letters
    boxes = gestures["Toilette\u00a0: Faire sa toilette du haut\u00a0*"]
    assert "☐\u00a0totalement" in boxes and "☐\u00a0Rien de tout cela" in boxes


@needs_poppler
def test_a_grid_in_two_ways_holds_on_two_pages(town: Town, rose: Person) -> None:
    made = edit(actor_of(town.alice), wanted=blank(rose, "aggir/2008.1"))
    assert isinstance(made, MadeEdition)
    text = squeezed(pdf_text(made.content))
    assert "Page2/2" in text
