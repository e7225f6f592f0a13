"""The answers of a FHIR response, read against its questionnaire; the rest is told, by place.

Nothing is guessed: two answers where one is asked, or one that is not offered, give none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from virage.formats.fhir.questionnaire import (
    DISPLAY,
    GROUP,
    AnswerOption,
    Quantity,
    Question,
    Questionnaire,
    QuestionnaireResponse,
    Reply,
    ResponseItem,
    Typed,
)
from virage.formats.outcome import Finding, Unreadable
from virage.foundation.calendar import is_in_calendar
from virage.instruments.rules.fhir.answers_out import NOT_APPLICABLE, rows_of
from virage.instruments.rules.fhir.kinds import id_among, kind_of, options_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import MOST_ROWS, ItemKind

UNKNOWN = {"unknown", "asked-unknown", "temp-unknown"}
TEXTS = {"string", "uri", "time"}
DAYS = {"date", "dateTime"}


def answers_of(
    questionnaire: Questionnaire, response: QuestionnaireResponse
) -> tuple[dict[str, Given], list[Finding]]:
    """Return the answers by question, and what was left aside.

    Unreadable when the response names another questionnaire, or another version of it.
    """
    named = response.questionnaire
    if named and named not in (questionnaire.url, questionnaire.canonical):
        place = "QuestionnaireResponse.questionnaire"
        raise Unreadable(Finding("answers_to_another", place, named))
    reader = _Reader()
    reader.walk(response.items, questionnaire.items, "QuestionnaireResponse", reader.answers)
    return reader.answers, reader.findings


@dataclass
class _Reader:
    """Goes down both trees together: an answer stands where its question does."""

    answers: dict[str, Given] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def walk(
        self,
        items: Sequence[ResponseItem],
        questions: Sequence[Question],
        path: str,
        into: dict[str, Given],
    ) -> None:
        """Read the items of one level into the answers."""
        by_id = {question.link_id: question for question in questions}
        counts = Counter(item.link_id for item in items)
        for number, item in enumerate(items):
            place = f"{path}.item[{number}]"
            question = by_id.get(item.link_id)
            if question is None:
                self._tell("answer_to_nothing", place, item.link_id)
            elif kind_of(question) == ItemKind.TABLE:
                self._add_row(item, question, place, into)
            elif counts[item.link_id] > 1:
                self._tell("answers_too_many", place, item.link_id)
            elif question.type == GROUP:
                self._tell_answers(item, place)
                self.walk(item.items, question.items, place, into)
            elif question.type != DISPLAY:
                self._add(item, question, place, into)

    def _add_row(
        self, item: ResponseItem, table: Question, place: str, into: dict[str, Given]
    ) -> None:
        """Add one row; an item without one says that there is none, or why."""
        self._tell_answers(item, place)
        before = into.get(table.link_id, Given(()))
        if item.absent:
            if given := self._absent(item, place):
                into[table.link_id] = given
            return
        rows = rows_of(before)
        # One more than a table takes tells enough: the bounds refuse it.
        if not item.is_none and len(rows) <= MOST_ROWS:
            row: dict[str, Given] = {}
            self.walk(item.items, table.items, place, row)
            rows.append(row)
        comment = before.comment or item.comment
        into[table.link_id] = Given(tuple(rows), comment=comment)

    def _add(
        self, item: ResponseItem, question: Question, place: str, into: dict[str, Given]
    ) -> None:
        if given := self._given(item, question, place):
            into[question.link_id] = given
        self.walk(item.items, question.items, place, into)
        below = [(number, reply) for number, reply in enumerate(item.answers) if reply.items]
        for number, reply in below:
            if number == below[0][0]:
                self.walk(reply.items, question.items, f"{place}.answer[{number}]", into)
            else:
                self._tell("answers_too_many", f"{place}.answer[{number}].item")

    def _given(self, item: ResponseItem, question: Question, place: str) -> Given | None:
        kind = kind_of(question)
        if kind is None:
            self._tell("question_not_askable", place, question.type)
            return None
        if item.absent and not item.answers:
            return self._absent(item, place)
        if item.is_none and kind == ItemKind.MULTIPLE:
            return Given((), comment=item.comment)
        replies = item.answers
        if len(replies) > 1 and kind != ItemKind.MULTIPLE:
            self._tell("answers_too_many", f"{place}.answer", str(len(replies)))
            return None
        if len(replies) == 1 and replies[0].value is None:
            return self._absent(replies[0], f"{place}.answer[0]")
        values = list(self._values(replies, question, kind, place))
        if not values:
            return None
        if kind == ItemKind.MULTIPLE:
            chosen = tuple(dict.fromkeys(str(value) for value in values))
            return Given(chosen, comment=replies[0].comment)
        return Given(values[0], comment=replies[0].comment)

    def _absent(self, reply: Reply | ResponseItem, place: str) -> Given | None:
        if reply.absent in UNKNOWN:
            return Given(is_unknown=True, comment=reply.comment)
        if reply.absent == NOT_APPLICABLE:
            because = reply.reason or "Sans précision"
            return Given(not_applicable_because=because, comment=reply.comment)
        self._tell("answer_absent", place, reply.absent)
        return None

    def _values(
        self, replies: Sequence[Reply], question: Question, kind: ItemKind, place: str
    ) -> Iterator[str | Decimal | date]:
        options = options_of(question)
        for number, reply in enumerate(replies):
            value = _value(reply.value, question, kind, options) if reply.value else None
            if value is not None:
                yield value
            else:
                shown = str(reply.value.value)[:100] if reply.value else ""
                self._tell("answer_not_offered", f"{place}.answer[{number}]", shown)

    def _tell_answers(self, item: ResponseItem, place: str) -> None:
        for number in range(len(item.answers)):
            self._tell("answer_to_nothing", f"{place}.answer[{number}]", item.link_id)

    def _tell(self, code: str, path: str, value: str = "") -> None:
        self.findings.append(Finding(code, path, value))


def _value(
    given: Typed, question: Question, kind: ItemKind, options: Mapping[str, AnswerOption]
) -> str | Decimal | date | None:
    """A value as the question takes it, or nothing."""
    match kind:
        case ItemKind.CHOICE | ItemKind.MULTIPLE:
            return id_among(options, given) or None
        case ItemKind.NUMBER:
            return _number(given, question)
        case ItemKind.DATE:
            return day_of(str(given.value)) if given.kind in DAYS else None
    return str(given.value) if given.kind in TEXTS else None


def _number(given: Typed, question: Question) -> Decimal | None:
    value = given.value
    if isinstance(value, Quantity):
        is_plain = not value.comparator and question.type == "quantity"
        is_ours = value.code == question.unit.code
        return value.value if is_plain and is_ours else None
    if given.kind not in ("integer", "decimal") or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    is_whole = number == number.to_integral_value()
    return number if is_whole or question.type != "integer" else None


def day_of(text: str) -> date | None:
    """Return the day of a date or of an instant; a month alone is none."""
    try:
        day = date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None
    return day if day and is_in_calendar(day) else None
