"""« Voir comme »: what two situations both see, for who manages rights to look without gaining any.

Each rule of the predicate is asked of both sides. What else looks at an actor finds the narrower of
the two: the rights in common, the lesser reach; and whoever looks as the one who acts and signs.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce, wraps
from operator import and_, or_
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.db.models import Q

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import common
from virage.foundation.errors import Refused

P = ParamSpec("P")
Rule = Callable[Concatenate[Actor, P], Q]
# From nobody to everybody.
WIDTHS = (Reach.NOBODY, Reach.UNITS, Reach.ESTABLISHMENT, Reach.OPERATOR)
# What the journal keeps of a purpose.
PURPOSE_LENGTH = 200
# The condition of what is refused because it takes one's own place.
ONLY_LOOKS = "seen_as"


def opened_by_both(rule: Rule[P]) -> Rule[P]:
    """Make a rule that opens something ask both sides of « Voir comme »."""
    return _on_each_side(rule, and_)


def closed_by_either(rule: Rule[P]) -> Rule[P]:
    """Make a rule that closes something hold as soon as one side of « Voir comme » is shut out."""
    return _on_each_side(rule, or_)


def looking_as(actor: Actor, seen: Actor) -> Actor:
    """Return the actor who looks at what `seen` sees, and gains nothing by it.

    `seen` is of the actor's operator, and of his establishment when he has one. No bris de glace
    counts, on either side.
    """
    seen, actor = (replace(one, has_broken_glass=False) for one in (seen, actor))
    seen_as = f"{seen.display_name}, {seen.profession_label}, {seen.establishment_name}"
    return replace(
        actor,
        establishment_id=seen.establishment_id,
        profession=common(seen.profession, actor.profession),
        reach=min(seen.reach, actor.reach, key=WIDTHS.index),
        unit_ids=_common_units(seen, actor),
        profession_label=seen.profession_label,
        establishment_name=seen.establishment_name,
        establishment_finess=seen.establishment_finess,
        people_word=seen.people_word,
        purpose=f"Voir comme {seen_as}"[:PURPOSE_LENGTH],
        has_other_situations=False,
        sides=(seen, actor),
        seen_as=seen_as,
    )


def require_own_place(actor: Actor) -> None:
    """Refuse what « Voir comme » never does, which is all but showing."""
    if actor.sides:
        raise Refused(
            ONLY_LOOKS,
            "Vous regardez comme quelqu’un d’autre : rien ne s’écrit ni ne s’exporte tant que "
            "vous n’êtes pas revenu à votre place.",
        )


def _common_units(seen: Actor, actor: Actor) -> tuple[UUID, ...]:
    if actor.reach != Reach.UNITS:
        return seen.unit_ids
    if seen.reach != Reach.UNITS:
        return actor.unit_ids
    return tuple(unit for unit in seen.unit_ids if unit in actor.unit_ids)


def _on_each_side(rule: Rule[P], joined: Callable[[Q, Q], Q]) -> Rule[P]:
    @wraps(rule)
    def judged(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Q:
        if not actor.sides:
            return rule(actor, *args, **kwargs)
        return reduce(joined, (rule(side, *args, **kwargs) for side in actor.sides))

    return judged
