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
        """Return one of the texts told the least, not the latest if there is another; count it."""
        least = min(told[text] for text in texts)
        latest = next((text for text in reversed(told) if text in texts), "")
        choices = [text for text in texts if told[text] == least and text != latest] or texts
        text = self.choice(choices)
        told[text] = told.pop(text, 0) + 1  # a Counter keeps its order: the latest is the last
        return text
