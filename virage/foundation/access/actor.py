"""Who acts: the plain identifiers that every query and every action receives first."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from virage.foundation.access.enums import Cell, Reach, Verb, Volet
from virage.foundation.access.matrix import Grant, Matrix


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A professional in one situation (membership), at one instant.

    `at` is the instant at which rights are judged; `purpose` says why, for the journal.
    `has_broken_glass` says that a bris de glace of this situation is in force.
    `matrix` is the version of the rights in force at his operator.
    `people_word` is what the structure calls the persons it accompanies, in the plural.

    Under « Voir comme » (`seen_as`), `sides` holds the two situations whose rights are both needed:
    the one that is seen, then the one of whoever looks; `seen_as` names the first.
    """

    account_id: UUID | None
    membership_id: UUID
    professional_id: UUID
    operator_id: UUID
    establishment_id: UUID | None
    profession: str
    matrix: Matrix
    reach: Reach
    unit_ids: tuple[UUID, ...]
    at: datetime
    display_name: str
    profession_label: str
    establishment_name: str
    establishment_finess: str = ""
    people_word: str
    purpose: str = ""
    has_other_situations: bool = False
    has_broken_glass: bool = False
    sides: "tuple[Actor, ...]" = ()
    seen_as: str = ""

    @property
    def itself(self) -> "Actor":
        """Who acts and signs, in his own situation: himself, save under « Voir comme »."""
        return self.sides[-1] if self.sides else self

    @property
    def today(self) -> date:
        """The day of `at` in Europe/Paris: what « future » is judged against."""
        return timezone.localdate(self.at)

    @property
    def sees_identities(self) -> bool:
        """Whether he may know who is accompanied at all."""
        return self.matrix.sees_identities(self.profession)

    @property
    def readable_volets(self) -> list[Volet]:
        """The volets in which he reads something, in the record's order."""
        return self.matrix.readable_volets(self.profession)

    @property
    def writable_volets(self) -> list[Volet]:
        """The volets in which he writes, in the record's order."""
        return self.matrix.writable_volets(self.profession)

    @property
    def directs(self) -> bool:
        """Whether he answers for who reads what: his profession validates the project."""
        return self.may(Cell.VALIDATE, Volet.PROJECT)

    def grants(self, volet: str) -> tuple[Grant, ...]:
        """Return what his profession may do in a volet; ValueError for an unknown one."""
        return self.matrix.grants(self.profession, volet)

    def may(self, cell: Cell, volet: str) -> bool:
        """Whether his profession holds this cell of the volet, time window or not."""
        return self.matrix.allows(self.profession, cell, volet)

    def counts(self, volet: str) -> bool:
        """Whether he may know how much all of a volet holds: he reads it whole, or its numbers."""
        return any(Grant(cell) in self.grants(volet) for cell in (Cell.READ, Cell.COUNT))

    def has_verb(self, verb: Verb) -> bool:
        """Whether his profession holds a right on whole records (import, export, merge)."""
        return self.matrix.allows_verb(self.profession, verb)
