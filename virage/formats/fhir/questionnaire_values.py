"""The values that questions offer and answers hold, read and written; the extensions of ours."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import ABSENT_REASON, ORIGINAL_TEXT
from virage.formats.fhir.questionnaire import Attachment, Quantity, Reference, Typed
from virage.formats.fhir.writing import Json, compact, extension, listed
from virage.formats.outcome import Finding, Unreadable
from virage.foundation.coded import Coded

OWN = "urn:virage:questionnaire"
SOURCE = f"{OWN}:source"
AGAIN_AFTER_DAYS = f"{OWN}:again-after-days"
IS_TOTAL_ONLY = f"{OWN}:total-only"
MAY_BE_UNKNOWN = f"{OWN}:may-be-unknown"
MAY_NOT_APPLY = f"{OWN}:may-not-apply"
MAY_BE_COMMENTED = f"{OWN}:may-be-commented"
COMMENT = f"{OWN}:comment"
IS_NONE = f"{OWN}:none"

NARRATIVES = {"generated", "extensions", "empty"}
"""Narratives that only repeat the resource."""

READERS: dict[str, Callable[[Element, str], Any]] = {
    "boolean": Element.flag,
    "decimal": Element.decimal,
    "integer": Element.integer,
    "date": Element.text,
    "dateTime": Element.text,
    "time": Element.text,
    "string": Element.text,
    "uri": Element.text,
    "Attachment": lambda element, name: _attachment(element.child(name)),
    "Coding": lambda element, name: datatypes.coding(element.child(name)),
    "Quantity": lambda element, name: _quantity(element.child(name)),
    "Reference": lambda element, name: reference(element.child(name)),
}


def typed(element: Element, prefix: str) -> Typed | None:
    """The value of an element whose name says its type; a second one stays unread."""
    for kind, read in READERS.items():
        name = _name(prefix, kind)
        if element.value.get(name) not in (None, "", {}):
            return Typed(kind, read(element, name))
    return None


def written(value: Typed | None, prefix: str) -> Json:
    """The member that holds a value, or nothing."""
    return {_name(prefix, value.kind): _plain(value.value)} if value else {}


def _name(prefix: str, kind: str) -> str:
    return f"{prefix}{kind[0].upper()}{kind[1:]}"


def _plain(value: Any) -> Any:
    match value:
        case Coded():
            return writing.coding(value)
        case Quantity():
            parts = ("value", "comparator", "unit", "system", "code")
            return compact({name: getattr(value, name) for name in parts})
        case Reference():
            return written_reference(value)
        case Attachment():
            return _written_attachment(value)
    return value


def reference(element: Element) -> Reference | None:
    """A Reference as given, or nothing."""
    if not element:
        return None
    return Reference(
        reference=element.text("reference"),
        type=element.text("type"),
        display=element.text("display"),
        identifier=datatypes.identifier(element.child("identifier")),
    )


def written_reference(value: Reference | None) -> Json:
    """A Reference as it was given."""
    if value is None:
        return {}
    return compact(
        {
            "reference": value.reference,
            "type": value.type,
            "identifier": writing.identifier(value.identifier),
            "display": value.display,
        }
    )


def _quantity(element: Element) -> Quantity:
    return Quantity(
        value=element.decimal("value"),
        comparator=element.text("comparator"),
        unit=element.text("unit"),
        system=element.text("system"),
        code=element.text("code"),
    )


def _attachment(element: Element) -> Attachment:
    return Attachment(
        content_type=element.text("contentType"),
        language=element.text("language"),
        data=element.text("data"),
        url=element.text("url"),
        size=element.integer("size"),
        hash=element.text("hash"),
        title=element.text("title"),
        creation=element.text("creation"),
    )


def _written_attachment(value: Attachment) -> Json:
    return compact(
        {
            "contentType": value.content_type,
            "language": value.language,
            "data": value.data,
            "url": value.url,
            "size": value.size,
            "hash": value.hash,
            "title": value.title,
            "creation": value.creation,
        }
    )


def absence(element: Element) -> dict[str, str]:
    """Why an answer is absent: the code, the reason in words; and the word beside any answer."""
    return {
        "absent": element.extension(ABSENT_REASON).text("valueCode"),
        "reason": element.extension(ORIGINAL_TEXT).text("valueString"),
        "comment": element.extension(COMMENT).text("valueString"),
    }


def written_absence(absent: str, reason: str, comment: str) -> list[Json]:
    """The extensions that say why an answer is absent, and the word beside it."""
    return listed(
        extension(ABSENT_REASON, "Code", absent),
        extension(ORIGINAL_TEXT, "String", reason),
        extension(COMMENT, "String", comment),
    )


def flagged(element: Element, url: str) -> bool:
    """Whether an extension of ours says yes."""
    return element.extension(url).flag("valueBoolean") is True


def flag(url: str, is_set: bool) -> Json:
    """An extension of ours that says yes, or nothing."""
    return extension(url, "Boolean", True) if is_set else {}


def bound(element: Element, url: str) -> Decimal | None:
    """The bound of a number, however it is written."""
    found = element.extension(url)
    return found.decimal("valueDecimal" if "valueDecimal" in found.value else "valueInteger")


def kept(resource: Element, names: set[str], own: set[str]) -> str:
    """The rest of a resource as JSON: it goes out again, whatever it is; told when it is ours."""
    resource.ignore("resourceType")
    text = resource.child("text")
    if text.value.get("status") in NARRATIVES:
        resource.ignore("text")
    rest = {
        name: value
        for name, value in resource.value.items()
        if name not in names | {"resourceType", "text", "extension"}
    }
    resource.ignore(*rest)
    others = [each for each in resource.children("extension") if each.value.get("url") not in own]
    for each in others:
        each.ignore(*each.value)
    rest |= {"extension": [each.value for each in others]} if others else {}
    return writing.to_json(rest) if rest else ""


def refuse_modifiers(element: Element) -> None:
    """Refuse what changes the meaning of the rest in a way that we do not know."""
    for name in ("modifierExtension", "implicitRules"):
        if element.value.get(name):
            raise Unreadable(Finding("modifier_unknown", f"{element.path}.{name}"))
