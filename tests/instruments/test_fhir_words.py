"""What a FHIR response says is shown in words, whatever its type and whoever wrote it."""

from decimal import Decimal

import pytest

from virage.formats.fhir.questionnaire import (
    Attachment,
    Quantity,
    Question,
    Questionnaire,
    QuestionnaireResponse,
    Reference,
    Reply,
    ResponseItem,
    Typed,
)
from virage.foundation.coded import Coded
from virage.instruments.rules.answers import Line, answers_to_json, lines_of
from virage.instruments.rules.fhir.words import told

ASKED = Questionnaire(items=(Question(link_id="q", type="string", text="Comment dort-elle"),))


def shown(*items: ResponseItem) -> list[Line]:
    return lines_of(answers_to_json(told(ASKED, QuestionnaireResponse(items=items))))


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(value=Typed("boolean", True)), "Oui"),
        (Reply(value=Typed("date", "2026-03-01")), "01/03/2026"),
        (Reply(value=Typed("Coding", Coded("urn:a", "x", "Beaucoup"))), "Beaucoup"),
        (
            Reply(value=Typed("Quantity", Quantity(value=Decimal("3.10"), unit="kg"))),
            "3,10 kg",
        ),
        (
            Reply(value=Typed("Quantity", Quantity(value=Decimal(3), comparator="<", code="g"))),
            "<3 g",
        ),
        (Reply(value=Typed("Reference", Reference(display="Dr Aubin"))), "Dr Aubin"),
        (Reply(value=Typed("Attachment", Attachment(title="plaie.png"))), "plaie.png"),
        (Reply(absent="asked-unknown"), "Je ne sais pas"),
        (Reply(absent="not-applicable"), "Sans objet"),
        (Reply(absent="masked"), "Sans réponse"),
    ],
)
def test_each_answer_has_its_words(reply: Reply, words: str) -> None:
    [line] = shown(ResponseItem(link_id="q", answers=(reply,)))
    assert line.value == words


def test_a_line_keeps_its_own_wording_or_takes_that_of_the_question() -> None:
    answers = (Reply(value=Typed("string", "Bien")),)
    lines = shown(
        ResponseItem(link_id="q", text="Sommeil", answers=answers),
        ResponseItem(link_id="q", answers=answers),
        ResponseItem(link_id="unknown", answers=answers),
        ResponseItem(link_id="q", is_none=True),
    )
    labels = ["Sommeil", "Comment dort-elle", "unknown", "Comment dort-elle"]
    assert [line.label for line in lines] == labels
    assert lines[-1].value == "Rien de coché"
