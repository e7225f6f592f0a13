"""Results: what is frozen of an instrument answered, so that it is never counted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from virage.instruments.rules.given import Answers
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.scoring import Scored, Term, scored


@dataclass(frozen=True, kw_only=True)
class FrozenScore:
    """A score as it was counted that day, with what made it.

    Without a value, `missing` says which answers lacked; without either, no question applied.
    A sum has `terms`; a table or a function, `grounds`, and a sentence that says why (`because`).
    `is_result` marks those by which the instrument is read; `held_by` says what held it down;
    `again_after_days`, that what it means makes the instrument due again sooner.
    """

    id: str
    label: str
    value: Decimal | None = None
    unit: str = ""
    meaning: str = ""
    advice: str = ""
    tone: str = ""
    terms: tuple[Term, ...] = ()
    grounds: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    because: str = ""
    held_by: str = ""
    is_result: bool = False
    again_after_days: int | None = None

    @property
    def told(self) -> str:
        """The value as it is read in France, with its unit; "incomplet" without one."""
        if self.value is None:
            return "Incomplet" if self.missing else "Sans objet"
        return " ".join([str(self.value).replace(".", ","), self.unit]).strip()

    @property
    def is_counted(self) -> bool:
        """Whether it has a value, or would have one if nothing lacked."""
        return self.value is not None or bool(self.missing)

    @property
    def kind(self) -> str:
        """The kind of badge that its meaning is shown as."""
        return self.tone or "neutral"


def frozen(instrument: Instrument, answers: Answers) -> list[FrozenScore]:
    """Return every score of these answers, ready to be kept."""
    results = scored(instrument, answers)
    return [_frozen(one, one.score.id in instrument.read_by) for one in results.values()]


def again_after_days(instrument: Instrument, scores: Sequence[FrozenScore]) -> int | None:
    """Return in how many days it is due again: as it says itself, or sooner as its results say."""
    days = [instrument.again_after_days, *(score.again_after_days for score in scores)]
    return min((one for one in days if one is not None), default=None)


def scores_to_json(scores: Sequence[FrozenScore]) -> list[dict[str, Any]]:
    """Return scores as JSON keeps them; decimals stay exact."""
    stored: list[dict[str, Any]] = msgspec.to_builtins(scores)
    return stored


def scores_from_json(stored: Sequence[dict[str, Any]]) -> list[FrozenScore]:
    """Return scores as they were before `scores_to_json`."""
    return msgspec.convert(stored, list[FrozenScore])


def _frozen(one: Scored, is_result: bool) -> FrozenScore:
    score, band = one.score, one.band
    return FrozenScore(
        id=score.id,
        label=score.label,
        value=one.value,
        unit=score.unit,
        meaning=band.label if band else "",
        advice=band.advice if band else "",
        tone=band.tone if band else "",
        terms=one.terms,
        grounds=one.grounds,
        missing=one.missing,
        because=one.because,
        again_after_days=band.again_after_days if band else None,
        held_by=one.cap.because if one.cap else "",
        is_result=is_result,
    )
