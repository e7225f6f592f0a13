"""The three ways the house says no; `foundation.ui.middleware` turns each into a French answer."""

HIDDEN = "hidden"


class DomainError(Exception):
    """What an action or a query may answer instead of its result."""


class Refused(DomainError):
    """The actor may not: one of the conditions of access fails, or the state forbids it.

    `condition` is the machine's name of what failed (it goes to the log); `message` says it in
    French without naming any usager; `whom_to_ask`, a noun phrase, says who can open the door.
    """

    def __init__(self, condition: str, message: str, whom_to_ask: str = "") -> None:
        super().__init__(condition, message)
        self.condition = condition
        self.message = message
        self.whom_to_ask = whom_to_ask

    @classmethod
    def hidden(cls) -> "Refused":
        """Refuse what is not to be known: another operator's, or out of reach and sensitive."""
        return cls(HIDDEN, "Ceci n’existe pas.")

    @property
    def is_hidden(self) -> bool:
        """Whether the answer is « introuvable », as if the thing did not exist."""
        return self.condition == HIDDEN

    @property
    def sentence(self) -> str:
        """What was refused and whom to ask, where one line has to say it all."""
        if not self.whom_to_ask:
            return self.message
        return f"{self.message} À voir avec : {self.whom_to_ask}."


class Invalid(DomainError):
    """What was asked does not hold: French messages by field, those of the whole under ""."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors

    @classmethod
    def raise_if(cls, errors: dict[str, list[str]]) -> None:
        """Raise when there is at least one fault."""
        if errors:
            raise cls(errors)


class Conflict(DomainError):
    """Someone else changed the thing meanwhile: `mine` was not saved, `theirs` stands."""

    def __init__(self, message: str, mine: str, theirs: str) -> None:
        super().__init__(message)
        self.message = message
        self.mine = mine
        self.theirs = theirs
