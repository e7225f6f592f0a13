"""What is asked and what was answered, in transit: FHIR R4's two resources as plain values.

They keep what FHIR says, even what our instruments do not: a file goes out as it came in. `kept`
is the rest of a resource, outside its questions, as JSON.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from virage.formats.values import BusinessIdentifier
from virage.foundation.coded import Coded

GROUP, DISPLAY = "group", "display"
TYPES = {
    *(GROUP, DISPLAY, "boolean", "decimal", "integer", "date", "dateTime", "time", "string"),
    *("text", "url", "choice", "open-choice", "attachment", "reference", "quantity"),
}
OPERATORS = {"exists", "=", "!=", ">", "<", ">=", "<="}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A link to another resource, as given."""

    reference: str = ""
    type: str = ""
    display: str = ""
    identifier: BusinessIdentifier | None = None


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A measure; `code` is that of its unit in `system`."""

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file beside an answer, its bytes still in base64."""

    content_type: str = ""
    language: str = ""
    data: str = ""
    url: str = ""
    size: int | None = None
    hash: str = ""
    title: str = ""
    creation: str = ""


@dataclass(frozen=True)
class Typed:
    """A value with FHIR's name of its type: « boolean », « Coding », « date »."""

    kind: str
    value: bool | int | Decimal | str | Coded | Quantity | Reference | Attachment


@dataclass(frozen=True)
class AnswerOption:
    """One answer offered; `points` is its ordinal value."""

    value: Typed
    points: Decimal | None = None


@dataclass(frozen=True)
class EnableWhen:
    """One test of a condition: a question, an operator of FHIR and what it compares with."""

    question: str
    operator: str
    answer: Typed | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """One item: a question, a group of them, or a text to show.

    `least`, `most`, `places` (decimals) and `unit` bound a number. The last four are ours.
    """

    link_id: str
    type: str
    text: str = ""
    required: bool | None = None
    repeats: bool | None = None
    codes: tuple[Coded, ...] = ()
    options: tuple[AnswerOption, ...] = ()
    value_set: str = ""
    conditions: tuple[EnableWhen, ...] = ()
    behavior: str = ""
    unit: Coded = Coded()
    least: Decimal | None = None
    most: Decimal | None = None
    places: int | None = None
    items: tuple["Question", ...] = ()
    is_help: bool = False
    may_be_unknown: bool = False
    may_not_apply: bool = False
    may_be_commented: bool = False


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A version of what is asked. `source`, `again_after_days` and `is_total_only` are ours."""

    items: tuple[Question, ...]
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    description: str = ""
    copyright: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    codes: tuple[Coded, ...] = ()
    source: str = ""
    again_after_days: int | None = None
    is_total_only: bool = False
    kept: str = ""

    @property
    def canonical(self) -> str:
        """How a response names it, with its version."""
        return f"{self.url}|{self.version}" if self.version else self.url


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer: a value, or the code of why it is absent, with the reason in words."""

    value: Typed | None = None
    absent: str = ""
    reason: str = ""
    comment: str = ""
    items: tuple["ResponseItem", ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResponseItem:
    """The answers to one question, or a group with what was answered in it.

    `absent` and `reason` are those of a table, which has no answer of its own; so is `comment`.
    `is_none` (ours) says that nothing was chosen, on purpose.
    """

    link_id: str
    text: str = ""
    answers: tuple[Reply, ...] = ()
    items: tuple["ResponseItem", ...] = ()
    absent: str = ""
    reason: str = ""
    comment: str = ""
    is_none: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionnaireResponse:
    """The answers given once to a questionnaire; `authored` is a date or an instant, as given."""

    items: tuple[ResponseItem, ...]
    identifier: BusinessIdentifier | None = None
    questionnaire: str = ""
    status: str = ""
    subject: Reference | None = None
    encounter: Reference | None = None
    authored: str = ""
    author: Reference | None = None
    source: Reference | None = None
    kept: str = ""


def placed(
    items: tuple[Question, ...], path: str = "Questionnaire"
) -> Iterator[tuple[str, Question]]:
    """Every question with its place in the file, in the order asked."""
    for number, question in enumerate(items):
        place = f"{path}.item[{number}]"
        yield place, question
        yield from placed(question.items, place)
