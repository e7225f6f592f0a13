"""The datatypes of CDA, read from a `Node` into the types of the record in transit.

A value that cannot be read stays unread: it is reported, then listed with what is left.
"""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from virage.formats.cda.node import Node
from virage.formats.cda.systems import code_system
from virage.formats.values import Address, Sex, Telecom
from virage.foundation.calendar import PARIS, is_in_calendar
from virage.foundation.coded import Coded

MOMENT = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})"
    r"(?:([0-9]{2})([0-9]{2})([0-9]{2})?(?:\.[0-9]+)?([+-][0-9]{4})?)?"
)
LONE_DAY = len("20230414")
PARTIAL_DAY = re.compile(r"[0-9]{4}(?:[0-9]{2})?")
NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
TRUTHS = {"true": True, "false": False}

HOME_OR_WORK: dict[str, str] = {"H": "home", "HP": "home", "TMP": "temp", "WP": "work"}
TELECOM_USES = {**HOME_OR_WORK, "MC": "mobile"}
TELECOM_SYSTEMS = {"tel": "phone", "mailto": "email", "fax": "fax", "http": "url", "https": "url"}
ADDRESS_LINES = ("streetAddressLine", "deliveryAddressLine", "additionalLocator", "unitID")


def resolve(text: Node) -> str:
    """A text said in place, or by a pointer to the section's narrative (`#id`)."""
    pointer = text.child("reference")
    target = pointer.peek("value")
    if not target.startswith("#"):
        return text.take_text()
    block = Node(text.document, text.document.blocks.get(target[1:]))
    if not block:
        pointer.report("reference_outside_bundle", target)
        return ""
    pointer.take()
    return block.take_text()


def coded(node: Node, text: str = "") -> Coded:
    """CD, CE, CV and their kin; `text` is what the narrative says beside the code."""
    words = resolve(node.child("originalText")) or text
    if not node.peek("code"):
        return Coded(text=words)
    code = node.take("code")
    label = node.take("displayName")
    return Coded(
        system=code_system(node.take("codeSystem")),
        code=code,
        display=label,
        version=node.take("codeSystemVersion"),
        text="" if words == label else words,
    )


def moment(node: Node) -> datetime | None:
    """TS to an aware instant; without a zone it is Paris time.

    A lone day becomes midnight, is reported and stays unread.
    """
    instant = _moment(node)
    if instant and is_lone_day(node):
        node.report("time_missing", node.peek("value"))
    elif instant:
        node.take()
    return instant


def day(node: Node) -> date | None:
    """TS to the day as written; an hour beside it stays unread."""
    instant = _moment(node)
    if instant and is_lone_day(node):
        node.take()
    return instant.date() if instant else None


def is_lone_day(node: Node) -> bool:
    """Whether a TS gives a day without an hour."""
    return len(node.peek("value")) == LONE_DAY


def _moment(node: Node) -> datetime | None:
    if not node.peek("value"):
        return None
    match = MOMENT.fullmatch(node.peek("value"))
    try:
        if match is None:
            raise ValueError
        *parts, shift = match.groups()
        year, month, day_of_month, hour, minute, second = (int(part or 0) for part in parts)
        zone = _zone(shift)
        instant = datetime(year, month, day_of_month, hour, minute, second, tzinfo=zone)
        if not is_in_calendar(instant):
            raise ValueError
    except ValueError:
        node.report("date_unreadable", node.peek("value"))
        return None
    return instant


def _zone(shift: str | None) -> ZoneInfo | timezone:
    if not shift:
        return PARIS
    gap = timedelta(hours=int(shift[1:3]), minutes=int(shift[3:]))
    return timezone(-gap if shift[0] == "-" else gap)


def number(node: Node, unit: str = "") -> Decimal | None:
    """PQ, MO, REAL or INT as a decimal; another unit or currency than ours stays unread."""
    said = node.peek("unit") or node.peek("currency")
    if said not in ("", unit) or not NUMBER.fullmatch(node.peek("value")):
        return None
    node.take_all("unit", "currency")
    return Decimal(node.take())


def truth(node: Node) -> bool | None:
    """BL; anything but `true` and `false` stays unread."""
    return TRUTHS[node.take()] if node.peek("value") in TRUTHS else None


def postal_address(node: Node) -> Address:
    """AD; `county` is the commune's INSEE code in the French guides."""
    use = node.peek("use")
    house_number = node.child("houseNumber").take_text()
    street = [node.child(name).take_text() for name in ("streetNameType", "streetName")]
    lines = [line.take_text() for name in ADDRESS_LINES for line in node.children(name)]
    return Address(
        use=HOME_OR_WORK[node.take("use")] if use in HOME_OR_WORK else "",
        house_number=house_number,
        street=" ".join(part for part in street if part),
        lines=[line for line in lines if line],
        postal_code=node.child("postalCode").take_text(),
        city=node.child("city").take_text(),
        district=node.child("precinct").take_text(),
        state=node.child("state").take_text(),
        country=node.child("country").take_text(),
        insee_code=node.child("county").take_text(),
    )


def postal_addresses(owner: Node) -> list[Address]:
    """The addresses of an owner that say something."""
    return [postal_address(node) for node in owner.children("addr") if node.peek_text()]


def telecoms(owner: Node) -> list[Telecom]:
    """TEL: `tel:`, `mailto:`, `fax:` and web addresses; another scheme stays unread."""
    found = []
    for node in owner.children("telecom"):
        scheme, _, value = node.peek("value").partition(":")
        system = TELECOM_SYSTEMS.get(scheme)
        if not system or not value:
            continue
        use = TELECOM_USES[node.take("use")] if node.peek("use") in TELECOM_USES else ""
        whole = node.take()
        found.append(Telecom(system=system, value=whole if system == "url" else value, use=use))
    return found


SEXES: dict[str, Sex] = {"M": "male", "F": "female", "UN": "unknown"}


def sex(node: Node) -> Sex:
    """HL7's administrative gender; a code that the French list does not hold stays unread."""
    if node.peek("code") not in SEXES:
        if node.peek("code"):
            node.report("gender_other", node.peek("code"))
        return ""
    node.take_all("displayName", "codeSystem")
    return SEXES[node.take("code")]
