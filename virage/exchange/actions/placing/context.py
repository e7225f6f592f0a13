"""What the placing of one record shares: who, where, for whom, and what has been placed."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from virage.directory.actions import receive_professionals, receive_structures
from virage.directory.models import Establishment, Professional, ReceivedStructure, Room, Unit
from virage.directory.queries import establishments_of_situation, units_of_situation
from virage.exchange.enums import LineLevel
from virage.exchange.models import ImportLine
from virage.exchange.queries.cast import Cast, key_of
from virage.exchange.rules.matching import finess_of
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import id_in_number
from virage.foundation.access.actor import Actor
from virage.foundation.access.rules import Origin

DIFFERS = "differs_from_held"


@dataclass(kw_only=True)
class Placing:
    """One import being written.

    The seven maps give, for the key of an object of the file, ours. `again` are the objects known
    already, each with the id of ours; `apart` is what no field of ours could take. `lines` is the
    report.
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
    documents: dict[str, UUID] = field(default_factory=dict)
    notes: dict[str, UUID] = field(default_factory=dict)
    again: list[tuple[transit.Item, UUID]] = field(default_factory=list)
    apart: list[transit.Leftover] = field(default_factory=list)
    lines: list[ImportLine] = field(default_factory=list)

    def place_cast(self) -> None:
        """Keep the structures and professionals that the file names."""
        structures = receive_structures(
            self.actor,
            structures=[
                ReceivedStructure(number=one.number, name=one.name, kind=one.kind)
                for one in self.record.structures
            ],
        )
        for structure, (kept, is_new) in zip(self.record.structures, structures, strict=True):
            self.structures[structure.key] = kept
            is_ours = bool(finess_of(kept.number)) and finess_of(kept.number) in self.establishments
            level = LineLevel.CREATED if is_new and not is_ours else LineLevel.KNOWN
            self.report(level, "Structure citée", structure.path)
        professionals = receive_professionals(
            self.actor,
            professionals=[
                (self._professional(one), id_in_number(one.key))
                for one in self.record.professionals
            ],
        )
        for professional, (ours, is_new) in zip(
            self.record.professionals, professionals, strict=True
        ):
            self.professionals[professional.key] = ours
            if is_new:
                self.report(LineLevel.CREATED, "Professionnel cité", professional.path)
            else:
                self.knew("Professionnel cité", professional, ours.pk)

    @cached_property
    def establishments(self) -> dict[str, Establishment]:
        """Our establishments by FINESS, where the actor's situation lets a file write: that which
        receives the record stands for none.
        """
        ours = establishments_of_situation(self.actor)
        return {one.finess: one for one in ours} | {"": self.establishment}

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units of the establishment that receives the record, by name, where the actor's
        situation lets a file write.
        """
        ours = units_of_situation(self.actor).filter(establishment=self.establishment)
        return {one.name: one for one in ours}

    @cached_property
    def rooms(self) -> dict[tuple[UUID, str], Room]:
        """The rooms of the establishment that receives the record, by unit and name."""
        ours = Room.objects.filter(unit__establishment=self.establishment)
        return {(one.unit_id, one.name): one for one in ours}

    def establishment_of(self, structure: str) -> Establishment:
        """Return our establishment of that FINESS, if the file names one where the actor's
        situation is, else the one that receives the record.
        """
        received = self.structures.get(structure)
        finess = finess_of(received.number) if received else ""
        return self.establishments.get(finess, self.establishment)

    def is_written_here(self, structure: str) -> bool:
        """Whether the file names the establishment that receives the record, or names none."""
        received = self.structures.get(structure)
        finess = finess_of(received.number) if received else ""
        return received is None or finess == self.establishment.finess != ""

    def structure_id(self, key: str) -> UUID | None:
        """Return the structure kept for this key of the file, if it names one."""
        structure = self.structures.get(key)
        return structure.pk if structure else None

    def professional_id(self, key: str) -> UUID | None:
        """Return the professional kept for this key of the file, if it names one."""
        professional = self.professionals.get(key)
        return professional.pk if professional else None

    def lasting_key(self, key: str) -> str:
        """Return a key of the file; ours of the person or of a professional, whose key may be an
        address that changes from one file to the next.
        """
        if key == self.record.person.key:
            return transit.THE_PERSON
        professional = self.professionals.get(key)
        return key_of(professional) if professional else key

    def closable(self) -> dict[str, UUID]:
        """Return ours that may be closed to someone, by key of the file; a journey by its event."""
        journeys = {
            journey.key: self.events[event.key]
            for event in self.record.events
            for journey in event.transports
        }
        return journeys | self.stays | self.events | self.evaluations | self.documents | self.notes

    def origin(
        self, written: transit.Written, identifier: transit.BusinessIdentifier | None = None
    ) -> Origin:
        """Return who wrote an item, where, when and under which identifier, as the file says it.

        A file that does not say how the author was called then means as the author is called.
        """
        author = self.professionals.get(written.author)
        # Both names at their longest, and the space between, are one letter too many; the
        # professional keeps them whole.
        called = author.display_name[:200] if author else ""
        return Origin(
            establishment_id=self.establishment_of(written.structure).pk,
            structure_id=self.structure_id(written.structure),
            author_id=author.pk if author else None,
            author_name=written.author_name or called,
            author_profession=written.author_profession
            or (author.profession_name if author else ""),
            recorded_at=written.recorded_at,
            identifier=identifier.value if identifier else "",
            system=identifier.system if identifier else "",
        )

    def knew(self, what: str, item: transit.Item, our_id: UUID) -> None:
        """Report an object known already, to be compared with ours."""
        self.again.append((item, our_id))
        self.report(LineLevel.KNOWN, what, item.path)

    def keep_apart(self, item: transit.Item, words: str) -> None:
        """Keep in words what an object says and no field of ours could take."""
        self.apart.append(
            transit.Leftover(
                kind="words",
                key=f"{item.key}#{words[:200]}",
                path=item.path,
                title=words,
                content=words,
                owner=item.key,
            )
        )

    def _professional(self, named: transit.Professional) -> Professional:
        return Professional(
            rpps=named.number,
            family_name=named.family_name,
            given_name=named.given_name,
            civility=named.civility,
            profession_name=named.profession.label,
            received=self._codes_of(named),
        )

    def _codes_of(self, professional: transit.Professional) -> dict[str, object]:
        """Return the codes of a professional as JSON; its structure is named as ours are."""
        structure = Cast().received_structure(self.structures.get(professional.structure))
        return {
            "qualifications": [one.parts() for one in professional.qualifications],
            "profession": professional.profession.parts(),
            "function": professional.function.parts(),
            "exercise_mode": professional.exercise_mode.parts(),
            "structure": structure or professional.structure,
        }

    def report(self, level: LineLevel, what: str, path: str, code: str = "") -> None:
        """Add a line to the report: what became of one entry of the file."""
        self.lines.append(ImportLine(level=level, label=what[:255], path=path[:500], code=code))
