"""The business identifiers that we give, in the forms of the TDDUI guide.

Received identifiers are stored and sent on verbatim; these functions only make ours. A local
number never holds a NIR: identifiers are copied into every object, NIR are not.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from virage.formats.fhir.names import FR_IDENTIFIER_TYPES, IDENTIFIER_TYPES, oid_system
from virage.formats.tddui.record import BusinessIdentifier
from virage.foundation.coded import Coded
from virage.foundation.national_numbers import (
    INS_DEMO,
    INS_NIA,
    INS_NIR,
    INS_TEST,
    NSS_NIA,
    NSS_NIR,
    looks_like_nir,
)

PERSON_SYSTEM = "https://identifiant-medicosocial-localusager.esante.gouv.fr"
PERSON_SYSTEMS = {PERSON_SYSTEM, "https://identifiant-medicosocial-localusager.cnsa.fr"}
"""The registry of usagers' local numbers, and how the first versions of the guide named it."""

PERSON_TYPE = Coded(IDENTIFIER_TYPES, "PI", "Patient internal identifier")
INS_TYPES = {
    INS_NIR: Coded(FR_IDENTIFIER_TYPES, "INS-NIR"),
    INS_NIA: Coded(FR_IDENTIFIER_TYPES, "INS-NIA"),
    INS_TEST: Coded(FR_IDENTIFIER_TYPES, "INS-NIR-TEST"),
    INS_DEMO: Coded(FR_IDENTIFIER_TYPES, "INS-NIR-DEMO"),
}
"""The type of an INS by its registry."""

INS_SYSTEMS = frozenset(map(oid_system, INS_TYPES))
"""NIR, NIA, and the registries of tests and of demonstrations."""

NIR_SYSTEMS = INS_SYSTEMS | {oid_system(NSS_NIR), oid_system(NSS_NIA)}
"""The registries whose numbers are NIR: the health identity's and health insurance's."""

LOCAL_NUMBER = re.compile(r"[A-Za-z0-9]+")
FIGURES_TO_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
LETTERS_TO_FIGURES = {letter: figure for figure, letter in FIGURES_TO_LETTERS.items()}
OWN_NUMBER = re.compile(r"3[0-9A-Z]{9}/([a-p]{32})")
"""A person's number as `person_identifier` makes it of an id in letters."""


class ItemKind(StrEnum):
    """The suffix that tells what an identifier names; the guide has none for a contact."""

    STAY = "SEJOUR"
    EVENT = "EVN"
    EVALUATION = "EVAL"
    PERSON_TRANSPORT = "TPPat"
    PROFESSIONAL_TRANSPORT = "TPPro"
    CONTACT = "CONTACT"


ITEM_SYSTEMS = {
    ItemKind.STAY: "https://identifiant-medicosocial-sejour.esante.gouv.fr",
    ItemKind.EVENT: "https://identifiant-medicosocial-evenement.esante.gouv.fr",
    ItemKind.EVALUATION: "https://identifiant-medicosocial-evaluation.esante.gouv.fr",
    ItemKind.PERSON_TRANSPORT: "https://identifiant-medicosocial-transportusager.esante.gouv.fr",
    ItemKind.PROFESSIONAL_TRANSPORT: (
        "https://identifiant-medicosocial-transportprofessionnel.esante.gouv.fr"
    ),
}

FORMER_SYSTEM = re.compile(r"https://identifiant-medicosocial-[a-z]+\.cnsa\.fr")
"""What the first versions of the guide named its registries: now the same under esante.gouv.fr."""


def current_system(system: str) -> str:
    """The registry as the guide names it now."""
    is_former = FORMER_SYSTEM.fullmatch(system)
    return system.replace(".cnsa.fr", ".esante.gouv.fr") if is_former else system


def person_identifier(finess: str, local: str) -> BusinessIdentifier:
    """The usager's identifier in an establishment: `3` + FINESS + `/` + local number."""
    return BusinessIdentifier(
        value=_person_value(finess, local), system=PERSON_SYSTEM, type=PERSON_TYPE, use="usual"
    )


def item_identifier(finess: str, local: str, kind: ItemKind, number: str) -> BusinessIdentifier:
    """The identifier of an object of the record: the usager's, then `-KIND-number`."""
    return BusinessIdentifier(
        value=f"{_person_value(finess, local)}-{kind}-{_local(number)}",
        system=ITEM_SYSTEMS.get(kind, ""),
    )


def in_letters(item_id: UUID) -> str:
    """Write an opaque id with the letters a to p: no run of figures may look like a NIR."""
    return item_id.hex.translate(FIGURES_TO_LETTERS)


def id_in_number(number: str) -> UUID | None:
    """The opaque id that ends a person's number of ours, or that a URN writes; None in another."""
    if own := OWN_NUMBER.fullmatch(number):
        return UUID(own[1].translate(LETTERS_TO_FIGURES))
    try:
        return UUID(number) if number.startswith("urn:uuid:") else None
    except ValueError:
        return None


def current_ins(identifiers: Iterable[BusinessIdentifier]) -> list[BusinessIdentifier]:
    """The INS among the numbers of an identity, without those said to be old."""
    return [one for one in identifiers if one.system in INS_SYSTEMS and one.use != "old"]


def official_ins(identifiers: Iterable[BusinessIdentifier]) -> list[BusinessIdentifier]:
    """The INS that a file holds for official: those said so, else all that it does not say old.

    More than one number among them is none.
    """
    current = current_ins(identifiers)
    return [one for one in current if one.use == "official"] or current


def structure_number(finess: str) -> str:
    """A structure's national identifier: `1` + FINESS (TRE_G07)."""
    return f"1{finess}"


def refuse_nir(number: str) -> str:
    """Give the number back, or raise `ValueError` when it holds what may be a NIR."""
    if looks_like_nir(number):
        raise ValueError("a local number may not hold a NIR")
    return number


def _person_value(finess: str, local: str) -> str:
    return f"3{finess}/{_local(local)}"


def _local(number: str) -> str:
    if not LOCAL_NUMBER.fullmatch(number):
        raise ValueError("a local number is made of unaccented letters and digits")
    return refuse_nir(number)
