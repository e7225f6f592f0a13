"""What is said of a response as a whole: its number, who answered, the word on it (TDDUI's)."""

from dataclasses import replace
from uuid import UUID

from virage.formats.fhir.questionnaire import QuestionnaireResponse, Reference
from virage.formats.fhir.questionnaire_writing import unpacked
from virage.formats.fhir.writing import extension, to_json
from virage.formats.tddui.canonical import COMMENT
from virage.formats.values import BusinessIdentifier

# Where an id is its own address (RFC 3986): known again by it, whoever sends it back.
OWN_IDS = "urn:ietf:rfc:3986"


def comment_of(response: QuestionnaireResponse) -> str:
    """Return the word on the whole of a response, or nothing."""
    _, extensions = unpacked(response.kept)
    said = (one.get("valueString") for one in extensions if one.get("url") == COMMENT)
    return next((one for one in said if isinstance(one, str)), "")


def signed(
    response: QuestionnaireResponse, evaluation_id: UUID, author: str, comment: str
) -> QuestionnaireResponse:
    """Return a response of ours with the id of its evaluation, its author by name, its comment."""
    said = {"extension": [extension(COMMENT, "String", comment)]} if comment else None
    return replace(
        response,
        identifier=BusinessIdentifier(value=evaluation_id.urn, system=OWN_IDS),
        author=Reference(type="Practitioner", display=author),
        kept=to_json(said) if said else "",
    )
