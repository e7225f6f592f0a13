"""Chance that always falls the same way: the demo of one day is the same on every machine."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence


class Draw(random.Random):
    """A seeded choice; each seed has its own, so that changing one leaves the others alone."""

    def happens(self, percent: int) -> bool:
        """Whether something that has so many chances in a hundred happens."""
        return self.randrange(100) < percent

    def weighted(self, weights: Mapping[str, int]) -> str:
        """Return one of the keys, drawn by weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def fresh(self, texts: Sequence[str], told: Counter[str]) -> str:
        """Return one of the texts that were told the least so far, and count it."""
        least = min(told[text] for text in texts)
        text = self.choice([text for text in texts if told[text] == least])
        told[text] += 1
        return text
