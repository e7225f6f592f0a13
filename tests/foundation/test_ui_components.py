"""What components promise: errors tied to fields, typed words kept, dates and texts readable."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from difflib import SequenceMatcher

import pytest
from django import forms
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from lucide import IconDoesNotExist

from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.ui import dates
from virage.foundation.ui.differences import Passage, differences
from virage.foundation.ui.forms import add_domain_error
from virage.foundation.ui.gallery import GalleryForm
from virage.foundation.ui.paging import Paging


def _render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_a_form_keeps_what_was_typed_and_leads_to_its_errors() -> None:
    form = GalleryForm(MultiValueDict({"text": ["<b>Chute</b>"], "on": ["31/02/2026"]}))
    html = _render('{% form form submit="Enregistrer" %}', form=form)
    assert "&lt;b&gt;Chute&lt;/b&gt;" in html
    assert '<a href="#id_on">Jour : saisissez une date valide.</a>' in html
    assert '<a href="#id_volet_0">Volet : ce champ est obligatoire.</a>' in html
    assert "</svg> Ce champ est obligatoire.</p>" in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'enctype="multipart/form-data"' in html


def test_an_acronym_keeps_its_capitals_after_a_colon() -> None:
    form = GalleryForm({"title": "x"})
    form.add_error("title", "RPPS inconnu.")
    form.add_error(None, "Rien à faire.")
    html = _render("{% error_summary form %}", form=form)
    assert f"Objet{dates.NO_BREAK}: RPPS inconnu." in html
    assert "<li>Rien à faire.</li>" in html


@pytest.mark.parametrize(
    ("total", "noun", "said"),
    [
        (0, "fait", "0 fait"),
        (1, "transmission", "1 transmission"),
        (6, "transmission", "6 transmissions"),
        (2, "accès", "2 accès"),
        (2, "tableau", "2 tableaux"),
    ],
)
def test_the_pager_names_its_rows(total: int, noun: str, said: str) -> None:
    paging = Paging(rows=[], total=total, counted=total, number=1, pages=1)
    html = _render("{% pagination paging noun=noun %}", paging=paging, noun=noun)
    assert f">{said}</p>" in html


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (1796, "1 à 50 sur 1\xa0796 personnes"),
        (1795, "1 à 50 sur 1\xa0796 lignes, 1\xa0795 personnes"),
    ],
)
def test_the_pager_counts_apart_what_has_several_rows(counted: int, said: str) -> None:
    paging = Paging(rows=[], total=1796, counted=counted, number=1, pages=2, first=1, last=50)
    html = _render("{% pagination paging noun='personne' %}", paging=paging)
    assert f">{said}</p>" in html


def test_a_domain_error_comes_back_on_the_form() -> None:
    form = GalleryForm({})
    add_domain_error(form, Invalid({"on": ["Ce jour est à venir."], "stay": ["Séjour clos."]}))
    add_domain_error(form, Refused("reach", "Hors de vos unités.", "la direction"))
    assert "Ce jour est à venir." in form.errors["on"]
    assert form.non_field_errors() == [
        "Séjour clos.",
        "Hors de vos unités. À voir avec : la direction.",
    ]


@pytest.mark.parametrize("error", [Refused.hidden(), Conflict("x", "mine", "theirs")])
def test_what_no_form_can_show_goes_on(error: Exception) -> None:
    with pytest.raises(type(error)):
        add_domain_error(forms.Form({}), error)


def test_an_unknown_icon_is_a_fault() -> None:
    with pytest.raises(IconDoesNotExist):
        _render('{% icon "no-such-icon" %}')


def test_attributes_are_escaped_and_hyphenated() -> None:
    html = _render('{% button "Valider" hx_get=value %}', value='"><script>')
    assert 'hx-get="&quot;&gt;&lt;script&gt;"' in html


def test_an_absent_value_is_said() -> None:
    assert "Non renseigné" in _render('{% definition "Médecin" %}')
    assert "<dd>0</dd>" in _render('{% definition "Chutes" 0 %}')


def test_the_way_here_ends_on_the_present_page() -> None:
    html = _render('{% breadcrumb "Usagers" "/usagers/" "Import" %}')
    assert '<a href="/usagers/">Usagers</a>' in html
    assert '<span aria-current="page">Import</span>' in html


def test_dates_are_read_in_paris() -> None:
    instant = datetime(2026, 6, 30, 22, 5, tzinfo=UTC)
    plain = dates.moment(instant).replace(dates.NO_BREAK, " ")
    assert ">mer. 1er juil. 2026, 0 h 05<" in plain
    assert ">12/03/1941<" in dates.numeric_day(date(1941, 3, 12))
    assert ">0 h 05<" in dates.clock(instant).replace(dates.NO_BREAK, " ")
    assert dates.day(None) == dates.numeric_day(None) == dates.moment(None) == dates.clock(None)


def test_two_texts_show_where_they_differ() -> None:
    mine, theirs = differences("mal au genou droit ce soir", "mal au genou gauche ce soir")
    assert [passage.text for passage in mine if passage.is_own] == ["droit "]
    assert [passage.text for passage in theirs if passage.is_own] == ["gauche "]
    assert "".join(passage.text for passage in mine) == "mal au genou droit ce soir"


def test_two_long_texts_are_compared_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Word by word over the whole of it, a plan of three hundred actions held the server."""
    compared = []

    class Counted(SequenceMatcher[str]):
        def __init__(self, *, a: Sequence[str], b: Sequence[str]) -> None:
            compared.append(len(a) * len(b))
            super().__init__(a=a, b=b)

    monkeypatch.setattr("difflib.SequenceMatcher", Counted)
    lines = [(f"Action {n}\u00a0: marcher", "État\u00a0: à faire", "Pour Rose") for n in range(400)]
    before = "\n".join(line for action in lines for line in action)
    after = before.replace("État\u00a0: à faire", "État\u00a0: faite")
    mine, theirs = differences(before, after)
    assert {one.text for one in mine if one.is_own} == {"à faire\n"}
    assert {one.text for one in theirs if one.is_own} == {"faite\n"}
    assert "".join(one.text for one in theirs) == after
    assert sum(compared) < 2_000_000


@pytest.mark.parametrize("piece", ["mot ", "ligne\n"])
def test_what_is_too_long_to_compare_is_marked_as_a_whole(piece: str) -> None:
    before = "début\na " + piece * 6_000 + "b"
    after = "début\nc " + piece * 7_000 + "d"
    mine, theirs = differences(before, after)
    assert "".join(one.text for one in mine) == before
    assert "".join(one.text for one in theirs) == after
    assert theirs[0] == Passage("début\n", is_own=False)
    assert sum(one.is_own for one in theirs) == 1
