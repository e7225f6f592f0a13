"""Who may not know, and who may know more: objections, sensitive records, shared records.

They bind the whole team, so they are the direction's to set: the profession that validates the
personalised project (Cell.VALIDATE, project), over the persons it reaches; sharing a record takes
the direction of the whole operator. Who wrote an item closes it too, to one colleague.
"""

from datetime import date
from uuid import UUID

from django.db import transaction

from virage.directory.actions.structures import require_own_operator
from virage.directory.models import Professional
from virage.directory.rules import professions_of_people
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, Volet
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.access.verdict import require
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record
from virage.persons.actions.changes import require_write
from virage.persons.models import Person
from virage.persons.queries.closing import closing_refusal, directing, holds

BY_DIRECTION_ALONE = (
    "La direction seule ferme un écrit à toute une profession, ou à quelqu’un de la direction."
)


@transaction.atomic
def raise_restriction(
    actor: Actor,
    *,
    person: Person,
    professional: Professional | None = None,
    profession: str = "",
    item_id: UUID | None = None,
    reason: str,
) -> Restriction:
    """Close the record, or one item of it, to a professional or to a profession.

    Refused as `closing_refusal` says; Invalid without a reason, for an item of another record,
    unless it names either somebody or a profession of the matrix, when the whole record would be
    closed to whoever closes it, or anything to her profession: nobody might be left to lift it.
    Another than the direction closes to one colleague alone, who is not of the direction.
    """
    if refused := closing_refusal(actor, person, item_id):
        raise refused
    if professional:
        require_own_operator(actor, professional)
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi l’accès est fermé."]})
    if bool(professional) == bool(profession):
        raise Invalid({"": ["Nommez soit un professionnel, soit une profession."]})
    if profession and profession not in professions_of_people():
        raise Invalid({"profession": ["Cette profession n’est pas dans le tableau des droits."]})
    if item_id and not holds(person, item_id):
        raise Invalid({"item_id": ["Cet élément n’est pas dans ce dossier."]})
    if not actor.directs and (professional is None or _is_of_direction(actor, professional)):
        raise Invalid({"": [BY_DIRECTION_ALONE]})
    names_actor = _names(actor, professional.pk if professional else None, profession)
    if names_actor and (profession or not item_id):
        raise Invalid({"": ["Vous ne pourriez plus lever cette fermeture : elle vous viserait."]})
    restriction = Restriction.objects.create(
        subject_id=person.subject_id,
        item_id=item_id,
        professional_id=professional.pk if professional else None,
        profession=profession,
        reason=reason,
        raised_at=actor.at,
    )
    record(actor, "restriction.raise", target=restriction, subject_ids=[person.subject_id])
    return restriction


@transaction.atomic
def lift_restriction(actor: Actor, *, restriction: Restriction) -> Restriction:
    """End a restriction now; Invalid when it is lifted already.

    Refused to all but the direction, and to whoever it names, by her name or by her profession.

    It stays in the record: who could not read what, and until when.
    """
    _require_direction(actor, restriction.subject)
    if _names(actor, restriction.professional_id, restriction.profession):
        raise Refused(
            "own_restriction",
            "Cette fermeture vous vise, par votre nom ou par votre profession : vous ne pouvez pas "
            "la lever.",
            whom_to_ask="une personne de la direction que cette fermeture ne vise pas",
        )
    current = Restriction.objects.select_for_update(no_key=True).get(pk=restriction.pk)
    if current.ended_at is not None:
        raise Invalid({"": ["Cette restriction est déjà levée."]})
    current.ended_at = actor.at
    current.save(update_fields=["ended_at"])
    record(actor, "restriction.lift", target=current, subject_ids=[current.subject_id])
    return current


def _names(actor: Actor, professional_id: UUID | None, profession: str) -> bool:
    own = actor.professional_id is not None and professional_id == actor.professional_id
    return own or profession == actor.profession


@transaction.atomic
def mark_sensitive(
    actor: Actor, *, person: Person, is_sensitive: bool, is_received: bool = False
) -> None:
    """Hide the record from those out of its team, or stop; Refused to all but the direction.

    Whoever imports a record carries the mark that it came with.
    """
    if is_received:
        require_write(actor, person.subject, is_received=True)
    else:
        _require_direction(actor, person.subject)
    person.subject.is_sensitive = is_sensitive
    person.subject.save(update_fields=["is_sensitive"])
    action = "subject.mark_sensitive" if is_sensitive else "subject.unmark_sensitive"
    record(actor, action, subject_ids=[person.subject_id])


@transaction.atomic
def share_between_establishments(actor: Actor, *, person: Person, agreed_on: date) -> None:
    """Let each establishment read what the others wrote, as the person agreed on that day.

    Refused to all but a direction whose situation covers the operator: another would open to
    itself what its own establishment did not write. Invalid for an agreement to come. The journal
    keeps the date.
    """
    _require_direction(actor, person.subject)
    if actor.reach != Reach.OPERATOR:
        raise Refused(
            "reach",
            "Ce partage ouvre à chaque établissement ce que les autres ont écrit : il se décide "
            "pour tout l’organisme.",
            whom_to_ask="la direction de tout l’organisme, avec la date de l’accord de la personne",
        )
    if agreed_on > actor.today:
        raise Invalid({"agreed_on": ["L’accord de la personne est daté dans l’avenir."]})
    _set_shared(person, True)
    detail = {"agreed_on": agreed_on.isoformat()}
    record(actor, "subject.share", subject_ids=[person.subject_id], detail=detail)


@transaction.atomic
def stop_sharing_between_establishments(actor: Actor, *, person: Person) -> None:
    """Give each establishment back what it alone wrote; Refused to all but the direction.

    That of one establishment is enough: the person takes her agreement back where she is.
    """
    _require_direction(actor, person.subject)
    _set_shared(person, False)
    record(actor, "subject.unshare", subject_ids=[person.subject_id])


def _set_shared(person: Person, is_shared: bool) -> None:
    person.subject.is_shared_between_establishments = is_shared
    person.subject.save(update_fields=["is_shared_between_establishments"])


def _require_direction(actor: Actor, subject: Subject) -> None:
    require(actor, Cell.VALIDATE, subject, Volet.PROJECT)


def _is_of_direction(actor: Actor, professional: Professional) -> bool:
    return professional.memberships.filter(profession__in=directing(actor)).exists()
