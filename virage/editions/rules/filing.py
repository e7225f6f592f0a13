"""Which editions may be filed in the record that they were made from."""

from uuid import UUID

from virage.editions.rules.templates import Template


def faults_of_filing(template: Template, establishment_id: UUID | None) -> dict[str, list[str]]:
    """Return what refuses to file an edition, by field.

    A copy is read under its own rule: it would outlive the restrictions put later on what it
    copies. So transmissions are not filed, and what one establishment does not show to another is
    not filed by who reads them all.
    """
    if template.filed_in is None:
        return {
            "is_filed": ["Ce document ne s’enregistre pas\u00a0: le dossier tient déjà ses textes."]
        }
    if establishment_id is None:
        message = "Prenez une situation dans un établissement pour enregistrer dans le dossier."
        return {"is_filed": [message]}
    return {}
