"""A FHIR R4 QuestionnaireResponse, read from the bytes of a file and written."""

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.element import Element
from virage.formats.fhir.questionnaire import QuestionnaireResponse, Reply, ResponseItem
from virage.formats.fhir.questionnaire_reading import opened, required, tell_rest
from virage.formats.fhir.questionnaire_values import (
    IS_NONE,
    absence,
    flag,
    flagged,
    kept,
    reference,
    refuse_modifiers,
    typed,
    written,
    written_absence,
    written_reference,
)
from virage.formats.fhir.questionnaire_writing import unpacked
from virage.formats.fhir.writing import Json, compact, listed
from virage.formats.outcome import Finding, Limits
from virage.formats.safe import decode_json

READ = {
    *("identifier", "questionnaire", "status", "_status", "subject", "encounter", "authored"),
    *("author", "source", "item"),
}


def read_response(
    data: bytes, *, limits: Limits | None = None
) -> tuple[QuestionnaireResponse, list[Finding]]:
    """Read a QuestionnaireResponse and what was not understood of it.

    Raises `Unreadable`, and nothing else.
    """
    limits = limits or Limits()
    findings: list[Finding] = []
    top = opened(decode_json(data, limits), "QuestionnaireResponse", findings)
    response = QuestionnaireResponse(
        identifier=datatypes.identifier(top.child("identifier")),
        questionnaire=top.text("questionnaire"),
        status=datatypes.required_code(top, "status"),
        subject=reference(top.child("subject")),
        encounter=reference(top.child("encounter")),
        authored=top.text("authored"),
        author=reference(top.child("author")),
        source=reference(top.child("source")),
        items=tuple(_item(each) for each in top.children("item")),
        kept=kept(top, READ, set()),
    )
    tell_rest(top, findings, limits)
    return response, findings


def _item(item: Element) -> ResponseItem:
    refuse_modifiers(item)
    return ResponseItem(
        link_id=required(item, "linkId"),
        text=item.text("text"),
        answers=tuple(_reply(each) for each in item.children("answer")),
        items=tuple(_item(each) for each in item.children("item")),
        **absence(item),
        is_none=flagged(item, IS_NONE),
    )


def _reply(answer: Element) -> Reply:
    refuse_modifiers(answer)
    return Reply(
        value=typed(answer, "value"),
        items=tuple(_item(each) for each in answer.children("item")),
        **absence(answer),
    )


def write_response(response: QuestionnaireResponse) -> bytes:
    """The QuestionnaireResponse as JSON; one that was read goes out as it came."""
    rest, extensions = unpacked(response.kept)
    resource = {
        "resourceType": "QuestionnaireResponse",
        "extension": extensions,
        "identifier": writing.identifier(response.identifier),
        "questionnaire": response.questionnaire,
        **writing.required_code("status", response.status),
        "subject": written_reference(response.subject),
        "encounter": written_reference(response.encounter),
        "authored": response.authored,
        "author": written_reference(response.author),
        "source": written_reference(response.source),
        "item": [_written_item(each) for each in response.items],
    }
    return writing.to_json(compact(resource | rest)).encode()


def _written_item(item: ResponseItem) -> Json:
    return compact(
        {
            "extension": listed(
                *written_absence(item.absent, item.reason, item.comment),
                flag(IS_NONE, item.is_none),
            ),
            "linkId": item.link_id,
            "text": item.text,
            "answer": [_written_reply(each) for each in item.answers],
            "item": [_written_item(each) for each in item.items],
        }
    )


def _written_reply(reply: Reply) -> Json:
    return compact(
        {
            "extension": written_absence(reply.absent, reply.reason, reply.comment),
            **written(reply.value, "value"),
            "item": [_written_item(each) for each in reply.items],
        }
    )
