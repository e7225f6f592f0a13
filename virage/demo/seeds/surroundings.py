"""What surrounds a usager: address, telephone, numbers, contacts, protection, covers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from virage.demo import people
from virage.demo.characters import Cast, Character
from virage.demo.draw import Draw
from virage.demo.house import coded
from virage.formats.tddui.record import Telecom
from virage.foundation.access.actor import Actor
from virage.persons import actions
from virage.persons.enums import CoverageKind, IdentifierKind, Sex
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonItem,
    PersonTelecom,
)
from virage.persons.rules.identity import PersonTraits

# Years between a person and a relative, and whether the relative is a woman (None: as it falls).
RELATIVES: dict[str, tuple[int, bool | None]] = {
    "MTH": (-30, True),
    "FTH": (-32, False),
    "GRMTH": (-58, True),
    "GRFTH": (-60, False),
    "DAUC": (28, True),
    "SONC": (28, False),
    "NIECE": (26, True),
    "NEPHEW": (26, False),
    "SIS": (3, True),
    "BRO": (3, False),
    "WIFE": (2, True),
    "HUSB": (-2, False),
    "FRND": (1, None),
}
OF_THE_BIRTH_FAMILY = ("FTH", "GRFTH", "BRO")
# Kinds of places where one lives, and profiles of those who have a telephone of their own.
HOMES = ("ehpad", "fam", "foyer")
WITH_A_TELEPHONE = ("savs", "esat", "foyer")
# Who holds a measure, in the published list.
HOLDERS = {"tutelle": "TUTEUR", "curatelle": "CURATEUR", "curatelle_renforcee": "CURATEUR"}
MEASURE_DAYS = 5 * 365


@dataclass(frozen=True)
class Surroundings:
    """Adds to a person what her profile says is around such persons."""

    cast: Cast
    draw: Draw

    def add(self, actor: Actor, person: Person, character: Character) -> None:
        """Add everything, signed by the office of the establishment."""
        items = self.items(actor.at.date(), character)
        actions.add_surroundings(actor, person=person, items=items)

    def items(self, day: date, character: Character) -> list[PersonItem]:
        """Return everything as it is on that day, to be added in this order."""
        items: list[PersonItem] = [self._address(character)]
        if character.profile.key in WITH_A_TELEPHONE:
            items.append(PersonTelecom(system="phone", value=self._telephone(), use="mobile"))
        if character.plan.key != "ehpad":
            items.append(self._mdph_number())
        contacts = self._contacts(character)
        items += contacts
        items += self._protection(day, character, contacts)
        items += self._coverages(character, day)
        return items

    def _address(self, character: Character) -> PersonAddress:
        """A home of one's own, or the house where one lives."""
        if character.plan.key in HOMES:
            place = character.plan.address
            number, _, street = place.street.partition(" ")
            return PersonAddress(
                house_number=number,
                street=street,
                postal_code=place.postal_code,
                city=place.city,
                country="FRA",
                use="home",
            )
        department = character.plan.address.postal_code[:2]
        towns = [one for one in self.cast.names.towns if one.postal_code.startswith(department)]
        town = self.draw.choice(towns)
        return PersonAddress(
            house_number=str(self.draw.randint(1, 60)),
            street=self.draw.choice(self.cast.names.streets),
            postal_code=town.postal_code,
            city=town.name,
            insee_code=town.code,
            country="FRA",
            use="home",
        )

    def _telephone(self, *, is_mobile: bool = True) -> str:
        plan = people.people()
        start = plan.mobile_telephone if is_mobile else plan.fixed_telephone
        return f"{start} {self.draw.randint(10, 99)} {self.draw.randint(10, 99)}"

    def _mdph_number(self) -> PersonIdentifier:
        return PersonIdentifier(
            kind=IdentifierKind.MDPH, value=f"99-{self.draw.randint(100000, 999999)}"
        )

    def _contacts(self, character: Character) -> list[Contact]:
        """Draw the contacts; one rank for all, so that two parents are never twice the mother."""
        first = self.draw.randrange(2)
        spouse = 0 if character.is_female else 1
        return [
            self._contact(character, plan, spouse if "HUSB" in plan.relation else first)
            for plan in character.profile.contacts
            if self.draw.happens(plan.percent)
        ]

    def _contact(self, character: Character, plan: people.ContactPlan, rank: int) -> Contact:
        code = plan.relation[rank]
        years, said = RELATIVES[code]
        is_female = self.draw.happens(50) if said is None else said
        traits = character.traits
        born_on = traits.birth_on
        if born_on is None:
            raise ValueError("a relative's age is told from the person's")
        family = traits.used_family_name
        if code in OF_THE_BIRTH_FAMILY:
            family = traits.birth_family_name.title()
        elif code == "FRND":
            family = self.cast.family_name()
        return Contact(
            family_name=family,
            given_name=self.cast.given_name(is_female, born_on.year + years),
            civility="MME" if is_female else "M",
            relation=coded("relation", code),
            role=coded("contact_role", plan.role),
            is_emergency_contact=plan.is_emergency,
            telecoms=msgspec.to_builtins(
                [Telecom(system="phone", value=self._telephone(), use="mobile")]
            ),
        )

    def _protection(
        self, day: date, character: Character, contacts: Sequence[Contact]
    ) -> list[PersonItem]:
        """Return one measure at most, after the body that holds it when no relative does."""
        plans = character.profile.protections
        none = 100 - sum(plan.percent for plan in plans)
        rank = self.draw.weighted({"": none} | {str(i): p.percent for i, p in enumerate(plans)})
        if not rank:
            return []
        plan = plans[int(rank)]
        is_relative = plan.held_by == "relative" and bool(contacts)
        holder = contacts[0] if is_relative else self._body(plan.kind)
        since = (self.cast.today - day).days  # it is still in force
        judged_on = day - timedelta(days=self.draw.randint(60, MEASURE_DAYS - 200 - since))
        protection = LegalProtection(
            kind=plan.kind,
            covers_person=plan.covers_person,
            covers_goods=plan.covers_goods,
            judged_on=judged_on,
            ends_on=judged_on + timedelta(days=MEASURE_DAYS),
            holder=holder,
        )
        return [protection] if is_relative else [holder, protection]

    def _body(self, kind: str) -> Contact:
        role = coded("protection_role", HOLDERS.get(kind, ""))
        return Contact(
            family_name=self.draw.choice(people.people().protection_bodies),
            protection_role=role,
            relation=coded("relation", role.code),
            role=coded("contact_role", "GUARD"),
            telecoms=msgspec.to_builtins(
                [Telecom(system="phone", value=self._telephone(is_mobile=False), use="work")]
            ),
        )

    def _coverages(self, character: Character, day: date) -> list[Coverage]:
        profile = character.profile
        starts_on = date(day.year, 1, 1)
        is_child = character.plan.key in ("ime", "sessad")
        coverages = [
            Coverage(
                kind=CoverageKind.COMPULSORY,
                payer_name=self.draw.choice(profile.compulsory_cover),
                insured_number=self._insured_number(character, is_child=is_child),
                insured_link=coded("insured_link", "FAMDEP" if is_child else "SELF"),
                starts_on=starts_on,
                ends_on=date(self.cast.today.year, 12, 31),
            )
        ]
        if payer := self.draw.weighted(profile.complementary_cover):
            coverages.append(
                Coverage(kind=CoverageKind.COMPLEMENTARY, payer_name=payer, starts_on=starts_on)
            )
        return coverages

    def _insured_number(self, character: Character, *, is_child: bool) -> str:
        """A child is covered under a parent's number; others under their own, once known."""
        if not is_child:
            return character.ins_value
        return self.cast.nir_of(_parent_of(character.traits))


def _parent_of(traits: PersonTraits) -> PersonTraits:
    if traits.birth_on is None:
        raise ValueError("a parent's age is told from the child's")
    years = RELATIVES["MTH"][0]
    born_on = traits.birth_on.replace(day=1, year=traits.birth_on.year + years)
    return replace(traits, sex=Sex.FEMALE, birth_on=born_on)
