"""Chance that always falls the same way: the demo of one day is the same on every machine."""

import random
from collections.abc import Mapping


class Draw(random.Random):
    """A seeded choice; each seed has its own, so that changing one leaves the others alone."""

    def happens(self, percent: int) -> bool:
        """Whether something that has so many chances in a hundred happens."""
        return self.randrange(100) < percent

    def weighted(self, weights: Mapping[str, int]) -> str:
        """Return one of the keys, drawn by weight."""
        return self.choices(list(weights), list(weights.values()))[0]
