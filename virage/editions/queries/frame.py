"""What stands on every page of an edition: the structure, the person, the editor."""

from collections.abc import Sequence

from virage.directory.queries import establishments_of_situation, operator_of
from virage.editions.rules.composing import Frame, state_of
from virage.editions.rules.templates import Wanted
from virage.foundation.access.actor import Actor
from virage.foundation.calendar import in_paris
from virage.persons.enums import InsStatus
from virage.persons.models import Person
from virage.persons.queries.people import reads_administrative
from virage.persons.queries.records import OpenRecord, identity_badges

SURE = (InsStatus.VALIDATED, InsStatus.QUALIFIED)


def frame_of(actor: Actor, wanted: Wanted, record: OpenRecord | None) -> Frame:
    """Return what frames an edition by this actor; two SQL statements at most."""
    is_sure = record is None or _is_sure(record.person)
    return Frame(
        structure=_structure(actor),
        identity=_identity(actor, record) if record else (),
        maker=_maker(actor),
        state=state_of(is_identity_sure=is_sure, until=wanted.until, today=actor.today),
    )


def _structure(actor: Actor) -> tuple[str, ...]:
    """Name the operator, then the establishment of the situation, if there is one."""
    if actor.establishment_id is None:
        return (operator_of(actor).name,)
    establishment = establishments_of_situation(actor).select_related("operator").get()
    finess = f"FINESS {establishment.finess}" if establishment.finess else ""
    told = (establishment.name, establishment.address, finess)
    return (establishment.operator.name, " · ".join(filter(None, told)))


def _identity(actor: Actor, record: OpenRecord) -> tuple[str, ...]:
    """Say the traits of the person, and her INS when it is qualified and the actor reads it."""
    person = record.person
    given = person.birth_given_names or person.first_birth_given_name
    used = " ".join(filter(None, (person.used_family_name, person.used_given_name)))
    born = f"{person.birth_on:%d/%m/%Y}" if person.birth_on else "non renseignée"
    names = [("Nom de naissance", person.birth_family_name), ("Prénoms", given)]
    names += [("Nom utilisé", used)] if used else []
    traits = [("Date de naissance", born), ("Sexe", person.get_sex_display())]
    return (_said(names), " · ".join((_said(traits), _ins(actor, record))))


def _ins(actor: Actor, record: OpenRecord) -> str:
    if not record.has_qualified_ins:
        return "Document non qualifié INS"
    badges = ", ".join(badge.label for badge in identity_badges(record.person))
    return f"{record.person.ins_value} · {badges}" if reads_administrative(actor) else badges


def _said(pairs: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"{label}\u00a0: {value}" for label, value in pairs)


def _maker(actor: Actor) -> str:
    at = in_paris(actor.at)
    who = f"{actor.display_name}, {actor.profession_label}"
    return f"Édité le {at:%d/%m/%Y} à {at:%H}\u00a0h\u00a0{at:%M} (heure de Paris) par {who}"


def _is_sure(person: Person) -> bool:
    return person.ins_status in SURE and not (person.is_doubtful or person.is_fictitious)
