"""Reading the directory: who acts, structures, people."""

from virage.directory.queries.actors import (
    account_named,
    account_with,
    accounts_to_close,
    actor_for,
    actor_of,
    actor_seen,
    ids_behind,
    password_link,
    situations_of,
    system_membership,
)
from virage.directory.queries.instance import (
    every_establishment,
    has_operator,
    operator_without_account,
)
from virage.directory.queries.leaving import heirs_of, noted_departure
from virage.directory.queries.opening import (
    account_refusal,
    is_direction_needed,
    membership_refusal,
    memberships_of_professional,
    opening_refusal,
    professions_opened_by,
)
from virage.directory.queries.people import (
    account_of,
    membership_of,
    memberships_of,
    privacy_recipients,
    professional_of,
    professionals_of,
    staff_in,
)
from virage.directory.queries.searching import staff_found
from virage.directory.queries.seeing import rights_seen, seeing_as
from virage.directory.queries.sign_in import (
    factor_state,
    factors_of,
    history_of,
    holder_of,
)
from virage.directory.queries.structures import (
    establishment_of,
    establishments_of,
    establishments_of_situation,
    gmp_unit_ids,
    operator_of,
    room_of,
    unit_of,
    units_of,
    units_of_situation,
    units_with_rooms,
)
from virage.directory.queries.tasks import count_waiting, stopped_tasks, tasks_in_progress

__all__ = [
    "count_waiting",
    "gmp_unit_ids",
    "staff_found",
    "staff_in",
    "rights_seen",
    "seeing_as",
    "stopped_tasks",
    "tasks_in_progress",
    "account_of",
    "account_named",
    "account_refusal",
    "account_with",
    "accounts_to_close",
    "actor_for",
    "actor_of",
    "actor_seen",
    "establishment_of",
    "establishments_of",
    "establishments_of_situation",
    "every_establishment",
    "factor_state",
    "factors_of",
    "has_operator",
    "heirs_of",
    "history_of",
    "holder_of",
    "ids_behind",
    "is_direction_needed",
    "membership_of",
    "membership_refusal",
    "memberships_of",
    "memberships_of_professional",
    "opening_refusal",
    "operator_of",
    "operator_without_account",
    "password_link",
    "noted_departure",
    "privacy_recipients",
    "professional_of",
    "professionals_of",
    "professions_opened_by",
    "room_of",
    "situations_of",
    "system_membership",
    "unit_of",
    "units_of",
    "units_of_situation",
    "units_with_rooms",
]
