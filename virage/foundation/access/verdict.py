"""May this actor do this? One function answers, with a refusal that says why and whom to ask."""

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import (
    allows,
    allows_verb,
    profession_label,
    sees_identities,
    writable_volets,
)
from virage.foundation.access.models import Subject
from virage.foundation.access.predicates import subjects_visible_to
from virage.foundation.access.reach import reached_by
from virage.foundation.errors import Refused

KEEPER_OF_RIGHTS = "la personne qui gère les droits d’accès de votre établissement"


def refusal(
    actor: Actor, right: Cell | Verb, subject: Subject | None = None, volet: Volet | None = None
) -> Refused | None:
    """Return why the actor may not do this, or None when he may.

    `right` is a cell of the matrix, judged in `volet`, or a verb on whole records. Without a
    subject only the matrix is judged (creating a person, for one).
    """
    if isinstance(right, Verb):
        is_allowed = allows_verb(actor.profession, right)
    else:
        is_allowed = volet is not None and allows(actor.profession, right, volet)
    if subject is not None and (out_of_reach := _out_of_reach(actor, subject)):
        return out_of_reach
    if not is_allowed:
        return _not_in_matrix(actor, right, volet)
    return None


def require(
    actor: Actor, right: Cell | Verb, subject: Subject | None = None, volet: Volet | None = None
) -> None:
    """Raise `Refused` unless the actor may do this (see `refusal`)."""
    if refused := refusal(actor, right, subject, volet):
        raise refused


def require_writable_volets(actor: Actor) -> list[Volet]:
    """Return the volets that the actor writes; Refused when there is none."""
    volets = writable_volets(actor.profession)
    require(actor, Cell.WRITE, None, volets[0] if volets else None)
    return volets


def _out_of_reach(actor: Actor, subject: Subject) -> Refused | None:
    itself = Subject.objects.filter(pk=subject.pk)
    if itself.filter(subjects_visible_to(actor, "id")).exists():
        return None
    if subject.operator_id != actor.operator_id or subject.is_sensitive:
        return Refused.hidden()
    if not sees_identities(actor.profession):
        return Refused(
            "matrix",
            f"La profession « {profession_label(actor.profession)} » ne donne accès à aucun "
            "dossier.",
            whom_to_ask=KEEPER_OF_RIGHTS,
        )
    if itself.filter(reached_by(actor, "id")).exists():
        return Refused(
            "restriction",
            "La personne s’est opposée à ce que vous consultiez ce dossier, "
            "ou l’accès vous en a été retiré.",
            whom_to_ask="la direction de l’établissement",
        )
    return Refused(
        "care_team",
        "Vous n’êtes pas dans l’équipe qui accompagne cette personne aujourd’hui.",
        whom_to_ask="le chef de service de son unité ou son référent",
    )


def _not_in_matrix(actor: Actor, right: Cell | Verb, volet: Volet | None) -> Refused:
    where = f" dans le volet « {volet.label} »" if volet else ""
    return Refused(
        "matrix",
        f"En exerçant comme « {profession_label(actor.profession)} », vous ne pouvez pas "
        f"{right.label}{where}.",
        whom_to_ask=KEEPER_OF_RIGHTS,
    )
