"""The usagers: who they are, where they stay, who follows them."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from virage.demo.characters import Cast, Character
from virage.demo.draw import Draw
from virage.demo.house import House, Usager, coded, instant
from virage.demo.seeds.surroundings import Surroundings
from virage.foundation.access.actor import Actor
from virage.persons import actions
from virage.persons.enums import InsOid, ReceptionMode
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import look_alike_ids

OFFICE_HOUR = time(9, 30)
TEMPORARY_STAY_DAYS = 60
ADMITTED_DAYS_BEFORE = 12
FORMER_STAY_DAYS = 700
FOLLOWING = {"ehpad": "care_assistant"}  # elsewhere an educator


def seed_persons(house: House) -> list[Usager]:
    """Create everyone; return one line per stay, unit after unit."""
    draw = Draw(f"persons {house.operator.siren}")
    cast = Cast(house.plan, house.today, draw)
    surroundings = Surroundings(cast, draw)
    free_rooms = {name: iter(rooms) for name, rooms in house.rooms.items()}
    usagers = []
    for number, character in enumerate(cast.characters(), start=1):
        secretary = _secretary(house, character)
        stay = _stay(house, character, draw, number)
        stay.room = next(free_rooms[character.unit.name], None)
        person = _create(secretary, character, stay)
        surroundings.add(secretary, person, character)
        _open_former_stay(house, secretary, person, stay)
        if character.exited_on:
            _close(house, stay, character.exited_on)
        usager = _usager(person, stay, character.plan.key, is_female=character.is_female)
        _name_referent(secretary, house, usager, number)
        usagers.append(usager)
    return usagers + list(_second_stays(house, usagers))


def _secretary(house: House, character: Character) -> Actor:
    """Return the office on the day of entry, or when the records begin for those already there."""
    seat = house.secretary_of(house.establishments[character.plan.key])
    day = min(max(character.entered_on, house.days[0]), house.days[-1])
    return seat.acting(instant(day, OFFICE_HOUR))


def _stay(house: House, character: Character, draw: Draw, number: int) -> Stay:
    """Return a stay to open; an entry to come has no other date yet."""
    entered_on, profile = character.entered_on, character.profile
    stay = Stay(
        establishment=house.establishments[character.plan.key],
        unit=house.units[character.unit.name],
        file_number=f"{character.plan.key.upper()}-{number:04d}",
        reception_mode=character.reception_mode,
        entry_mode=coded("stay_entry_mode", draw.weighted(profile.entry_mode)),
        origin_name=draw.choice(profile.origin),
        admitted_on=min(entered_on, house.today) - timedelta(days=ADMITTED_DAYS_BEFORE),
    )
    if entered_on > house.today:
        stay.planned_entry_on = entered_on
    else:
        stay.entered_on = entered_on
    if character.reception_mode == ReceptionMode.TEMPORARY:
        stay.planned_exit_on = max(entered_on, house.today) + timedelta(days=TEMPORARY_STAY_DAYS)
    return stay


def _create(secretary: Actor, character: Character, stay: Stay) -> Person:
    """Create a character; whoever looks like her is someone else, whom the secretary compared."""
    return actions.create_person(
        secretary,
        traits=character.traits,
        stay=stay,
        ins_value=character.ins_value,
        ins_oid=InsOid.TEST if character.ins_value else "",
        is_doubtful="douteuse" in character.attributes,
        is_fictitious="fictive" in character.attributes,
        is_homonym="homonyme" in character.attributes,
        other_person_ids=look_alike_ids(secretary, character.traits, character.ins_value),
    )


def _open_former_stay(house: House, secretary: Actor, person: Person, stay: Stay) -> None:
    """Open the stay that ended the day this one began, for those who come from another unit."""
    unit = house.units.get(stay.origin_name.removeprefix("Unité "))
    if unit is None or stay.entered_on is None:
        return
    former = Stay(
        establishment=stay.establishment,
        unit=unit,
        file_number=stay.file_number,
        entered_on=stay.entered_on - timedelta(days=FORMER_STAY_DAYS),
        exited_on=stay.entered_on,
        exit_label=f"Passage à l’unité {stay.unit}",
    )
    actions.open_stay(secretary, person=person, stay=former)


def _close(house: House, stay: Stay, day: date) -> None:
    secretary = house.secretary_of(stay.establishment).acting(instant(day, OFFICE_HOUR))
    actions.close_stay(
        secretary,
        stay=stay,
        expected_version=stay.version,
        exited_on=day,
        exit_label="Emménagement dans une autre région, relais pris par le service local",
    )
    stay.refresh_from_db()


def _name_referent(secretary: Actor, house: House, usager: Usager, number: int) -> None:
    profession = FOLLOWING.get(usager.key, "educator")
    seats = house.seats_for(profession, usager.establishment, usager.unit)
    actions.name_referent(
        secretary,
        person=usager.person,
        professional=seats[number % len(seats)].professional,
        starts_on=usager.stay.entered_on or house.today,
        ends_on=usager.stay.exited_on,
    )


def _second_stays(house: House, usagers: Sequence[Usager]) -> Iterator[Usager]:
    """Open the second stays; the office of one establishment does not reach another's usagers."""
    keys = {unit.name: plan.key for plan in house.plan.establishments for unit in plan.units}
    for second in house.plan.second_stays:
        key, unit = keys[second.also_in], house.units[second.also_in]
        for usager in [each for each in usagers if each.unit.name == second.unit][: second.usagers]:
            stay = Stay(
                establishment=house.establishments[key],
                unit=unit,
                file_number=f"{key.upper()}-{usager.stay.file_number[-4:]}",
                reception_mode=ReceptionMode.HOME,
                entered_on=usager.stay.entered_on,
                origin_name=usager.establishment.name,
            )
            at = instant(house.days[0], OFFICE_HOUR)
            actions.open_stay(house.command_line.acting(at), person=usager.person, stay=stay)
            yield _usager(usager.person, stay, key, is_female=usager.is_female)


def _usager(person: Person, stay: Stay, key: str, *, is_female: bool) -> Usager:
    if stay.unit is None:
        raise ValueError("the demo knows no stay without a unit")
    return Usager(
        person=person,
        stay=stay,
        key=key,
        establishment=stay.establishment,
        unit=stay.unit,
        is_female=is_female,
    )
