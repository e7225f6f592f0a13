"""What the gallery shows: every component in every state, on invented people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django import forms
from django.http import QueryDict

from virage.foundation.coded import Coded
from virage.foundation.ui.charts import Chart, Series
from virage.foundation.ui.components import Badge, Identity, Tab
from virage.foundation.ui.fields import DayField, MomentField
from virage.foundation.ui.paging import Column, Heading, Paging
from virage.foundation.ui.widgets import ClockInput

VOLETS = [
    ("care", "Soins"),
    ("socio_educative", "Socio-éducatif"),
    ("psychological", "Psychologique"),
]
MINE = "Mme Petit a peu mangé ce midi, une demi-portion. Elle dit avoir mal au genou droit."
THEIRS = "Mme Petit a peu mangé ce midi, un quart de portion. Elle dit avoir mal au genou gauche."

LONG_WORDS = (
    "Madame Marie-Antoinette de la Rochefoucauld-Montbéliard, née Grandjean de Saint-Hippolyte, "
    "unité Les Tilleuls et Les Glycines réunies, anticonstitutionnellement."
)
DAYS = tuple(
    datetime(2026, *day, 9, tzinfo=UTC) for day in ((1, 5), (1, 9), (3, 2), (10, 1), (11, 2))
)
WEEKS = tuple(f"S{number}" for number in range(40, 52))


class GalleryForm(forms.Form):
    """A field of every kind."""

    title = forms.CharField(label="Objet", help_text="En quelques mots, sans nom de personne.")
    volet = forms.ChoiceField(label="Volet", choices=VOLETS, widget=forms.RadioSelect)
    unit = forms.ChoiceField(label="Unité", choices=[("1", "Les Tilleuls"), ("2", "Les Glycines")])
    on = DayField(label="Jour")
    at = forms.TimeField(label="Heure", widget=ClockInput, required=False)
    happened_at = MomentField(label="Moment du fait", required=False)
    weight = forms.DecimalField(label="Poids (kg)", required=False, min_value=0)
    text = forms.CharField(
        label="Transmission",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que vous avez vu, ce que vous avez fait, ce qui reste à faire.",
    )
    file = forms.FileField(label="Pièce jointe", required=False, help_text="PDF, 20 Mo au plus.")
    targets = forms.MultipleChoiceField(
        label="Prévenir",
        choices=[("nurse", "Infirmières"), ("physician", "Médecin coordonnateur")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_important = forms.BooleanField(
        label="Mettre en avant à la relève",
        required=False,
        help_text="Reste en tête de liste pendant 72 heures.",
    )


class StateForm(forms.Form):
    """A short form, shown filled, wrong or closed."""

    title = forms.CharField(label="Objet", max_length=80)
    unit = forms.ChoiceField(label="Unité", choices=[("1", "Les Tilleuls"), ("2", "Les Glycines")])
    text = forms.CharField(label="Transmission", widget=forms.Textarea(attrs={"rows": 3}))
    is_important = forms.BooleanField(label="Mettre en avant à la relève", required=False)


class GalleryFilters(forms.Form):
    """Filters as a list has them."""

    unit = forms.ChoiceField(
        label="Unité", choices=[("", "Toutes"), ("1", "Les Tilleuls")], required=False
    )
    state = forms.ChoiceField(
        label="Séjour", choices=[("", "En cours"), ("past", "Terminés")], required=False
    )


@dataclass(frozen=True)
class SampleRow:
    """A line of the sample table."""

    name: str
    born_on: date
    room: str
    weight: float
    badge: Badge


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """All the samples."""

    form: GalleryForm
    filters: GalleryFilters
    identity: Identity
    tabs: tuple[Tab, ...]
    paging: Paging[SampleRow]
    columns: tuple[Column, ...]
    wrong: StateForm
    closed: StateForm
    long: StateForm
    charts: tuple[Chart, ...]
    empty_page: Paging[SampleRow] = Paging(rows=[], total=0, counted=0, number=1, pages=1)
    coded: Coded = Coded(code="GIR-2", text="GIR 2")
    long_words: str = LONG_WORDS
    kinds: tuple[str, ...] = ("neutral", "danger", "warning", "success", "info", "simulated")
    buttons: tuple[str, ...] = ("primary", "secondary", "quiet", "danger")
    mine: str = MINE
    theirs: str = THEIRS
    at: datetime = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def gallery_of(form: GalleryForm, query: QueryDict) -> Gallery:
    """Return the samples around a form."""
    return Gallery(
        form=form,
        filters=GalleryFilters(query),
        identity=_identity(),
        tabs=(
            Tab("Synthèse", "#", is_current=True),
            Tab("Administratif", "#"),
            Tab("Soins", "#", count=12),
            Tab("Socio-éducatif", "#", count=3),
            Tab("Projet", "#"),
            Tab("Documents", "#", count=41),
        ),
        paging=_paging(),
        columns=(Column("Constante"), Column("Valeur", is_number=True)),
        wrong=StateForm({"wrong-unit": "9"}, prefix="wrong"),
        closed=_closed(),
        long=StateForm(
            prefix="long", initial={"title": LONG_WORDS[:80], "unit": "2", "text": LONG_WORDS * 4}
        ),
        charts=_charts(),
    )


def _closed() -> StateForm:
    form = StateForm(prefix="closed", initial={"title": "Visite du médecin", "unit": "1"})
    for field in form.fields.values():
        field.disabled = True
    return form


def _charts() -> tuple[Chart, ...]:
    notes = Series("Transmissions", (4, 7, 0, 12, 9, 15, 8, 3, 1200, 640, 980, 1105))
    events = Series("Évènements", (1, 2, 2, None, 3, 1, 0, 4, 210, 320, 150, 90))
    return (
        Chart(id="bars", title="Transmissions par semaine", labels=WEEKS, series=(notes,)),
        Chart(id="pairs", title="Deux séries côte à côte", labels=WEEKS, series=(notes, events)),
        Chart(
            id="stacked",
            title="Quatre séries empilées",
            labels=WEEKS[:5],
            kind="stacked",
            series=tuple(Series(f"Unité {n}", (n, 5, 8 - n, None, 3)) for n in range(1, 5)),
        ),
        Chart(
            id="weight",
            title="Poids, avec une mesure manquante",
            labels=WEEKS[:6],
            kind="lines",
            unit="kg",
            decimals=1,
            bounds=(60, 66),
            series=(Series("Poids", (61.2, 61, 60.4, None, 59.8, 58.9)),),
        ),
        Chart(
            id="dated",
            title="Mesures placées à leur date",
            labels=tuple(f"{day:%d/%m/%Y}" for day in DAYS),
            moments=DAYS,
            kind="lines",
            series=(Series("Score", (14, 13, 13, 11, 12)),),
        ),
        Chart(
            id="pulse",
            title="Quatre courbes",
            labels=WEEKS[:5],
            kind="lines",
            series=tuple(Series(f"Salle {n}", (n, n + 2, n, n + 3, n + 1)) for n in range(1, 5)),
        ),
        Chart(
            id="single",
            title="Une seule mesure",
            labels=("S48",),
            kind="lines",
            series=(Series("Poids", (61.2,)),),
            decimals=1,
        ),
        Chart(id="none", title="Aucune mesure", labels=(), series=(Series("Poids", ()),)),
    )


def _identity() -> Identity:
    return Identity(
        url="#",
        used_name="de la Rochefoucauld-Montbéliard",
        first_names="Marie-Antoinette",
        birth_name="Grandjean",
        birth_date=date(1941, 3, 12),
        age="85 ans",
        sex="Féminin",
        ins=(Badge("INS non vérifiée", "warning"),),
        place="Chambre 12, Les Tilleuls",
        alerts=(
            Badge("Allergie : pénicilline", "danger"),
            Badge("Texture mixée", "warning", "soup"),
            Badge("Risque de chute", "warning", "footprints"),
            Badge("Directives anticipées", "info", "file-heart"),
        ),
        like_name="Marie de la Rochefoucauld, 02/11/1939, chambre 21.",
    )


def _paging() -> Paging[SampleRow]:
    rows = [
        SampleRow(
            "de la Rochefoucauld-Montbéliard Marie-Antoinette",
            date(1941, 3, 12),
            "12",
            48.5,
            Badge("Évaluation en retard", "danger"),
        ),
        SampleRow("Petit Jeanne", date(1938, 1, 1), "4", 61, Badge("À jour", "success")),
        SampleRow("Nguyen Paul", date(1952, 8, 30), "21", 102.3, Badge("À confirmer", "warning")),
    ]
    headings = (
        Heading("Nom", url="?sort=-name", direction="ascending"),
        Heading("Naissance", url="?sort=born_on"),
        Heading("Chambre"),
        Heading("Poids (kg)", is_number=True),
        Heading("Projet"),
    )
    return Paging(
        rows=rows,
        total=120,
        counted=120,
        number=2,
        pages=3,
        headings=headings,
        previous_url="?page=1",
        next_url="?page=3",
        first=51,
        last=100,
    )
