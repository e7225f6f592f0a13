"""The list of usagers: filtered by place and state, sorted, paged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, F, Subquery, Value
from django.http import QueryDict
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.foundation.ui.home import Card, Line
from virage.foundation.ui.numbers import grouped
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import IS_PLANNED, StayQuerySet
from virage.persons.queries.people import knows_identities, stays_visible_to
from virage.persons.queries.rows import PersonRow, namesakes_marked, row_of

# How many units the home page counts: what a large operator reads without scrolling far.
MOST_UNITS = 12
# How an address asks for those who stay in no unit.
WITHOUT_UNIT = "none"


class Presence(StrEnum):
    """Which stays a list shows; the values stand in the address."""

    PRESENT = "present"
    PLANNED = "planned"
    PAST = "past"


@dataclass(frozen=True)
class ListFilters:
    """What the address of a list asks for."""

    presence: Presence = Presence.PRESENT
    establishment_id: UUID | None = None
    unit_id: UUID | None = None
    lacks_unit: bool = False

    @property
    def is_in_place(self) -> bool:
        return bool(self.establishment_id or self.unit_id or self.lacks_unit)


# A sort carries these columns for every stay, not for the page alone: the fewer the faster.
SHOWN = (
    *("subject", "status", "planned_entry_on", "entered_on", "planned_exit_on", "exited_on"),
    *("establishment__name", "unit__name", "room__name"),
    *("person__birth_family_name", "person__first_birth_given_name"),
    *("person__used_family_name", "person__used_given_name"),
    *("person__sex", "person__birth_on", "person__died_at"),
    *("person__is_doubtful", "person__is_fictitious", "person__is_homonym"),
)
COLUMNS = (
    Column("Nom", "name", ("person__search_text",)),
    Column("Naissance", "birth", ("person__birth_on",)),
    Column("Chambre", "room", ("room__name",), has_blanks=True),
    Column("Unité", "unit", ("unit__name", "room__name"), has_blanks=True),
    Column("À savoir"),
)


def person_list(actor: Actor, filters: ListFilters, query: QueryDict) -> Paging[PersonRow]:
    """Return one page of the list, one line per stay; two SQL statements.

    `query` is the address's own: page and sort. A person with several lines counts once, and what
    the actor may not see is not counted.
    """
    stays = _in_place(_in_state(stays_visible_to(actor), filters, actor), filters)
    # Named besides the access rule, the operator lets the index give the names in order.
    ordered = (
        stays.filter(person__operator=actor.operator_id)
        .select_related("person", "establishment", "unit", "room")
        .order_by("person__search_text", "id")
        .only(*SHOWN)
    )
    page = paginate(ordered, query, COLUMNS, about="person")
    saw(actor, "person.list", (stay.subject_id for stay in page.rows))
    today = actor.today
    rows = namesakes_marked(row_of(stay.person, stay, today) for stay in page.rows)
    return cast("Paging[PersonRow]", replace(cast("Any", page), rows=rows))


def home_card(actor: Actor) -> Card | None:
    """Return how many persons are accompanied, by unit, with a link to each; one SQL statement.

    By establishment for who has many of both; one statement more. A person whom two units accompany
    counts once in the whole. None for who may not know identities.
    """
    if not knows_identities(actor):
        return None
    stays = stays_visible_to(actor).open_at(actor.at).of_the_living()
    present = Count("person", filter=~IS_PLANNED, distinct=True)
    by_unit = stays.values("establishment", "establishment__name", "unit", "unit__name")
    unit_name = F("unit__name").asc(nulls_last=True)
    planned = Count("person", filter=IS_PLANNED, distinct=True)
    units = list(
        by_unit.annotate(
            present=present,
            present_in_all=_whole(stays, present),
            planned_in_all=_whole(stays, planned),
        ).order_by("establishment__name", "establishment", unit_name, "unit")
    )
    if len(units) > MOST_UNITS and units[0]["establishment"] != units[-1]["establishment"]:
        places = stays.values("establishment", "establishment__name").annotate(present=present)
        lines = _place_lines(list(places.order_by("establishment__name", "establishment")))
    else:
        lines = _unit_lines(units)
    return Card(
        title=actor.people_word,
        url=reverse("persons:list"),
        icon="users",
        summary=_summary(
            *((units[0]["present_in_all"], units[0]["planned_in_all"]) if units else (0, 0))
        ),
        lines=tuple(lines),
    )


def _whole(stays: StayQuerySet, count: Count) -> Subquery:
    """Count over all the stays at once, beside each row of them."""
    together = stays.order_by().annotate(whole=Value(1)).values("whole")
    return Subquery(together.annotate(counted=count).values("counted"))


def _unit_lines(units: Sequence[Any]) -> Iterator[Line]:
    """Give a line per unit, under its establishment when there are several; none for one alone."""
    if len(units) == 1:
        return
    url = reverse("persons:list")
    are_apart = len({unit["establishment"] for unit in units}) > 1
    for unit in units[:MOST_UNITS]:
        lacking = f"{WITHOUT_UNIT}&establishment={unit['establishment']}"
        yield Line(
            unit["unit__name"] or "Sans unité",
            f"{url}?unit={unit['unit'] or lacking}",
            str(unit["present"]),
            group=unit["establishment__name"] if are_apart else "",
        )
    if more := len(units[MOST_UNITS:]):
        others = f"{more} autres unités" if more > 1 else "une autre unité"
        yield Line(f"Toute la liste, avec {others}", url)


def _place_lines(places: Sequence[Any]) -> Iterator[Line]:
    """Give a line per establishment, where the units of all are too many to be read."""
    url = reverse("persons:list")
    for place in places[:MOST_UNITS]:
        name, pk = place["establishment__name"], place["establishment"]
        yield Line(name, f"{url}?establishment={pk}", str(place["present"]))
    if more := len(places[MOST_UNITS:]):
        others = f"{more} autres établissements" if more > 1 else "un autre établissement"
        yield Line(f"Toute la liste, avec {others}", url)


def _summary(present_count: int, planned_count: int) -> str:
    """Count the stays under way: who is in today, on a Sunday or on leave, they do not tell."""
    if not present_count and not planned_count:
        return "Aucun séjour en cours dans ce que vous suivez."
    people = "personnes accompagnées" if present_count > 1 else "personne accompagnée"
    entries = "entrées prévues" if planned_count > 1 else "entrée prévue"
    planned_words = f", {grouped(planned_count)} {entries}" if planned_count else ""
    return f"{grouped(present_count)} {people}{planned_words}."


def _in_state(stays: StayQuerySet, filters: ListFilters, actor: Actor) -> StayQuerySet:
    match filters.presence:
        case Presence.PLANNED:
            return stays.planned()
        case Presence.PAST:
            return stays.past_at(actor.at)
    return stays.present_at(actor.at)


def _in_place(stays: StayQuerySet, filters: ListFilters) -> StayQuerySet:
    if filters.unit_id:
        stays = stays.filter(unit=filters.unit_id)
    if filters.lacks_unit:
        stays = stays.filter(unit=None)
    if filters.establishment_id:
        stays = stays.filter(establishment=filters.establishment_id)
    return stays
