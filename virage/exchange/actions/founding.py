"""An empty instance that receives its first file: the file names the establishment to create."""

from django.db import transaction
from django.utils import timezone

from virage.directory.actions import create_establishment, create_operator, create_unit
from virage.directory.enums import EstablishmentKind
from virage.directory.models import Establishment, Unit
from virage.directory.queries import actor_of, system_membership
from virage.exchange.rules.matching import finess_of
from virage.formats.tddui.record import Reading
from virage.foundation.errors import Invalid


@transaction.atomic
def found_from_file(reading: Reading, unit_name: str) -> tuple[Establishment, Unit]:
    """Create the operator, the establishment that a file names, and a first unit of this name.

    For an instance without any operator. Invalid when the file names no structure.
    """
    record = reading.record
    named = [one for one in record.structures if one.name or one.number]
    sender = next((one for one in named if one.key == record.sender_structure), None)
    structure = sender or next(iter(named), None)
    if structure is None:
        raise Invalid({"": ["Le fichier ne nomme aucun établissement : créez-le d’abord."]})
    name = structure.name or f"Établissement {structure.number}"
    operator = create_operator(name=name, is_received=True)
    actor = actor_of(system_membership(operator), timezone.now(), "import")
    kind = structure.kind.code if structure.kind.code in EstablishmentKind.values else ""
    establishment = create_establishment(
        actor, name=name, kind=kind, finess=finess_of(structure.number), is_received=True
    )
    return establishment, create_unit(actor, establishment=establishment, name=unit_name)
