"""A FHIR R4 Questionnaire, written."""

import json
from decimal import Decimal
from typing import Any

from virage.formats.fhir import writing
from virage.formats.fhir.names import (
    ITEM_CONTROL,
    ITEM_CONTROLS,
    MAX_DECIMALS,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL_VALUE,
    QUESTION_UNIT,
)
from virage.formats.fhir.questionnaire import AnswerOption, EnableWhen, Question, Questionnaire
from virage.formats.fhir.questionnaire_values import (
    AGAIN_AFTER_DAYS,
    IS_TOTAL_ONLY,
    MAY_BE_COMMENTED,
    MAY_BE_UNKNOWN,
    MAY_NOT_APPLY,
    SOURCE,
    flag,
    written,
)
from virage.formats.fhir.writing import Json, compact, extension, listed


def write_questionnaire(questionnaire: Questionnaire) -> bytes:
    """The Questionnaire as JSON; one that was read goes out as it came, its narrative apart."""
    kept, others = unpacked(questionnaire.kept)
    own = listed(
        extension(SOURCE, "String", questionnaire.source),
        extension(AGAIN_AFTER_DAYS, "Integer", questionnaire.again_after_days),
        flag(IS_TOTAL_ONLY, questionnaire.is_total_only),
    )
    period = {
        "start": writing.day(questionnaire.starts_on),
        "end": writing.day(questionnaire.ends_on),
    }
    resource = {
        "resourceType": "Questionnaire",
        "extension": [*own, *others],
        "url": questionnaire.url,
        "version": questionnaire.version,
        "name": questionnaire.name,
        "title": questionnaire.title,
        **writing.required_code("status", questionnaire.status),
        "description": questionnaire.description,
        "copyright": questionnaire.copyright,
        "effectivePeriod": compact(period),
        "code": [writing.coding(each) for each in questionnaire.codes],
        "item": [_item(each) for each in questionnaire.items],
    }
    return writing.to_json(compact(resource | kept)).encode()


def unpacked(kept: str) -> tuple[Json, list[Json]]:
    """What was kept of a resource, and its extensions apart; numbers keep their own digits."""
    rest: Json = json.loads(kept, parse_float=Decimal) if kept else {}
    return rest, rest.pop("extension", [])


def _item(question: Question) -> Json:
    return compact(
        {
            "extension": _extensions(question),
            "linkId": question.link_id,
            "code": [writing.coding(each) for each in question.codes],
            "text": question.text,
            "type": question.type,
            "enableWhen": [_condition(each) for each in question.conditions],
            "enableBehavior": question.behavior,
            "required": question.required,
            "repeats": question.repeats,
            "answerValueSet": question.value_set,
            "answerOption": [_option(each) for each in question.options],
            "item": [_item(each) for each in question.items],
        }
    )


def _extensions(question: Question) -> list[Json]:
    help_ = {"coding": [{"system": ITEM_CONTROLS, "code": "help"}]} if question.is_help else None
    return listed(
        extension(ITEM_CONTROL, "CodeableConcept", help_),
        extension(QUESTION_UNIT, "Coding", writing.coding(question.unit)),
        _bound(MIN_VALUE, question, question.least),
        _bound(MAX_VALUE, question, question.most),
        extension(MAX_DECIMALS, "Integer", question.places),
        flag(MAY_BE_UNKNOWN, question.may_be_unknown),
        flag(MAY_NOT_APPLY, question.may_not_apply),
        flag(MAY_BE_COMMENTED, question.may_be_commented),
    )


def _bound(url: str, question: Question, value: Decimal | None) -> Json:
    if value is not None and question.type == "integer" and value == int(value):
        return extension(url, "Integer", int(value))
    return extension(url, "Decimal", value)


def _option(option: AnswerOption) -> Json:
    member: dict[str, Any] = written(option.value, "value")
    points = listed(extension(ORDINAL_VALUE, "Decimal", option.points))
    if points:
        coding = member["valueCoding"]
        coding["extension"] = [*points, *coding.get("extension", [])]
    return member


def _condition(test: EnableWhen) -> Json:
    return {
        "question": test.question,
        "operator": test.operator,
        **written(test.answer, "answer"),
    }
