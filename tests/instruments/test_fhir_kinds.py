"""Every way to ask and to answer goes out as FHIR and comes back; what FHIR cannot say is told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from virage.formats.fhir.questionnaire import EnableWhen, Question, Typed
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_response import read_response, write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.formats.outcome import Finding
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.instruments.rules.answers import answers_to_json, lines_of
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.kinds import NO, YES
from virage.instruments.rules.fhir.questions_in import instrument_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.fhir.words import told, tree_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind, Option, When

CODED = Option(id="qf0", label="aucun", code="qf0", system="http://hl7.org/fhir/sid/icf")
FALL = Item(id="fall", label="Chute", kind=ItemKind.CHOICE, options=(YES, NO), required=True)
WHERE = Item(
    id="where",
    label="Où",
    kind=ItemKind.MULTIPLE,
    options=(CODED, Option(id="bath", label="Salle d’eau", points=Decimal("1.5"))),
    under="fall",
    may_be_unknown=True,
    help="Plusieurs lieux si besoin",
    code="d4",
    system="http://hl7.org/fhir/sid/icf",
)
TIMES = Item(
    id="times",
    label="Combien de fois",
    kind=ItemKind.NUMBER,
    at_least=Decimal(1),
    at_most=Decimal(40),
    when=When(of="fall", among=("yes",)),
    may_be_commented=True,
)
HEIGHT = Item(id="height", label="Taille", kind=ItemKind.NUMBER, unit="m", decimals=2)
WOUNDS = Item(
    id="wounds",
    label="Plaies",
    kind=ItemKind.TABLE,
    may_not_apply=True,
    may_be_unknown=True,
    columns=(
        Item(id="on", label="Vue le", kind=ItemKind.DATE, required=True),
        Item(id="what", label="Quoi", kind=ItemKind.TEXT, may_be_unknown=True),
    ),
)


def _instrument(*groups: Group, **parts: Any) -> Instrument:
    whole: dict[str, Any] = {"notices": ("À lire avant",), "again_after_days": 30}
    sheet = {"summary": "Ce qu’elle fait", "source": "Nous", "licence": "Libre"}
    return Instrument(
        id="essai",
        version="2",
        title="Essai",
        volet=Volet.CARE,
        answered_by=("nurse",),
        groups=groups,
        **(sheet | whole | parts),
    )


WHOLE = _instrument(
    Group(id="falls", title="Chutes", items=(FALL, WHERE, TIMES), help="Depuis un mois"),
    Group(
        id="after",
        title="Après",
        items=(Item(id="word", label="Un mot", kind=ItemKind.TEXT),),
        when=When(of="times", above=Decimal(2), at_most=Decimal(9)),
        within="times",
    ),
    Group(id="body", title="Corps", items=(HEIGHT,), within="falls"),
    Group(id="from wounds", title="", items=(WOUNDS,), within="falls"),
)


def returned(one: Instrument) -> Instrument:
    out, findings = questionnaire_of(one)
    questionnaire, more = read_questionnaire(write_questionnaire(out))
    back, told_back = instrument_of(questionnaire, volet=one.volet, answered_by=one.answered_by)
    assert [*findings, *more, *told_back] == []
    return back


def test_every_kind_comes_back_the_same() -> None:
    assert returned(WHOLE) == WHOLE


def test_questions_keep_their_place_and_their_codes() -> None:
    out, _ = questionnaire_of(WHOLE)
    notice, falls = out.items
    assert (notice.type, notice.text) == ("display", "À lire avant")
    help_, fall, times, body, wounds = falls.items
    assert (help_.is_help, help_.text) == (True, "Depuis un mois")
    assert [one.link_id for one in fall.items] == ["where"]
    assert (fall.type, times.items[0].link_id, body.type) == ("boolean", "after", "group")
    assert (wounds.type, wounds.repeats) == ("group", True)
    coded, own = (option.value.value for option in fall.items[0].options)
    assert coded == Coded("http://hl7.org/fhir/sid/icf", "qf0", "aucun")
    assert own == Coded("urn:virage:instrument:essai:where", "bath", "Salle d’eau")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_kind_of_answer_comes_back_the_same(data: Any) -> None:
    answers = data.draw(answered(WHOLE))
    comment = data.draw(st.sampled_from(["", "vu ce matin"]))
    answers |= {"times": replace(answers["times"], comment=comment)} if "times" in answers else {}
    assume("\\x00" not in ascii(answers))
    questionnaire, _ = questionnaire_of(WHOLE)
    response, findings = read_response(write_response(response_of(questionnaire, answers)))
    assert answers_of(questionnaire, response) == (answers, [])
    assert findings == []


def test_what_has_no_value_is_said_by_the_standard() -> None:
    answers = {
        "fall": Given("yes"),
        "where": Given(is_unknown=True),
        "wounds": Given(not_applicable_because="Peau saine"),
    }
    questionnaire, _ = questionnaire_of(WHOLE)
    response = response_of(questionnaire, answers)
    fall, wounds = response.items[0].items
    assert fall.answers[0].items[0].answers[0].absent == "asked-unknown"
    assert (wounds.absent, wounds.reason) == ("not-applicable", "Peau saine")
    lines = lines_of(answers_to_json(told(questionnaire, response)))[0].lines
    assert [(line.label, line.value) for line in (lines[0].lines[0], lines[1])] == [
        ("Où", "Je ne sais pas"),
        ("Plaies", "Sans objet\u00a0: Peau saine"),
    ]


A, B = When(of="fall", among=("yes",)), When(of="height", at_least=Decimal(1))
CHOSEN = When(of="where", among=("qf0", "bath"))
RANGE = When(of="height", at_least=Decimal(1), below=Decimal(2))


def conditioned(when: When) -> Instrument:
    last = Item(id="last", label="?", kind=ItemKind.TEXT, when=when)
    return _instrument(Group(id="g", title="G", items=(FALL, WHERE, HEIGHT, last)))


@pytest.mark.parametrize(
    "when",
    [
        *(A, B, CHOSEN, RANGE),
        *(When(every=(A, B)), When(every=(A, RANGE))),
        *(When(either=(A, B)), When(either=(A, CHOSEN, B))),
    ],
)
def test_a_condition_that_fhir_can_say_holds_the_same(when: When) -> None:
    assert returned(conditioned(when)).items["last"].when == when


@pytest.mark.parametrize(
    "when", [When(every=(A, CHOSEN)), When(either=(A, RANGE)), When(either=(When(every=(A, B)), A))]
)
def test_a_condition_that_fhir_cannot_say_is_told(when: When) -> None:
    out, findings = questionnaire_of(conditioned(when))
    assert findings == [Finding("condition_not_sent", "last")]
    assert out.items[1].items[-1].conditions == ()


def test_operators_of_fhir_are_read() -> None:
    out, _ = questionnaire_of(conditioned(A))
    *before, last = out.items[1].items
    for operator, answer, expected in (
        ("=", Typed("integer", 3), When(of="height", at_least=Decimal(3), at_most=Decimal(3))),
        (">", Typed("decimal", Decimal("1.5")), When(of="height", above=Decimal("1.5"))),
        ("<=", Typed("integer", 2), When(of="height", at_most=Decimal(2))),
        ("exists", Typed("boolean", True), When(of="fall", among=("yes", "no"))),
    ):
        asked = EnableWhen(expected.of, operator, answer)
        group = replace(out.items[1], items=(*before, replace(last, conditions=(asked,))))
        back, findings = instrument_of(
            replace(out, items=(group,)), volet=Volet.CARE, answered_by=("nurse",)
        )
        assert (back.items["last"].when, findings) == (expected, [])


def test_a_condition_said_twice_settles() -> None:
    out, _ = questionnaire_of(conditioned(A))
    *before, last = out.items[1].items
    same = EnableWhen("height", "=", Typed("integer", 3))
    twice = replace(last, conditions=(same, same), behavior="all")
    group = replace(out.items[1], items=(*before, twice))
    one, _ = instrument_of(replace(out, items=(group,)), volet=Volet.CARE, answered_by=("nurse",))
    assert returned(one).items["last"].when == one.items["last"].when


def test_a_text_to_show_is_kept_as_help() -> None:
    note = Question(link_id="n", type="display", text="Depuis un mois")
    group = Question(link_id="g", type="group", text="G", items=(note, Question(**_asked("q"))))
    out, _ = questionnaire_of(WHOLE)
    back, findings = instrument_of(
        replace(out, items=(group,)), volet=Volet.CARE, answered_by=("nurse",)
    )
    assert (back.groups[0].help, findings) == ("Depuis un mois", [])


def _asked(name: str) -> dict[str, Any]:
    return {"link_id": name, "type": "string", "text": name}


def test_what_stands_within_a_group_without_a_title_goes_out() -> None:
    word = Item(id="word", label="Un mot", kind=ItemKind.TEXT)
    one = _instrument(
        Group(id="bare", title="", items=(FALL,)),
        Group(id="after", title="Après", items=(word,), within="bare"),
    )
    lines = tree_of(one, {"fall": Given("no"), "word": Given("rien")})
    assert [line.link_id for line in lines] == ["fall", "after"]
    assert lines[1].children[0].value == "rien"
