"""The health covers: section FR-Couvertures-sociales.

No official example holds one; the reading follows the templates of the guide.
"""

from virage.formats.cda.datatypes import coded, day
from virage.formats.cda.node import Node
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.record import Coverage

COVERS = "1.2.250.1.213.1.1.3.61"
PAYER = "1.2.250.1.213.1.1.3.94"
COVERS_CODE = "48768-6"


def read_coverages(draft: Draft, section: Node) -> None:
    """Every cover of the section, one for each payer."""
    for entry in section.by_template("entry/act", COVERS):
        if entry.child("code").peek("code") == COVERS_CODE:
            entry.child("code").recognise()
        for payer in entry.by_template("entryRelationship/act", PAYER):
            draft.record.coverages.append(_read_coverage(draft, payer))


def _read_coverage(draft: Draft, payer: Node) -> Coverage:
    organism = payer.child("performer/assignedEntity")
    coverage = Coverage(
        key=draft.key(payer, ""),
        path=payer.path,
        kind=coded(payer.child("code")),
        payer_name=organism.child("representedOrganization/name").take_text(),
        payer_number=organism.child("id").take("extension"),
        starts_on=day(payer.child("effectiveTime/low")),
        ends_on=day(payer.child("effectiveTime/high")),
    )
    for participant in payer.children("participant"):
        role = participant.child("participantRole")
        if participant.peek("typeCode") == "COV" and not coverage.insured_link:
            coverage.insured_link = coded(role.child("code"))
            _read_period(coverage, participant)
        elif participant.peek("typeCode") == "HLD" and not coverage.insured_number:
            coverage.insured_number = role.child("id").take("extension")
    payer.own(coverage.key)
    return coverage


def _read_period(coverage: Coverage, participant: Node) -> None:
    """The rights run over the time of the participation, when the cover itself has none."""
    if coverage.starts_on or coverage.ends_on:
        return
    coverage.starts_on = day(participant.child("time/low"))
    coverage.ends_on = day(participant.child("time/high"))
