"""Who lives or comes in the house: drawn from the stock of names, unit by unit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from virage.demo import people
from virage.demo.draw import Draw
from virage.demo.house import coded
from virage.foundation.national_numbers import nir_key
from virage.persons.enums import Sex
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.names import strict_form

FRANCE = "France"
NO_PLACE = "998"  # begins the code of no town


class Place(NamedTuple):
    """Where someone was born, with the code of the town or of the foreign country."""

    code: str
    name: str
    country: str


@dataclass(frozen=True, kw_only=True)
class Character:
    """Someone to create, before anything is written about her."""

    plan: people.EstablishmentPlan
    unit: people.UnitPlan
    profile: people.Profile
    traits: PersonTraits
    ins_value: str
    reception_mode: str
    entered_on: date
    exited_on: date | None = None
    attributes: tuple[str, ...] = ()
    remarkable: people.RemarkablePerson | None = None

    @property
    def is_female(self) -> bool:
        return self.traits.sex == Sex.FEMALE


@dataclass
class Cast:
    """Draws the usagers of a demo; names come back once all are given, numbers never."""

    plan: people.Structures
    today: date
    draw: Draw
    names: people.Names = field(default_factory=people.names)
    _family_names: list[str] = field(default_factory=list)
    _births: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._deal_family_names()

    def _deal_family_names(self) -> None:
        taken = {strict_form(each.used_family_name) for each in people.people().remarkable}
        stock = [name for name in self.names.family_names if strict_form(name) not in taken]
        self._family_names = self.draw.sample(stock, len(stock))

    def characters(self) -> Iterator[Character]:
        """Yield everyone, establishment by establishment and unit by unit."""
        profiles = {profile.key: profile for profile in people.people().profiles}
        for plan in self.plan.establishments:
            for unit in plan.units:
                yield from self._of_unit(plan, unit, profiles[unit.profile])

    def _of_unit(
        self, plan: people.EstablishmentPlan, unit: people.UnitPlan, profile: people.Profile
    ) -> Iterator[Character]:
        known = [each for each in people.people().remarkable if each.unit == unit.name]
        modes = [mode for mode, count in unit.reception_modes.items() for _ in range(count)]
        for position, mode in enumerate(modes):
            remarkable = known[position] if position < len(known) else None
            traits = self._remarkable(remarkable) if remarkable else self.drawn(profile)
            has_ins = remarkable.has_ins if remarkable else self.draw.happens(profile.ins_percent)
            entered_on, exited_on = self._stay(profile, remarkable)
            yield Character(
                plan=plan,
                unit=unit,
                profile=profile,
                traits=traits,
                ins_value=self.nir_of(traits) if has_ins else "",
                reception_mode=mode,
                entered_on=entered_on,
                exited_on=exited_on,
                attributes=remarkable.attributes if remarkable else (),
                remarkable=remarkable,
            )

    def nir_of(self, traits: PersonTraits) -> str:
        """Return a number with a right key; its birth place is in no real one."""
        if traits.birth_on is None:
            raise ValueError("a number needs a birth date")
        sex = "2" if traits.sex == Sex.FEMALE else "1"
        place = traits.birth_place_code
        if not place.startswith(NO_PLACE):
            place = NO_PLACE + place[:2]
        start = f"{sex}{traits.birth_on:%y%m}{place}"
        self._births[start] += 1
        body = f"{start}{self._births[start]:03d}"
        return body + nir_key(body)

    def given_name(self, is_female: bool, year: int) -> str:
        """Return a given name in use for that year of birth."""
        return self.draw.choice(self._given_names(is_female, year))

    def family_name(self) -> str:
        """Return any family name of the stock."""
        return self.draw.choice(self.names.family_names)

    def _given_names(self, is_female: bool, year: int) -> tuple[str, ...]:
        generations = self.names.generations
        year = max(generations[0].born_from, min(year, generations[-1].born_to))
        generation = next(each for each in generations if each.born_from <= year <= each.born_to)
        return generation.female if is_female else generation.male

    def drawn(self, profile: people.Profile, born_on: date | None = None) -> PersonTraits:
        """Return who someone of this profile may be, born that day if one is given."""
        is_female = self.draw.happens(profile.female_percent)
        born_on = born_on or self._birth_date(profile)
        names = self._given_names(is_female, born_on.year)
        given = self.draw.sample(names, self.draw.choice((1, 2, 2, 3)))
        if not self._family_names:
            self._deal_family_names()
        family = self._family_names.pop()
        is_married = is_female and self.draw.happens(profile.married_name_percent)
        abroad = self.draw.happens(profile.foreign_born_percent)
        return self._traits(
            is_female=is_female,
            born_on=born_on,
            given=given,
            family=family,
            used_family=self.family_name() if is_married else family,
            abroad=abroad,
            household=self.draw.weighted(profile.household) if profile.household else "",
        )

    def _remarkable(self, person: people.RemarkablePerson) -> PersonTraits:
        return self._traits(
            is_female=person.is_female,
            born_on=person.born_on,
            given=list(person.birth_given_names),
            family=person.birth_family_name,
            used_family=person.used_family_name,
            used_given=person.used_given_name,
            abroad=person.is_born_abroad,
        )

    def _traits(
        self,
        *,
        is_female: bool,
        born_on: date,
        given: list[str],
        family: str,
        used_family: str,
        abroad: bool,
        used_given: str = "",
        household: str = "",
    ) -> PersonTraits:
        """Names are kept in capitals for the identity, as written for what is used every day."""
        place = self._birth_place(abroad)
        return PersonTraits(
            birth_family_name=strict_form(family),
            first_birth_given_name=strict_form(given[0]),
            birth_given_names=strict_form(" ".join(given)),
            used_family_name=used_family,
            used_given_name=used_given or given[0],
            sex=Sex.FEMALE if is_female else Sex.MALE,
            birth_on=born_on,
            birth_place_code=place.code,
            birth_place_name=place.name,
            birth_country=place.country,
            household_situation=coded("household_situation", household),
        )

    def _birth_place(self, abroad: bool) -> Place:
        if abroad:
            country = self.draw.choice(self.names.countries)
            return Place(country.code, self.draw.choice(country.towns), country.name)
        town = self.draw.choice(self.names.towns)
        return Place(town.code, town.name, FRANCE)

    def _birth_date(self, profile: people.Profile) -> date:
        first, last = date(profile.born_from, 1, 1), date(profile.born_to, 12, 31)
        return first + timedelta(days=self.draw.randrange((last - first).days + 1))

    def _stay(
        self, profile: people.Profile, remarkable: people.RemarkablePerson | None
    ) -> tuple[date, date | None]:
        """Return the days of entry, a working day, and of exit."""
        shortest, longest = (months * 30 for months in profile.entered_months_ago)
        days_ago = self.draw.randint(shortest, longest)
        left_days_ago = None
        if remarkable:
            if remarkable.entered_days_ago is not None:
                days_ago = remarkable.entered_days_ago
            left_days_ago = remarkable.left_days_ago
        entered_on = self.today - timedelta(days=days_ago)
        entered_on -= timedelta(days=max(0, entered_on.weekday() - 4))
        if left_days_ago is None:
            return entered_on, None
        return entered_on, self.today - timedelta(days=left_days_ago)
