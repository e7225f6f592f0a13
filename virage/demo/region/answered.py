"""What the shipped instruments are answered about the region, scored as a sheet is."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from virage.demo.draw import Draw
from virage.demo.region.voices import Voice
from virage.foundation.access.enums import Volet
from virage.instruments.rules.fhir.words import tree_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.results import again_after_days, frozen
from virage.instruments.rules.shipped import in_force

ASKED_OF = "nurse"
VARIABLES = (
    *("coherence", "orientation", "washing", "dressing", "feeding", "elimination"),
    *("transfers", "indoors", "outdoors", "alerting"),
)
# The letters of these variables which give each group, from GIR 1 to GIR 5.
LETTERS = ("cccccccccc", "bbcccccccc", "abccbcbbcb", "aabbaaaaca", "aabaaaaaba")
FACTORS = (
    *("many_drugs", "sedatives", "dizzy", "sight", "feet", "toilet", "memory", "eating", "place"),
)
FACTOR_PERCENT, FRAIL_PERCENT, INJURED_PERCENT, AFRAID_PERCENT = 30, 25, 15, 35
FALLS = {"none": 62, "one": 27, "several": 11}
WALKS_WITH = {"canne", "deambulateur"}
SECONDS = (9, 27)
MONTH, SIX_MONTHS = timedelta(days=30), timedelta(days=182)
YEAR = 365.25


def frozen_columns(name: str, day: date, answers: Mapping[str, Given]) -> dict[str, Any]:
    """Return the columns of an evaluation that finishing a sheet of these answers would freeze."""
    instrument = _in_force(name, day)
    scores = frozen(instrument, answers)
    again = again_after_days(instrument, scores)
    return {
        "volet": Volet(instrument.volet_of(ASKED_OF)),
        "title": instrument.title,
        "answers": tree_of(instrument, answers),
        "scores": scores,
        "instrument": instrument.id,
        "instrument_version": instrument.version,
        "due_on": day + timedelta(days=again) if again else None,
    }


def autonomy(rank: int) -> dict[str, Given]:
    """Return the answers to AGGIR which give a group, 0 for GIR 1."""
    letters = zip(VARIABLES, LETTERS[rank], strict=True)
    return {"way": Given("letters")} | {f"{one}_letter": Given(given) for one, given in letters}


def weight(voice: Voice, day: date) -> dict[str, Given]:
    """Return the answers to the follow-up of the weight, from the weight that is told of her."""
    index = 17.5 + voice.tension / 2
    return {
        "weight": _kilograms(voice, day),
        "height": Given(Decimal(round(100 * math.sqrt(voice.kilograms / index)))),
        "misleading": Given("no"),
        "is_70": _yes((day - voice.born_on).days >= 70 * YEAR),
        "is_18": _yes((day - voice.born_on).days >= 18 * YEAR),
        "weight_1_month": _kilograms(voice, day - MONTH),
        "weight_6_months": _kilograms(voice, day - SIX_MONTHS),
    }


def falls(voice: Voice, draw: Draw) -> dict[str, Given]:
    """Return the answers to the risk of falling of someone, by how she moves."""
    is_seated = "fauteuil" in voice.traits
    has_aid = not voice.traits.isdisjoint(WALKS_WITH)
    return {
        "falls": Given(draw.weighted(FALLS)),
        "unsteady": _yes(is_seated or has_aid),
        "afraid": _yes(draw.happens(AFRAID_PERCENT)),
        "injured": _yes(draw.happens(INJURED_PERCENT)),
        "on_floor": _yes(draw.happens(INJURED_PERCENT)),
        "blackout": Given("no"),
        "frail": _yes(draw.happens(FRAIL_PERCENT)),
        "seconds": Given(is_unknown=True) if is_seated else Given(Decimal(draw.randint(*SECONDS))),
        "aid": _yes(has_aid),
        **{one: _yes(draw.happens(FACTOR_PERCENT)) for one in FACTORS},
    }


def _kilograms(voice: Voice, day: date) -> Given:
    return Given(Decimal(f"{voice.weight_on(day):.1f}"))


def _yes(is_so: bool) -> Given:
    return Given("yes" if is_so else "no")


@cache
def _in_force(name: str, day: date) -> Instrument:
    instrument = in_force(name, day)
    if instrument is None:
        raise ValueError(f"{name} is not answered on {day}")
    return instrument
