"""FHIR's shared data types, read into our plain ones. Nothing here knows TDDUI."""

from dataclasses import replace

from virage.formats.fhir.element import Element
from virage.formats.fhir.names import (
    ABSENT_REASON,
    COMMUNES,
    HOUSE_NUMBER,
    INSEE_CODE,
    ORIGINAL_TEXT,
    STREET_NAME,
)
from virage.formats.values import EMPTY, Address, BusinessIdentifier, Telecom
from virage.foundation.coded import Coded


def coded(element: Element) -> Coded:
    """A CodeableConcept: its first code and its text; other codes stay unread."""
    if not element:
        return EMPTY
    return replace(coding(element.first("coding")), text=element.text("text"))


def coding(element: Element) -> Coded:
    """A Coding, with what the sender wrote in its own words."""
    if not element:
        return EMPTY
    return Coded(
        system=element.text("system"),
        code=element.text("code"),
        display=element.text("display"),
        version=element.text("version"),
        text=element.extension(ORIGINAL_TEXT).text("valueString"),
    )


def identifier(element: Element, usual_type: Coded = EMPTY) -> BusinessIdentifier | None:
    """An Identifier, or nothing without a value; the type that its place imposes reads as empty."""
    if not element.value.get("value"):
        return None
    type_ = coded(element.child("type"))
    period = element.child("period")
    return BusinessIdentifier(
        value=element.text("value"),
        system=element.text("system"),
        type=EMPTY if type_ == usual_type else type_,
        use=element.text("use"),
        starts_on=period.day("start"),
        ends_on=period.day("end"),
    )


def required_code(element: Element, name: str) -> str:
    """A code that FHIR requires; the sign that it is unknown reads as empty."""
    element.child(f"_{name}").extension(ABSENT_REASON).ignore("valueCode")
    return element.text(name)


def is_typed(element: Element, type_: Coded) -> bool:
    """Whether an identifier or an input is of a type. If so the code and its label are read."""
    coding = element.child("type").first("coding")
    if (coding.value.get("system"), coding.value.get("code")) != (type_.system, type_.code):
        return False
    coding.ignore("system", "code", "display")
    return True


def telecoms(elements: list[Element]) -> list[Telecom]:
    """The ContactPoints that have a value."""
    return [
        Telecom(system=each.text("system"), value=each.text("value"), use=each.text("use"))
        for each in elements
        if each.value.get("value")
    ]


def address(element: Element) -> Address:
    """An Address. A line that its number and street say entirely is read as these two."""
    read = Address(
        use=element.text("use"),
        postal_code=element.text("postalCode"),
        city=element.text("city"),
        district=element.text("district"),
        state=element.text("state"),
        country=element.text("country"),
        insee_code=insee_code(element),
    )
    parts = element.children("_line")
    for place, line in enumerate(element.texts("line")):
        if place < len(parts) and not (read.house_number or read.street):
            read.house_number = parts[place].extension(HOUSE_NUMBER).text("valueString")
            read.street = parts[place].extension(STREET_NAME).text("valueString")
            if line and line == street_line(read):
                element.read_text("line", place)
                continue
        if line:
            element.read_text("line", place)
            read.lines.append(line)
    return read


def street_line(address: Address) -> str:
    """The line that the number and the street make."""
    return " ".join(filter(None, (address.house_number, address.street)))


def insee_code(element: Element) -> str:
    """The commune of an address."""
    value = element.extension(INSEE_CODE).child("valueCoding")
    if value.value.get("system") == COMMUNES:
        value.ignore("system")
    return value.text("code")
