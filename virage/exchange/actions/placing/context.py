"""What the placing of one record shares: who, where, for whom, and what has been placed."""

from dataclasses import dataclass, field
from uuid import UUID

from virage.directory.actions import receive_professional, receive_structure
from virage.directory.models import Establishment, Professional, ReceivedStructure, Unit
from virage.exchange.enums import LineLevel
from virage.exchange.models import ImportLine
from virage.exchange.rules.matching import finess_of
from virage.formats.tddui import record as transit
from virage.foundation.access.actor import Actor
from virage.foundation.access.rules import Origin
from virage.foundation.coded import Coded

DIFFERS = "differs_from_held"


@dataclass(kw_only=True)
class Placing:
    """One import being written.

    The five maps give, for the key of an object of the file, ours. `again` are the objects known
    already, each with our key of it. `lines` is the report.
    """

    actor: Actor
    establishment: Establishment
    unit: Unit | None
    record: transit.TransferRecord
    structures: dict[str, ReceivedStructure] = field(default_factory=dict)
    professionals: dict[str, Professional] = field(default_factory=dict)
    stays: dict[str, UUID] = field(default_factory=dict)
    events: dict[str, UUID] = field(default_factory=dict)
    evaluations: dict[str, UUID] = field(default_factory=dict)
    again: list[tuple[transit.Item, str]] = field(default_factory=list)
    lines: list[ImportLine] = field(default_factory=list)

    def place_cast(self) -> None:
        """Keep the structures and professionals that the file names."""
        for structure in self.record.structures:
            self.structures[structure.key] = receive_structure(
                self.actor, number=structure.number, name=structure.name, kind=structure.kind
            )
            self.report(LineLevel.CREATED, "Structure citée", structure.path)
        for professional in self.record.professionals:
            self.professionals[professional.key] = receive_professional(
                self.actor,
                number=professional.number,
                family_name=professional.family_name,
                given_name=professional.given_name,
                civility=professional.civility,
                profession_name=professional.profession.label,
                received=_codes_of(professional),
            )
            self.report(LineLevel.CREATED, "Professionnel cité", professional.path)

    def establishment_of(self, structure: str) -> Establishment:
        """Return our establishment of that FINESS, if the file names one, else the one that
        receives the record.
        """
        received = self.structures.get(structure)
        finess = finess_of(received.number) if received else ""
        if not finess or finess == self.establishment.finess:
            return self.establishment
        ours = Establishment.objects.filter(operator=self.actor.operator_id, finess=finess)
        return ours.first() or self.establishment

    def structure_id(self, key: str) -> UUID | None:
        """Return the structure kept for this key of the file, if it names one."""
        structure = self.structures.get(key)
        return structure.pk if structure else None

    def origin(
        self,
        identifier: transit.BusinessIdentifier | None,
        *,
        structure: str = "",
        author: str = "",
    ) -> Origin:
        """Return who wrote an item, where and under which identifier, as the file says it."""
        professional = self.professionals.get(author)
        return Origin(
            establishment_id=self.establishment_of(structure).pk,
            author_id=professional.pk if professional else None,
            author_name=professional.display_name if professional else "",
            author_profession=professional.profession_name if professional else "",
            identifier=identifier.value if identifier else "",
            system=identifier.system if identifier else "",
        )

    def knew(self, what: str, item: transit.Item, our_key: str = "") -> None:
        """Report an object known already, by our key or the same one, to be compared with ours."""
        self.again.append((item, our_key or item.key))
        self.report(LineLevel.KNOWN, what, item.path)

    def report(self, level: LineLevel, what: str, path: str, code: str = "") -> None:
        """Add a line to the report: what became of one entry of the file."""
        self.lines.append(ImportLine(level=level, label=what[:255], path=path[:500], code=code))


def _codes_of(professional: transit.Professional) -> dict[str, object]:
    return {
        "qualifications": [coded_parts(one) for one in professional.qualifications],
        "profession": coded_parts(professional.profession),
        "function": coded_parts(professional.function),
        "exercise_mode": coded_parts(professional.exercise_mode),
        "structure": professional.structure,
    }


def coded_parts(coded: Coded) -> dict[str, str]:
    """Return a code as JSON keeps it, without its empty parts."""
    return {name: part for name, part in vars(coded).items() if part}
