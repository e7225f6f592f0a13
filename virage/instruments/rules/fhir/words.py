"""The tree of answers that an evaluation keeps and shows: of a FHIR response, or of a sheet."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from virage.formats.fhir.questionnaire import (
    Attachment,
    Quantity,
    Question,
    Questionnaire,
    QuestionnaireResponse,
    Reference,
    Reply,
    ResponseItem,
    placed,
)
from virage.formats.tddui.record import Answer
from virage.foundation.coded import Coded
from virage.instruments.rules.fhir.answers_in import UNKNOWN
from virage.instruments.rules.fhir.answers_out import NOT_APPLICABLE, response_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.given import Answers, asked
from virage.instruments.rules.instrument import Instrument


def told(questionnaire: Questionnaire, response: QuestionnaireResponse) -> list[Answer]:
    """Return the tree of answers of an evaluation, known or not to the questionnaire.

    A line has its own wording, or else that of its question; an absence is said in French.
    """
    questions = {question.link_id: question for _, question in placed(questionnaire.items)}
    return _lines(response.items, questions)


def tree_of(instrument: Instrument, answers: Answers) -> list[Answer]:
    """Return what was asked and answered, as the evaluation of a sheet freezes it.

    It is that of the response which FHIR would carry: answers are nested and coded the same.
    """
    questionnaire, _ = questionnaire_of(instrument)
    still_asked = {name: answers[name] for name in asked(instrument, answers) if name in answers}
    return told(questionnaire, response_of(questionnaire, still_asked))


def _lines(items: Sequence[ResponseItem], questions: Mapping[str, Question]) -> list[Answer]:
    return [line for item in items for line in _of_item(item, questions)]


def _of_item(item: ResponseItem, questions: Mapping[str, Question]) -> list[Answer]:
    question = questions.get(item.link_id)
    text = item.text or (question.text if question else "")
    code = question.codes[0] if question and question.codes else Coded()
    replies: Sequence[Reply | ResponseItem] = item.answers or [item]
    lines = []
    for reply in replies:
        value, kind = _said(reply)
        lines.append(
            Answer(
                link_id=item.link_id,
                text=text,
                code=code,
                value=value,
                value_kind=kind,
                children=[*_comment(item, reply), *_lines(reply.items, questions)],
            )
        )
    if item.answers:
        lines[0].children += _lines(item.items, questions)
    return lines


def _comment(item: ResponseItem, reply: Reply | ResponseItem) -> list[Answer]:
    """The word beside an answer, as a line below it."""
    if not reply.comment:
        return []
    name = f"{item.link_id}.comment"
    return [Answer(link_id=name, text="Commentaire", value=reply.comment, value_kind="string")]


def _said(reply: Reply | ResponseItem) -> tuple[bool | int | Decimal | str | Coded | None, str]:
    """The value, or a text in its place, and FHIR's name of its type."""
    if isinstance(reply, ResponseItem) or reply.value is None:
        text = _absence(reply)
        return (text, "string") if text else (None, "")
    value = reply.value.value
    match value:
        case Quantity():
            figure = str(value.value).replace(".", ",")
            return f"{value.comparator}{figure} {value.unit or value.code}".strip(), "string"
        case Reference():
            return value.display or value.reference, "string"
        case Attachment():
            return value.title or value.content_type or "fichier", "string"
    return value, reply.value.kind


def _absence(reply: Reply | ResponseItem) -> str:
    if reply.absent in UNKNOWN:
        return "Je ne sais pas"
    if reply.absent == NOT_APPLICABLE:
        return f"Sans objet\u00a0: {reply.reason}" if reply.reason else "Sans objet"
    if isinstance(reply, ResponseItem) and reply.is_none:
        return "Rien de coché"
    return "Sans réponse" if reply.absent else ""
