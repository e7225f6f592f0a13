"""In which volet each thing received is shelved."""

from collections.abc import Mapping

from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet

SERAFIN = "https://smt.esante.gouv.fr/terminologie-SERAFINPH"
# Health needs and health services of the SERAFIN-PH nomenclature.
HEALTH_SERAFIN = ("1.1", "2.1")
# Where a resource without a field of ours is shelved, by what its profile is about.
VOLETS_BY_PROFILE = {
    "careplan": Volet.PROJECT,
    "goal": Volet.PROJECT,
    "consent": Volet.PROJECT,
    "service-request-besoin": Volet.PROJECT,
    "task-action": Volet.PROJECT,
    "task-bilan": Volet.PROJECT,
    "task-moyen-ressource": Volet.PROJECT,
    "task-prestation": Volet.PROJECT,
    "periodescolaire": Volet.SOCIO_EDUCATIVE,
    "mobilite": Volet.SOCIO_EDUCATIVE,
    "organization": Volet.ADMINISTRATIVE,
    "practitioner": Volet.ADMINISTRATIVE,
    "slot": Volet.ADMINISTRATIVE,
    "schedule": Volet.ADMINISTRATIVE,
}


def volet_of_event(event: transit.Event) -> Volet:
    """Return the volet of a received event: its own, socio-educative for SERAFIN, else care."""
    if event.volet in Volet.values:
        return Volet(event.volet)
    serafin = [one.code for one in event.types if one.system == SERAFIN]
    if serafin and not any(code.startswith(HEALTH_SERAFIN) for code in serafin):
        return Volet.SOCIO_EDUCATIVE
    return Volet.CARE


def volet_of_evaluation(evaluation: transit.Evaluation) -> Volet:
    """Return the volet of a received evaluation: its own, the project for SERAFIN, else care."""
    if evaluation.volet in Volet.values:
        return Volet(evaluation.volet)
    return Volet.PROJECT if "serafin" in evaluation.questionnaire.lower() else Volet.CARE


def volet_of_document(document: transit.Document, volets: Mapping[str, Volet]) -> Volet:
    """Return the volet of a received document: its own, that of the event or evaluation it is
    attached to, else medical, the most closed: we do not know what is in it.
    """
    if document.volet in Volet.values:
        return Volet(document.volet)
    attached_to = volets.get(document.evaluation) or volets.get(document.event)
    return attached_to or Volet.MEDICAL


def volet_of_leftover(leftover: transit.Leftover, volets: Mapping[str, Volet]) -> Volet:
    """Return where to shelve what has no field: with its owner, by its profile, else medical."""
    if leftover.owner in volets:
        return volets[leftover.owner]
    profile = leftover.profile.lower()
    return next((v for name, v in VOLETS_BY_PROFILE.items() if name in profile), Volet.MEDICAL)
