"""Who acts: the plain identifiers that every query and every action receives first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from virage.foundation.access.enums import Reach


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A professional in one situation (membership), at one instant.

    `at` is the instant at which rights are judged; `purpose` says why, for the journal.
    `people_word` is what the structure calls the persons it accompanies, in the plural.
    """

    account_id: UUID | None
    membership_id: UUID
    professional_id: UUID
    operator_id: UUID
    establishment_id: UUID | None
    profession: str
    reach: Reach
    unit_ids: tuple[UUID, ...]
    at: datetime
    display_name: str
    profession_label: str
    establishment_name: str
    establishment_finess: str = ""
    people_word: str
    purpose: str = ""

    def signature(self) -> dict[str, Any]:
        """Return the author's fields of an `AuthoredItem`, as they are at the time of writing."""
        return {
            "operator_id": self.operator_id,
            "establishment_id": self.establishment_id,
            "author_id": self.professional_id,
            "author_name": self.display_name,
            "author_profession": self.profession,
        }
