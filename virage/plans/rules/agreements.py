"""What was said of a version of a plan: who said it last, and what it comes to. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, TypeVar

from virage.plans.enums import Agreement

# One, several: as a sentence counts them.
COUNTED = {
    Agreement.AGREED: ("accord", "accords"),
    Agreement.REFUSED: ("refus", "refus"),
    Agreement.NOT_COLLECTED: ("avis non recueilli", "avis non recueillis"),
}


class Said(Protocol):
    """What these rules read of a signature."""

    name: str
    capacity: str
    agreement: str


T = TypeVar("T", bound=Said)


def in_force(said: Iterable[T]) -> list[T]:
    """Return the last signature of each person in each capacity, of all of them as noted."""
    last = {(" ".join(one.name.split()).casefold(), one.capacity): one for one in said}
    return list(last.values())


def told(said: Iterable[T]) -> str:
    """Say in French how many agree, refuse or could not be asked; "" when nobody was."""
    counts = Counter(Agreement(one.agreement) for one in in_force(said))
    return ", ".join(
        f"{counts[one]}\u00a0{COUNTED[one][counts[one] > 1]}" for one in Agreement if counts[one]
    )
