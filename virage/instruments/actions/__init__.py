"""Writes of the instruments: sheets, what is asked of others on them, evaluations."""

from virage.instruments.actions.evaluations import (
    evaluation_of,
    freeze_evaluations,
    withdraw_evaluation,
)
from virage.instruments.actions.requests import ask_on_sheet, hand_requests_over, stop_asking
from virage.instruments.actions.sheets import (
    Typed,
    answer_sheet,
    begin_sheet,
    finish_sheet,
    leave_sheet,
    take_in_sheet,
)

__all__ = [
    "Typed",
    "answer_sheet",
    "ask_on_sheet",
    "begin_sheet",
    "evaluation_of",
    "finish_sheet",
    "freeze_evaluations",
    "hand_requests_over",
    "leave_sheet",
    "stop_asking",
    "take_in_sheet",
    "withdraw_evaluation",
]
