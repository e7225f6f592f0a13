"""What the edition of a unit says: who is present there today."""

from uuid import UUID

from virage.editions.rules.templates import Told
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.persons.queries.people import stays_visible_to
from virage.persons.queries.rows import PersonRow, namesakes_marked, row_of


def present_told(actor: Actor, unit_id: UUID | None) -> Told:
    """Return the persons present today in a unit, or in all that the actor follows, by name.

    One SQL statement; who is hidden from him is not counted.
    """
    stays = stays_visible_to(actor).present_at(actor.at)
    if unit_id:
        stays = stays.filter(unit=unit_id)
    joined = stays.select_related("person", "establishment", "unit", "room")
    shown = list(joined.order_by("person__search_text", "id"))
    saw(actor, "edition.make", (stay.subject_id for stay in shown))
    rows = namesakes_marked(row_of(stay.person, stay, actor.today) for stay in shown)
    return {"present": [_row(row) for row in rows]}


def _row(row: PersonRow) -> dict[str, str]:
    name = " ".join(filter(None, (row.family_name, row.given_name, row.birth_label)))
    return {
        "name": name,
        "birth": f"{row.birth_on:%d/%m/%Y}" if row.birth_on else "",
        "age": row.age,
        "room": row.room,
        "unit": row.unit or row.establishment,
        "notice": ", ".join(badge.label for badge in row.badges),
    }
