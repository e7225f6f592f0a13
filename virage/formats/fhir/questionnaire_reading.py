"""A FHIR R4 Questionnaire, read from the bytes of a file."""

from collections import Counter
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from virage.formats.fhir import datatypes
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import (
    ITEM_CONTROL,
    ITEM_CONTROLS,
    MAX_DECIMALS,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL_VALUE,
    QUESTION_UNIT,
)
from virage.formats.fhir.questionnaire import (
    OPERATORS,
    TYPES,
    AnswerOption,
    EnableWhen,
    Question,
    Questionnaire,
    placed,
)
from virage.formats.fhir.questionnaire_values import (
    AGAIN_AFTER_DAYS,
    IS_TOTAL_ONLY,
    MAY_BE_COMMENTED,
    MAY_BE_UNKNOWN,
    MAY_NOT_APPLY,
    SOURCE,
    bound,
    flagged,
    kept,
    refuse_modifiers,
    typed,
)
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.safe import decode_json, refuse

READ = {
    *("url", "version", "name", "title", "status", "_status", "description", "copyright"),
    *("effectivePeriod", "code", "item"),
}
OWN = {SOURCE, AGAIN_AFTER_DAYS, IS_TOTAL_ONLY}


def read_questionnaire(
    data: bytes, *, limits: Limits | None = None
) -> tuple[Questionnaire, list[Finding]]:
    """Read a Questionnaire and what was not understood of it.

    Raises `Unreadable`, and nothing else: no Questionnaire, a question twice, an unknown type, a
    condition on no question or that turns in a circle.
    """
    limits = limits or Limits()
    findings: list[Finding] = []
    top = opened(decode_json(data, limits), "Questionnaire", findings)
    questionnaire = _questionnaire(top)
    _check(questionnaire, limits)
    tell_rest(top, findings, limits)
    return questionnaire, findings


def _questionnaire(top: Element) -> Questionnaire:
    period = top.child("effectivePeriod")
    return Questionnaire(
        url=top.text("url"),
        version=top.text("version"),
        name=top.text("name"),
        title=top.text("title"),
        status=datatypes.required_code(top, "status"),
        description=top.text("description"),
        copyright=top.text("copyright"),
        starts_on=period.day("start"),
        ends_on=period.day("end"),
        codes=tuple(datatypes.coding(each) for each in top.children("code")),
        source=top.extension(SOURCE).text("valueString"),
        again_after_days=top.extension(AGAIN_AFTER_DAYS).integer("valueInteger"),
        is_total_only=flagged(top, IS_TOTAL_ONLY),
        items=tuple(_question(each) for each in top.children("item")),
        kept=kept(top, READ, OWN),
    )


def opened(value: Any, resource: str, findings: list[Finding]) -> Element:
    """The resource of a file that holds only it; refused when it is another one."""
    type_ = value.get("resourceType") if isinstance(value, dict) else None
    if type_ != resource:
        refuse("wrong_resource", "resourceType", str(type_ or "")[:100])
    top = Element.top(value, resource, findings)
    refuse_modifiers(top)
    return top


def tell_rest(top: Element, findings: list[Finding], limits: Limits) -> None:
    """Tell each part that says something and that nobody read; refused beyond what anyone reads."""
    for path, value in top.rest():
        if value in (None, "", [], {}):
            continue
        findings.append(Finding("part_not_understood", path, _shown(value)))
        if len(findings) > limits.entries:
            refuse("too_many_entries", path)


def required(element: Element, name: str) -> str:
    """A text without which the rest means nothing."""
    text = element.text(name)
    if not text:
        refuse("missing_required", f"{element.path}.{name}")
    return text


def _question(item: Element) -> Question:
    refuse_modifiers(item)
    type_ = required(item, "type")
    if type_ not in TYPES:
        refuse("question_type_unknown", f"{item.path}.type", type_[:100])
    return Question(
        link_id=required(item, "linkId"),
        type=type_,
        text=item.text("text"),
        required=item.flag("required"),
        repeats=item.flag("repeats"),
        codes=tuple(datatypes.coding(each) for each in item.children("code")),
        options=tuple(_option(each) for each in item.children("answerOption")),
        value_set=item.text("answerValueSet"),
        conditions=tuple(_condition(each) for each in item.children("enableWhen")),
        behavior=item.text("enableBehavior"),
        unit=datatypes.coding(item.extension(QUESTION_UNIT).child("valueCoding")),
        least=bound(item, MIN_VALUE),
        most=bound(item, MAX_VALUE),
        places=item.extension(MAX_DECIMALS).integer("valueInteger"),
        items=tuple(_question(each) for each in item.children("item")),
        is_help=_is_help(item),
        may_be_unknown=flagged(item, MAY_BE_UNKNOWN),
        may_not_apply=flagged(item, MAY_NOT_APPLY),
        may_be_commented=flagged(item, MAY_BE_COMMENTED),
    )


def _is_help(item: Element) -> bool:
    """Whether it is told to stand beside the question as its help. Other controls stay unread."""
    coding = item.extension(ITEM_CONTROL).child("valueCodeableConcept").first("coding")
    if (coding.value.get("system"), coding.value.get("code")) != (ITEM_CONTROLS, "help"):
        return False
    coding.ignore("system", "code", "display")
    return True


def _option(option: Element) -> AnswerOption:
    value = typed(option, "value")
    if value is None:
        refuse("missing_required", f"{option.path}.value")
    points = option.child("valueCoding").extension(ORDINAL_VALUE).decimal("valueDecimal")
    return AnswerOption(value, points)


def _condition(test: Element) -> EnableWhen:
    operator = required(test, "operator")
    if operator not in OPERATORS:
        refuse("resource_invalid", f"{test.path}.operator", operator[:100])
    return EnableWhen(required(test, "question"), operator, typed(test, "answer"))


def _check(questionnaire: Questionnaire, limits: Limits) -> None:
    """Refuse questions that no answer could be led to without a doubt."""
    questions = list(placed(questionnaire.items))
    options = sum(len(question.options) for _, question in questions)
    if len(questions) + options > limits.entries:
        refuse("too_many_entries", questions[-1][0])
    counts = Counter(question.link_id for _, question in questions)
    seen: set[str] = set()
    for path, question in questions:
        if counts[question.link_id] > 1 and question.link_id in seen:
            refuse("question_twice", f"{path}.linkId", question.link_id[:100])
        seen.add(question.link_id)
        for number, test in enumerate(question.conditions):
            if test.question not in counts:
                place = f"{path}.enableWhen[{number}].question"
                refuse("condition_on_nothing", place, test.question[:100])
    if circle := _circle(questionnaire):
        path = next(path for path, question in questions if question.link_id == circle)
        raise Unreadable(Finding("condition_in_circle", f"{path}.enableWhen", circle[:100]))


def _circle(questionnaire: Questionnaire) -> str:
    """A question whose condition comes back to it; a question waits for what it stands under."""
    waits: dict[str, set[str]] = {}
    for _, question in placed(questionnaire.items):
        waits.setdefault(question.link_id, set()).update(
            test.question for test in question.conditions
        )
        for below in question.items:
            waits.setdefault(below.link_id, set()).add(question.link_id)
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        return str(error.args[1][0])
    return ""


def _shown(value: Any) -> str:
    return str(value)[:100] if isinstance(value, str | int | Decimal) else ""
