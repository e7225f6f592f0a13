"""What the larger components receive: plain values, already worded, never a model."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

# neutral: no meaning; danger: danger or overdue; warning: soon or to confirm; success: done;
# info: information; simulated: fed by a simulator (« simulé »).
Kind = Literal["neutral", "danger", "warning", "success", "info", "simulated"]


@dataclass(frozen=True)
class Badge:
    """A word, its meaning and, if the meaning's own does not suit, its icon."""

    label: str
    kind: Kind = "neutral"
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the identity banner shows of a person, on every page of the record.

    `used_name` and `first_names` are those the person goes by; `birth_name` is left empty when
    it is the same. `age` is worded (« 84 ans », « 7 mois »), `place` too (« Chambre 12, Les
    Tilleuls »). `ins` says what the identity is worth, gravest first; `ins_number` shows on paper
    only. `alerts` are what matters in ten seconds, gravest first. `like_name` warns of another
    person with a like name and says how to tell them apart.
    """

    url: str
    used_name: str
    first_names: str
    birth_name: str = ""
    birth_date: date | None = None
    age: str = ""
    sex: str = ""
    photo_url: str = ""
    ins: tuple[Badge, ...] = ()
    ins_number: str = ""
    place: str = ""
    alerts: tuple[Badge, ...] = ()
    like_name: str = ""

    @property
    def initials(self) -> str:
        """Stand in for an absent photo."""
        return (self.first_names[:1] + self.used_name[:1]).upper()


@dataclass(frozen=True)
class Tab:
    """One tab: a link to a page of its own."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None
