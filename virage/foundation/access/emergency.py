"""Bris de glace: what it opens, to whom, for how long; the policy is data.

It stands in for the care team (condition 1) and for nothing else: the matrix and the restrictions
still hold. It opens the emergency sheet first, then, on a second step, the medical volet; to be
read, never written, never exported.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db.models import Exists, OuterRef, Q

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import is_of_health, profession_label
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.access.reach import NOTHING
from virage.foundation.content.loader import load
from virage.foundation.errors import Refused

# The one volet that it opens.
VOLET = Volet.MEDICAL


@dataclass(frozen=True)
class Policy:
    """`content/access/bris_de_glace.yaml`: hours open, and what is too many or too short.

    A sensitive record waits `approval_minutes` for a second person. `misses_a_day` bounds the
    identities tried in vain; more than `often_is_more_than` openings in `often_days` raise an
    alert; an opening is to be reviewed within `review_days`.
    """

    version: str
    source: str
    hours: int
    approval_minutes: int
    reason_characters: int
    misses_a_day: int
    often_is_more_than: int
    often_days: int
    review_days: int

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.hours)

    def is_often(self, count: int) -> bool:
        """Whether so many openings in `often_days` raise an alert."""
        return count > self.often_is_more_than

    @property
    def waits(self) -> timedelta:
        return timedelta(minutes=self.approval_minutes)


@cache
def policy() -> Policy:
    """Return the policy in force."""
    return load("access", "bris_de_glace", Policy)


def may_break_the_glass(profession: str) -> bool:
    """Whether the matrix says that this is a health profession."""
    return is_of_health(profession)


def profession_refusal(actor: Actor) -> Refused | None:
    """Return why the actor's profession may not break the glass, or None when it may."""
    if may_break_the_glass(actor.profession):
        return None
    return Refused(
        "health_profession",
        "Le bris de glace est réservé aux professions de santé : la loi ne l’ouvre pas à "
        f"« {profession_label(actor.profession)} ».",
        whom_to_ask="l’infirmière ou le médecin d’astreinte ; en cas d’urgence vitale, le 15",
    )


def opened_to(actor: Actor, subject: str = "subject", *, medical: bool = False) -> Q:
    """Return the condition « a bris de glace in force opens this subject to the actor ».

    With `medical`, its second step too. Costs nothing to whoever has none in force.
    """
    if not actor.has_broken_glass or not may_break_the_glass(actor.profession):
        return NOTHING
    openings = BrisDeGlace.objects.in_force(actor.at).filter(
        subject=OuterRef(subject), membership_id=actor.membership_id
    )
    if medical:
        openings = openings.filter(medical_at__isnull=False)
    return Q(Exists(openings))
