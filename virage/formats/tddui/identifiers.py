"""The business identifiers that we give, in the forms of the TDDUI guide.

Received identifiers are stored and sent on verbatim; these functions only make ours. A local
number never holds a NIR: identifiers are copied into every object, NIR are not.
"""

import re

from virage.foundation.coded import Coded
from virage.foundation.national_numbers import looks_like_nir
from virage.formats.tddui.record import BusinessIdentifier

V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
ENCOUNTER_IDENTIFIER = (
    "https://interop.esante.gouv.fr/ig/fhir/tddui/CodeSystem/tddui-encounter-identifier"
)
PERSON_SYSTEM = "https://identifiant-medicosocial-localusager.esante.gouv.fr"
PERSON_TYPE = Coded(V2_0203, "PI", "Patient internal identifier")
ITEM_SYSTEMS = {
    "SEJOUR": "https://identifiant-medicosocial-sejour.esante.gouv.fr",
    "EVN": "https://identifiant-medicosocial-evenement.esante.gouv.fr",
    "EVAL": "https://identifiant-medicosocial-evaluation.esante.gouv.fr",
    "TPPro": "https://identifiant-medicosocial-transportprofessionnel.esante.gouv.fr",
    "TPPat": "https://identifiant-medicosocial-transportusager.esante.gouv.fr",
}
ITEM_TYPES = {
    "SEJOUR": Coded(ENCOUNTER_IDENTIFIER, "SEJ", "Identifiant du séjour"),
    "EVN": Coded("https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-identifier-type", "VN"),
}
"""The guide types the identifiers of stays and events only."""

LOCAL_NUMBER = re.compile(r"[A-Za-z0-9]+")


def refuse_nir(number: str) -> str:
    """Give the number back, or raise `ValueError` when it holds what may be a NIR."""
    if looks_like_nir(number):
        raise ValueError("a local number may not hold a NIR")
    return number


def person_identifier(finess: str, local: str) -> BusinessIdentifier:
    """The usager's identifier in an establishment: `3` + FINESS + `/` + local number."""
    return BusinessIdentifier(
        value=_person_value(finess, local), system=PERSON_SYSTEM, type=PERSON_TYPE, use="usual"
    )


def item_identifier(finess: str, local: str, kind: str, number: str) -> BusinessIdentifier:
    """The identifier of an object of the record: the usager's, then `-KIND-number`.

    `kind` is SEJOUR, EVN, EVAL, TPPro or TPPat.
    """
    return BusinessIdentifier(
        value=f"{_person_value(finess, local)}-{kind}-{_local(number)}",
        system=ITEM_SYSTEMS[kind],
        type=ITEM_TYPES.get(kind, Coded()),
    )


def contact_identifier(finess: str, local: str, number: str) -> BusinessIdentifier:
    """The identifier of a contact, for which the guide publishes neither suffix nor registry."""
    return BusinessIdentifier(value=f"{_person_value(finess, local)}-CONTACT-{_local(number)}")


def structure_number(finess: str) -> str:
    """A structure's national identifier: `1` + FINESS (TRE_G07)."""
    return f"1{finess}"


def _person_value(finess: str, local: str) -> str:
    return f"3{finess}/{_local(local)}"


def _local(number: str) -> str:
    if not LOCAL_NUMBER.fullmatch(number):
        raise ValueError("a local number is made of unaccented letters and digits")
    return refuse_nir(number)
