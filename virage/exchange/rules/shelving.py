"""In which volet each thing received is shelved."""

from collections.abc import Mapping

from virage.formats.tddui import record as transit
from virage.formats.tddui.canonical import SERAFIN
from virage.foundation.access.enums import Volet

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


def volet_of_note(note: transit.Note) -> Volet:
    """Return the volet of a received transmission: its own, else care."""
    return Volet(note.volet) if note.volet in Volet.values else Volet.CARE


def shelves_of(record: transit.TransferRecord) -> dict[str, Volet]:
    """Return the volet of each object of a record, by its key and by its place in the file, and
    that of each CDA section whose objects are all in one.
    """
    cast = [*record.structures, *record.professionals]
    office = [
        *(record.person, *record.stays, *record.contacts),
        *(*record.protections, *record.coverages),
    ]
    shelved: list[tuple[transit.Item, Volet]] = [(one, Volet.ADMINISTRATIVE) for one in office]
    for event in record.events:
        shelved += [(one, volet_of_event(event)) for one in (event, *event.transports)]
    shelved += [(one, volet_of_evaluation(one)) for one in record.evaluations]
    volets = {item.key: volet for item, volet in shelved}
    shelved += [(one, volet_of_document(one, volets)) for one in record.documents]
    shelved += [(one, volet_of_note(one)) for one in record.notes]
    # Who is named says nothing of where: a section of care names professionals too.
    volets = {item.key: volet for item, volet in shelved}
    volets |= {one.key: Volet.ADMINISTRATIVE for one in cast}
    sections: dict[str, set[Volet]] = {}
    for item, volet in shelved:
        sections.setdefault(_section_of(item.path), set()).add(volet)
    volets |= {name: found.pop() for name, found in sections.items() if name and len(found) == 1}
    return volets | {item.path: volet for item, volet in shelved if item.path}


def _section_of(path: str) -> str:
    """Return the place of the CDA section that holds a place of the file; nothing outside one."""
    before, inside, _ = path.partition("/section/")
    return inside and before + inside


def volet_of_leftover(leftover: transit.Leftover, shelves: Mapping[str, Volet]) -> Volet:
    """Return where to shelve what has no field of ours; medical, the most closed, when unsure.

    A part goes where the sender says, or with its owner, a whole resource by its profile; what a
    CDA section says beside its entries goes with them, when all are in one volet.
    """
    if leftover.volet in Volet.values:
        return Volet(leftover.volet)
    if leftover.owner in shelves:
        return shelves[leftover.owner]
    if beside := shelves.get(_section_of(leftover.path)):
        return beside
    profile = leftover.profile.rpartition("/")[2].lower()
    return next((v for name, v in VOLETS_BY_PROFILE.items() if name in profile), Volet.MEDICAL)


def kind_of(title: str) -> str:
    """Return what sort of thing was kept: its title without the words that the file wrote."""
    return title.partition(" : ")[0].partition(" «")[0]
