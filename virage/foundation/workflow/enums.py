"""The words in which a table of transitions is written."""

from enum import StrEnum


class StateKind(StrEnum):
    """Whether something may still happen from a state."""

    OPEN = "open"
    FINAL = "final"


class Tone(StrEnum):
    """What a state means to the eye, as the badges of the house show it."""

    NEUTRAL = "neutral"
    INFO = "info"
    WARNING = "warning"
    SUCCESS = "success"
    DANGER = "danger"


class ReasonNeed(StrEnum):
    """Whether a step asks why."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"
