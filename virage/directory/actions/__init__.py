"""Changing the directory: structures, people, and the situation one acts in."""

from virage.directory.actions.accounts import (
    end_account_sessions,
    invite,
    issue_password_link,
    open_account,
    request_password_link,
    reset_access,
)
from virage.directory.actions.leaving import cancel_departure, leave
from virage.directory.actions.memberships import (
    choose_situation,
    end_membership,
    open_membership,
)
from virage.directory.actions.professionals import create_professional, update_professional
from virage.directory.actions.received import receive_professionals, receive_structures
from virage.directory.actions.seeing import come_back, look_as
from virage.directory.actions.structures import (
    create_establishment,
    create_operator,
    create_room,
    create_unit,
    update_establishment,
    update_operator,
    update_room,
    update_unit,
)
from virage.directory.actions.tasks import retry_task, retry_tasks

__all__ = [
    "cancel_departure",
    "choose_situation",
    "come_back",
    "create_establishment",
    "create_operator",
    "create_professional",
    "create_room",
    "create_unit",
    "end_account_sessions",
    "end_membership",
    "invite",
    "issue_password_link",
    "leave",
    "look_as",
    "open_account",
    "open_membership",
    "receive_professionals",
    "receive_structures",
    "request_password_link",
    "reset_access",
    "retry_task",
    "retry_tasks",
    "update_establishment",
    "update_operator",
    "update_professional",
    "update_room",
    "update_unit",
]
