"""Evaluations, and the QuestionnaireResponse resource with its tree of answers."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element, is_moment
from virage.formats.fhir.names import DISPLAY
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, compact, extension, listed
from virage.formats.tddui.canonical import ATTACHMENT, COMMENT, EVALUATION, profiled
from virage.formats.tddui.record import Answer, Evaluation
from virage.foundation.coded import Coded

Value = bool | int | Decimal | str | Coded | None
TEXT_KINDS = ("string", "date", "dateTime", "time", "uri")


def read_evaluation(entry: Entry, bundle: Bundle, stays: set[str]) -> Evaluation:
    """The evaluation; `stays` are the keys of the stays of the file."""
    response = entry.resource
    evaluation = Evaluation(
        key=entry.key,
        path=response.path,
        identifier=datatypes.identifier(response.child("identifier")),
        questionnaire=response.text("questionnaire"),
        title=response.child("_questionnaire").extension(DISPLAY).text("valueString"),
        status=datatypes.required_code(response, "status"),
        author=bundle.key_of(response.child("author")),
        source=bundle.key_of(response.child("source")),
        comment=response.extension(COMMENT).text("valueString"),
        answers=_answers(response),
    )
    _read_date(evaluation, response)
    encounter = bundle.key_of(response.child("encounter"))
    if encounter in stays:
        evaluation.stay = encounter
    else:
        evaluation.event = encounter
    return evaluation


def _read_date(evaluation: Evaluation, response: Element) -> None:
    if "T" in str(response.value.get("authored", "")):
        evaluation.authored_at = response.instant("authored")
    else:
        evaluation.authored_on = response.day("authored")


def _answers(element: Element) -> list[Answer]:
    lines = [answer for item in element.children("item") for answer in _lines(item)]
    return [line for line in lines if line != Answer()]


def _lines(item: Element) -> Iterator[Answer]:
    """One line for each answer of an item: FHIR groups the answers to a repeated question."""
    line = Answer(link_id=item.text("linkId"), text=item.text("text"))
    answers = item.children("answer")
    for answer in answers:
        value, kind = _value(answer)
        yield replace(line, value=value, value_kind=kind, children=_answers(answer))
    beside = _answers(item)
    if beside or not answers:
        yield replace(line, children=beside)


def _value(answer: Element) -> tuple[Value, str]:
    """The value and FHIR's name of its type; a measure, a reference or a date that
    there cannot be stays unread."""
    said = {name for name, value in answer.value.items() if value not in (None, {}, "")}
    if "valueCoding" in said:
        return datatypes.coding(answer.child("valueCoding")), "Coding"
    if "valueBoolean" in said:
        return answer.flag("valueBoolean"), "boolean"
    if "valueInteger" in said:
        return answer.integer("valueInteger"), "integer"
    if "valueDecimal" in said:
        return answer.decimal("valueDecimal"), "decimal"
    for kind in TEXT_KINDS:
        name = f"value{kind[0].upper()}{kind[1:]}"
        if name in said:
            held = answer.value[name]
            if kind in ("date", "dateTime") and isinstance(held, str) and not is_moment(held):
                answer.report("date_unreadable", name, held)
                return None, ""
            return answer.text(name), kind
    return None, ""


def write_evaluation(
    evaluation: Evaluation, references: References, attachments: list[str]
) -> Json:
    """The evaluation; `attachments` are the keys of its documents."""
    return compact(
        {
            "resourceType": "QuestionnaireResponse",
            "meta": profiled(EVALUATION),
            "extension": listed(
                extension(COMMENT, "String", evaluation.comment),
                *(extension(ATTACHMENT, "Reference", references.to(key)) for key in attachments),
            ),
            "identifier": writing.identifier(evaluation.identifier),
            "questionnaire": evaluation.questionnaire,
            "_questionnaire": compact(
                {"extension": listed(extension(DISPLAY, "String", evaluation.title))}
            ),
            **writing.required_code("status", evaluation.status),
            "subject": references.to_person(),
            "encounter": references.to(evaluation.event),
            "authored": writing.instant(evaluation.authored_at)
            or writing.day(evaluation.authored_on),
            "author": references.to(evaluation.author),
            "source": references.to(evaluation.source),
            "item": _written_items(evaluation.answers),
        }
    )


def _written_items(answers: list[Answer]) -> list[Json]:
    items = []
    for (link_id, text), group in groupby(answers, lambda each: (each.link_id, each.text)):
        lines = list(group)
        shared = {"linkId": link_id, "text": text}
        if all(line.value is not None for line in lines):
            items.append(compact(shared | {"answer": [_written_answer(line) for line in lines]}))
            continue
        items.extend(
            compact(shared | {"answer": [_written_answer(line)]})
            if line.value is not None
            else compact(shared | {"item": _written_items(line.children)})
            for line in lines
        )
    return listed(*items)


def _written_answer(line: Answer) -> Json:
    value = writing.coding(line.value) if isinstance(line.value, Coded) else line.value
    kind = _kind(line)
    name = f"value{kind[0].upper()}{kind[1:]}"
    return {name: value, **compact({"item": _written_items(line.children)})}


def _kind(line: Answer) -> str:
    match line.value:
        case Coded():
            return "Coding"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case Decimal():
            return "decimal"
    return line.value_kind if line.value_kind in TEXT_KINDS else "string"
