"""Golden: what each instrument says on both sides of each of its thresholds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from virage.instruments.rules.given import Given
from virage.instruments.rules.scoring import Scored, scored
from virage.instruments.rules.shipped import in_force, shipped, version_of

IN_FORCE = [one for name in {one.id for one in shipped()} if (one := in_force(name, date.max))]
VERSIONS = {one.id: one.version for one in IN_FORCE}


def results(name: str, **values: Any) -> dict[str, Scored]:
    """Score answers by item; None is « je ne sais pas », a number is written as a text."""
    one = version_of(name, VERSIONS[name])
    answers = {}
    for item, value in values.items():
        is_number = item in one.items and one.items[item].kind == "number"
        answers[item] = (
            Given(is_unknown=True)
            if value is None
            else Given(Decimal(value) if is_number else value)
        )
    return scored(one, answers)


def read(name: str, score: str, **values: Any) -> str:
    """What a score says, "" without a value."""
    band = results(name, **values)[score].band
    return band.label if band else ""


TOTALS = {
    "algoplus": {"1": "Sous le seuil de douleur", "2": "Douleur à soulager"},
    "barthel": {
        "20": "Dépendance totale",
        "21": "Dépendance sévère",
        "60": "Dépendance sévère",
        "61": "Dépendance modérée",
        "90": "Dépendance modérée",
        "91": "Dépendance légère",
        "99": "Dépendance légère",
        "100": "Autonomie",
    },
    "braden": {
        "9": "Risque d’escarre très élevé",
        "10": "Risque d’escarre élevé",
        "12": "Risque d’escarre élevé",
        "13": "Risque d’escarre modéré",
        "14": "Risque d’escarre modéré",
        "15": "Risque d’escarre faible",
        "18": "Risque d’escarre faible",
        "19": "Sans risque particulier",
    },
    "cam": {"0": "Pas de confusion", "1": "Confusion"},
    "doloplus": {"4": "Sous le seuil de douleur", "5": "Douleur à soulager"},
    "ecpa": {"0": "", "32": ""},
    "edaap": {"6": "Sous le seuil de douleur", "7": "Douleur à soulager"},
    "ged_di": {
        "5": "Sous le seuil de douleur",
        "6": "Douleur légère",
        "10": "Douleur légère",
        "11": "Douleur moyenne à sévère",
    },
    "katz": {"0": "", "5.5": ""},
    "lawton": {"0": "", "8": ""},
    "mini_gds": {"0": "Sous le seuil publié", "1": "Dépression à rechercher"},
    "mmse": {"0": "", "30": ""},
    "mna": {
        "16.5": "Dénutrition",
        "17": "Risque de dénutrition",
        "23.5": "Risque de dénutrition",
        "24": "État nutritionnel normal",
    },
    "mna_sf": {
        "7": "Dénutrition",
        "8": "Risque de dénutrition",
        "11": "Risque de dénutrition",
        "12": "État nutritionnel normal",
    },
    "moca": {"25": "Sous le seuil publié", "26": "Au-dessus du seuil publié"},
    "npi_es": {"0": "", "144": ""},
    "san_salvadour": {
        "1": "Sous le seuil de douleur",
        "2": "Douleur possible",
        "5": "Douleur possible",
        "6": "Douleur à soulager",
    },
    "tinetti": {"0": "", "28": ""},
    "tug": {
        "13.9": "Sans risque de chute particulier",
        "14": "Risque de chute",
        "19.9": "Risque de chute",
        "20": "Mobilité réduite",
        "29.9": "Mobilité réduite",
        "30": "Mobilité très réduite",
    },
    "waterlow": {
        "9": "Sans risque particulier",
        "10": "Risque d’escarre",
        "14": "Risque d’escarre",
        "15": "Risque d’escarre élevé",
        "19": "Risque d’escarre élevé",
        "20": "Risque d’escarre très élevé",
    },
    "zarit": {
        "20": "Charge légère ou absente",
        "21": "Charge légère à modérée",
        "40": "Charge légère à modérée",
        "41": "Charge modérée à sévère",
        "60": "Charge modérée à sévère",
        "61": "Charge sévère",
    },
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_written_down_is_read_by_the_published_thresholds(name: str) -> None:
    said = {total: read(name, "score", total=total) for total in TOTALS[name]}
    assert said == TOTALS[name]


def test_of_a_licensed_scale_only_the_total_is_shipped() -> None:
    alone = [one for one in shipped() if one.is_total_only]
    assert {one.id for one in alone} == TOTALS.keys()
    for one in alone:
        assert list(one.items) == ["total"]
        assert "pas livrée" in one.licence, one.id
        assert one.scores_by_id["score"].of == ("total",)


PAIN = {
    "none": "Pas de douleur",
    "mild": "Douleur faible",
    "moderate": "Douleur à soulager",
    "intense": "Douleur à soulager",
    "extreme": "Douleur à soulager",
}


def test_pain_is_to_be_relieved_from_its_threshold_on() -> None:
    assert {word: read("pain_verbal", "level", word=word) for word in PAIN} == PAIN
    for name, levels in (
        ("pain_numeric", ("0", "1", "3", "4", "10")),
        ("pain_visual", ("0", "0.1", "3.9", "4", "10")),
    ):
        said = [read(name, "level_told", level=level) for level in levels]
        assert said == ["Pas de douleur", *["Douleur faible"] * 2, *["Douleur à soulager"] * 2]


def test_the_risk_of_norton_ends_at_fourteen() -> None:
    answers = {"physical": "good", "mental": "alert", "activity": "with_help"}
    answers |= {"mobility": "very_limited", "incontinence": "urinary"}
    assert read("norton", "total", **answers) == "Sans risque particulier"
    assert read("norton", "total", **answers | {"mental": "apathetic"}) == "Risque d’escarre"


UNDERNUTRITION = {
    "undernutrition_18": ("muscle", [("18.49", "18.5"), ("17", "17.01"), ("30", "30.1")]),
    "undernutrition_70": ("sarcopenia", [("21.99", "22"), ("19.99", "20"), ("29.9", "30")]),
}


def body(name: str, **values: Any) -> dict[str, Any]:
    """Someone of one metre, with a cause and no other sign: the weight in kg is the BMI."""
    signs = {"height": 100, "weight": 40, UNDERNUTRITION[name][0]: "no"}
    signs |= {f"weight_{when}": 40 for when in ("1_month", "6_months", "usual")}
    return signs | {"intake": "half", "absorption": "no", "disease": "no"} | values


@pytest.mark.parametrize("name", UNDERNUTRITION)
def test_undernutrition_by_the_body_mass_index(name: str) -> None:
    """The weight is written to a tenth of a kilo: the height makes the hundredths of the index."""
    _, (thin, severe, albumin) = UNDERNUTRITION[name]

    def at(index: str, **more: Any) -> tuple[str, str]:
        weight = Decimal(index) * 4
        same = {f"weight_{when}": weight for when in ("1_month", "6_months", "usual")}
        answers = body(name, weight=weight, height=200, **same) | more
        return read(name, "diagnosis", **answers), read(name, "severity", **answers)

    no_sign = "Pas de dénutrition sévère"
    assert at(thin[0]) == ("Dénutrition", no_sign)
    assert at(thin[1]) == ("Pas de dénutrition", no_sign)
    assert at(severe[0]) == ("Dénutrition", "Dénutrition sévère")
    assert at(severe[1]) == ("Dénutrition", no_sign)
    assert at(severe[1], albumin=albumin[0])[1] == "Dénutrition sévère"
    assert at(severe[1], albumin=albumin[1])[1] == no_sign


def test_a_threshold_is_judged_on_the_exact_number() -> None:
    """42.5 kg at 139 cm is 21.997 kg/m², shown as 22.00: below 22 all the same."""
    same = {f"weight_{when}": "42.5" for when in ("1_month", "6_months", "usual")}
    thin = {"weight": "42.5", "height": 139} | same
    index = results("undernutrition_70", **body("undernutrition_70", **thin))
    assert index["bmi"].value == Decimal("22.00")
    assert read("undernutrition_70", "diagnosis", **body("undernutrition_70", **thin)) == (
        "Dénutrition"
    )
    watched = WEIGHED | {"weight": "42.5", "height": 139, "is_70": "yes"}
    watched |= {"weight_1_month": "42.5", "weight_6_months": "42.5"}
    assert read("weight", "watch", **watched) == "Dénutrition à rechercher"
    lost = {"weight": "267.5", "weight_1_month": "281.57", "weight_6_months": "281.57"}
    lost |= {"weight_usual": "281.57", "height": 200}
    found = results("undernutrition_18", **body("undernutrition_18", **lost))
    assert found["lost_1_month"].value == Decimal("5.00")
    assert found["diagnosis"].value == 0


@pytest.mark.parametrize("name", UNDERNUTRITION)
@pytest.mark.parametrize(
    ("when", "found", "severe"),
    [
        ("1_month", ("38.1", "38"), ("36.1", "36")),
        ("6_months", ("36.1", "36"), ("34.1", "34")),
        ("usual", ("36.1", "36"), ("34.1", "34")),
    ],
)
def test_undernutrition_by_what_was_lost(
    name: str, when: str, found: tuple[str, str], severe: tuple[str, str]
) -> None:
    """40 kg before: 5 % in a month, 10 % in six or of the usual; 10 and 15 % are severe."""
    for weights, score, labels in (
        (found, "diagnosis", ("Pas de dénutrition", "Dénutrition")),
        (severe, "severity", ("Pas de dénutrition sévère", "Dénutrition sévère")),
    ):
        for weight, label in zip(weights, labels, strict=True):
            same = {f"weight_{one}": weight for one in ("1_month", "6_months", "usual")}
            answers = body(name, weight=weight, **same) | {f"weight_{when}": 40}
            assert read(name, score, **answers) == label, (weight, score)


@pytest.mark.parametrize("name", UNDERNUTRITION)
def test_undernutrition_asks_for_a_cause(name: str) -> None:
    thin = body(name, weight=15, height=100, intake="usual")
    assert read(name, "diagnosis", **thin) == "Pas de dénutrition"
    for cause in ({"intake": "less"}, {"absorption": "yes"}, {"disease": "yes"}):
        assert read(name, "diagnosis", **thin | cause) == "Dénutrition"
    muscle = {UNDERNUTRITION[name][0]: "yes"}
    assert read(name, "diagnosis", **body(name) | muscle) == "Dénutrition"
    assert read(name, "diagnosis", **body(name) | dict.fromkeys(muscle)) == ""


WEIGHED = {"height": 200, "misleading": "no", "is_70": "no", "is_18": "yes"}


@pytest.mark.parametrize(
    ("weight", "month", "half_year", "more", "label"),
    [
        ("95.1", 100, 100, {}, "Poids stable"),
        ("95", 100, 100, {}, "Dénutrition à rechercher"),
        ("90.1", 90, 100, {}, "Poids stable"),
        ("90", 90, 100, {}, "Dénutrition à rechercher"),
        ("90.1", 100, 100, {}, "Dénutrition à rechercher"),
        ("90", 100, 100, {}, "Perte de poids sévère"),
        ("85.1", 86, 100, {}, "Dénutrition à rechercher"),
        ("85", 86, 100, {}, "Perte de poids sévère"),
        ("74", 74, 74, {}, "Poids stable"),
        ("73.9", 74, 74, {}, "Dénutrition à rechercher"),
        ("88", 88, 88, {"is_70": "yes"}, "Poids stable"),
        ("87.9", 88, 88, {"is_70": "yes"}, "Dénutrition à rechercher"),
        ("85", 86, 100, {"misleading": "yes"}, ""),
        ("95.1", None, 100, {}, ""),
        ("85", None, 100, {}, "Perte de poids sévère"),
    ],
)
def test_a_weight_is_watched(
    weight: str, month: int | None, half_year: int | None, more: dict[str, Any], label: str
) -> None:
    answers = WEIGHED | {"weight": weight, "weight_1_month": month, "weight_6_months": half_year}
    assert read("weight", "watch", **answers | more) == label


def test_no_threshold_of_an_adult_is_read_for_a_child() -> None:
    thin = WEIGHED | {"weight": "60", "weight_1_month": "60", "weight_6_months": "60"}
    assert read("weight", "watch", **thin) == "Dénutrition à rechercher"
    assert read("weight", "watch", **thin | {"is_18": "no"}) == "Poids stable"
    lost = thin | {"is_18": "no", "weight": "57"}
    assert read("weight", "watch", **lost) == "Dénutrition à rechercher"


@pytest.mark.parametrize("name", ["weight", *UNDERNUTRITION])
def test_what_was_lost_says_which_criterion_it_meets(name: str) -> None:
    def said(score: str, former: str, *weights: str) -> list[str]:
        words = [
            read(name, score, weight=one, **WEIGHED | {former: 100}).replace("\u00a0", " ")
            for one in weights
        ]
        return [one.removeprefix("Critère de dénutrition").strip() for one in words]

    low, high = "Sous le critère de dénutrition (5 %)", "Sous le critère de dénutrition (10 %)"
    assert said("lost_1_month", "weight_1_month", "110", "109.9", "95.1", "95", "90.1", "90") == [
        *("Prise à vérifier", low, low, "(5 %)", "(5 %)", "sévère (10 %)")
    ]
    for former in version_of(name, VERSIONS[name]).items:
        if former in ("weight_6_months", "weight_usual"):
            score = former.replace("weight", "lost")
            assert said(score, former, "90.1", "90", "85.1", "85") == [
                *(high, "(10 %)", "(10 %)", "sévère (15 %)")
            ]


@pytest.mark.parametrize("name", ["weight", *UNDERNUTRITION])
def test_what_alarms_is_weighed_again_within_the_week(name: str) -> None:
    one = version_of(name, VERSIONS[name])
    again = {
        (score.id, band.label): band.again_after_days
        for score in one.scores
        for band in score.bands
        if band.again_after_days
    }
    alarms = ("Dénutrition à rechercher", "Perte de poids sévère") if name == "weight" else ()
    assert again == {("watch", label): 7 for label in alarms}
    assert one.again_after_days == 30
    (weight,) = (usual for usual in one.plausible if usual.of == "weight")
    assert (weight.at_least, weight.at_most, weight.change, weight.within_days) == (20, 300, 10, 7)


def test_a_weight_is_drawn_over_time() -> None:
    weighed = results("weight", weight="61.5", **WEIGHED)["kilograms"]
    assert weighed.value == Decimal("61.5")
    assert "kilograms" in version_of("weight", VERSIONS["weight"]).read_by


STEADY = {"falls": "none", "unsteady": "no", "afraid": "no"}
FELL = STEADY | {"falls": "one", "injured": "no", "on_floor": "no", "blackout": "no"}
FELL |= {"frail": "no", "seconds": "15"}


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        (STEADY, "Risque faible"),
        (FELL, "Risque faible"),
        (FELL | {"seconds": "15.1"}, "Risque intermédiaire"),
        (FELL | {"falls": "several"}, "Risque élevé"),
        (FELL | {"injured": "yes"}, "Risque élevé"),
        (FELL | {"on_floor": "yes"}, "Risque élevé"),
        (FELL | {"blackout": "yes", "seconds": None}, "Risque élevé"),
        (STEADY | {"afraid": "yes", "frail": "yes", "seconds": "10"}, "Risque élevé"),
        (STEADY | {"unsteady": "yes", "frail": "no", "seconds": "16"}, "Risque intermédiaire"),
        (FELL | {"seconds": None}, ""),
        (FELL | {"blackout": None}, ""),
    ],
)
def test_the_risk_of_falling(answers: dict[str, Any], label: str) -> None:
    assert read("falls", "risk", **answers) == label


def test_what_to_act_on_is_counted_apart_from_what_is_not_known() -> None:
    names = version_of("falls", VERSIONS["falls"]).scores_by_id["factors_found"].of
    factors = dict.fromkeys(names, "yes") | {"sight": "no", "memory": None}
    found = results("falls", **STEADY, **factors)["factors_found"]
    assert (found.value, found.missing) == (8, ())
    assert [term.told for term in found.terms if not term.weight] == ["je ne sais pas"]
    nothing = results("falls", **STEADY, **dict.fromkeys(names))["factors_found"]
    assert nothing.value is None


def test_an_opinion_is_a_share_of_what_was_answered() -> None:
    names = version_of("satisfaction", VERSIONS["satisfaction"]).scores_by_id["satisfied"].of
    assert len(names) == 10
    for answer, share in (("yes", 100), ("rather_yes", 67), ("rather_no", 33), ("no", 0)):
        told = dict.fromkeys(names, answer)
        assert results("satisfaction", **told)["satisfied"].value == share
        assert results("satisfaction", **told | {"meals": None})["satisfied"].value == share
    assert results("satisfaction", **dict.fromkeys(names))["satisfied"].value is None
