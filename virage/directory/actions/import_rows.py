"""Writing what the rows of a table do: what is new or corrected in bulk, the rest by the actions.

An action asks the database a dozen things for each row, and nobody else writes meanwhile: two
thousand people would stop a house for half a minute. The plan has judged already what an action
would (`queries/staff_rows.py`, `queries/structure_rows.py`); `tests/directory/test_import_rows.py`
compares each row written here with the one that its action writes, journal included.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from virage.directory.actions.accounts import take_back_if_wider
from virage.directory.actions.memberships import end_membership
from virage.directory.actions.professionals import new_professional, search_text_of
from virage.directory.actions.structures import create_establishment, update_establishment
from virage.directory.models import Account, Departure, Membership, Professional, Room, Unit
from virage.directory.queries.staff_rows import Someone
from virage.directory.queries.structure_rows import Place
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict
from virage.foundation.journal.writing import record_each
from virage.foundation.versions import assign, meanwhile

BATCH = 500
# In this order: a row comes after those it points at.
Held = Membership.units.through
NEW: tuple[type[models.Model], ...] = (Unit, Room, Professional, Membership, Held)


@dataclass
class RowWriter:
    """Takes the steps of a plan within one transaction; `finish` writes what it keeps back.

    Whoever writes the same things meanwhile is refused by the lock of the caller, by the version of
    a card (Conflict), or by a constraint of the database (IntegrityError).
    """

    actor: Actor
    _new: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)
    _corrected: list[tuple[Professional, dict[str, Any]]] = field(default_factory=list)
    _written: list[tuple[str, models.Model, dict[str, Any]]] = field(default_factory=list)

    def take(self, step: str, needs: dict[str, Any]) -> None:
        """Take one step of the plan, which bears the name of its method."""
        getattr(self, step)(**needs)

    def finish(self) -> None:
        """Write what was kept back: cards corrected, new rows, and the journal of both."""
        self._correct()
        opened: list[Any] = self._new.get(Membership, [])
        for model in NEW:
            model._default_manager.bulk_create(self._new.pop(model, []), batch_size=BATCH)
        record_each(self.actor, self._written)
        self._written.clear()
        # Who had left comes back.
        returned = {one.professional_id for one in opened}
        Departure.objects.filter(professional__in=returned).delete()
        Account.objects.filter(professional__in=returned).update(closes_on=None)
        take_back_if_wider(self.actor, *opened)

    def create_establishment(self, *, place: Place, finess: str) -> None:
        """Create an establishment, by its action: there are few."""
        place.stored = create_establishment(self.actor, finess=finess, **place.values)

    def update_establishment(self, *, place: Place, changes: dict[str, Any]) -> None:
        """Correct an establishment, by its action."""
        place.stored = update_establishment(
            self.actor,
            establishment=place.stored,
            expected_version=place.stored.version,
            changes=changes,
        )

    def create_unit(self, *, place: Place, of: Place, name: str) -> None:
        """Keep a new unit."""
        place.stored = self._add("unit.create", Unit(establishment=of.stored, name=name))

    def create_room(self, *, place: Place, of: Place, name: str) -> None:
        """Keep a new room."""
        place.stored = self._add("room.create", Room(unit=of.stored, name=name))

    def create_professional(self, *, someone: Someone) -> None:
        """Keep the card of someone new."""
        card = new_professional(self.actor, **someone.values)
        someone.stored = self._add("professional.create", card)

    def update_professional(self, *, someone: Someone, changes: dict[str, Any]) -> None:
        """Keep what is corrected in a card."""
        self._corrected.append((someone.stored, changes))

    def open_membership(self, *, someone: Someone, units: list[Unit], **columns: Any) -> None:
        """Keep a new situation."""
        membership = Membership(
            operator_id=self.actor.operator_id, professional=someone.stored, **columns
        )
        self._add("membership.open", membership, profession=membership.profession)
        held = self._new.setdefault(Held, [])
        held += [Held(membership=membership, unit=unit) for unit in units]

    def end_membership(self, *, membership: Membership, ends_on: date) -> None:
        """Set the last day of a situation, by its action: it looks at who directs after it."""
        self.finish()
        end_membership(self.actor, membership=membership, ends_on=ends_on)

    def _add(self, action: str, row: Any, **detail: Any) -> Any:
        self._new.setdefault(type(row), []).append(row)
        self._written.append((action, row, detail))
        return row

    def _correct(self) -> None:
        """Correct cards that nobody changed since the plan read them: Conflict otherwise."""
        planned = {card.pk: card.version for card, _ in self._corrected}
        cards = Professional.objects.select_for_update(no_key=True).in_bulk(list(planned))
        fields = {"version", "search_text"}
        for pk, version in planned.items():
            if pk not in cards or cards[pk].version != version:
                told = meanwhile(pk, "a modifié une fiche de ce tableau", "pendant l’import")
                raise Conflict(told, mine="", theirs="")
        for card, changes in self._corrected:
            current = cards[card.pk]
            changed = assign(current, changes)
            current.version += 1
            current.search_text = search_text_of(current)
            fields |= {*changed}
            self._written.append(("professional.update", current, {"fields": changed}))
            card.version = current.version
        Professional.objects.bulk_create(
            list(cards.values()),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted(fields),
        )
        self._corrected.clear()
