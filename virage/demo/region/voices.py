"""What stays true of a person in all that is told of her: traits, words, relatives, weight."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from virage.demo.draw import Draw
from virage.demo.region.plan import Course
from virage.demo.region.wording import Word
from virage.demo.texts import agreed, drawn, elided
from virage.persons.enums import Sex
from virage.persons.models import Contact
from virage.persons.rules.identity import PersonTraits

GROWN_AT = 17
YEAR = 365.25
SENTENCE = re.compile(r"(?:^|[.!?] )[a-zà-ÿ]")


@dataclass
class Voice:
    """How one person is spoken of; the same all along."""

    is_female: bool
    born_on: date
    traits: frozenset[str]
    words: dict[str, str]
    kilograms: int
    tension: int
    told: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(
        cls,
        course: Course,
        traits: PersonTraits,
        contacts: list[Contact],
        draw: Draw,
        *,
        also: tuple[str, ...],
    ) -> Self:
        """Draw how a person is spoken of; `also` are traits that come from where she stays."""
        is_female = traits.sex == Sex.FEMALE
        relatives = {one.relation.code: one.given_name for one in contacts if one.relation.code}
        words = {
            key: agreed(draw.choice(choices), is_female=is_female)
            for key, choices in course.words.items()
        }
        civility = "Mme" if is_female else "M."
        names = {"nom": f"{civility} {traits.used_family_name}", "prenom": traits.used_given_name}
        own = {draw.weighted(table) for table in course.traits} - {""}
        if traits.birth_on is None:
            raise ValueError("who is told of has an age")
        return cls(
            is_female=is_female,
            born_on=traits.birth_on,
            traits=frozenset({*own, *also, *relatives}),
            words=words | relatives | names,
            kilograms=draw.randint(*course.weight_kg),
            tension=draw.randint(11, 15),
        )

    def suits(self, needs: tuple[str, ...], unless: tuple[str, ...]) -> bool:
        """Whether what needs these traits, and none of those, may be told of this person."""
        return self.traits.issuperset(needs) and self.traits.isdisjoint(unless)

    def said(self, text: str, day: date, draw: Draw) -> str:
        """Return a text fitted to this person on that day."""
        text = drawn(text, draw.choice, is_female=self.is_female)
        if "{" in text:
            text = Word.sub(lambda word: self._word(word[1], day, draw), text)
            # A word of the person may begin a sentence.
            text = SENTENCE.sub(lambda start: start[0].upper(), text)
        return elided(text)

    def _word(self, key: str, day: date, draw: Draw) -> str:
        if key == "poids":
            return f"{self.weight_on(day):.1f} kg".replace(".", ",")
        if key == "tension":
            high = self.tension + draw.choice((-1, 0, 0, 0, 1))
            return f"{high}/{high // 2 + 1}"
        return self.words[key]

    def weight_on(self, day: date) -> float:
        """Return the weight in kilograms: it turns slowly, and a child grows."""
        age = (day - self.born_on).days / YEAR
        grown = 0.15 + 0.85 * math.pow(min(1.0, age / GROWN_AT), 1.5)
        return self.kilograms * grown * (1 + 0.03 * math.sin(day.toordinal() / 140 + self.tension))
