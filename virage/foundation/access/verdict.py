"""May this actor do this? One function answers, with a refusal that says why and whom to ask."""

from dataclasses import dataclass

from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import VOLET, opened_to
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import READING, Grant, profession_label
from virage.foundation.access.models import Subject
from virage.foundation.access.predicates import closed_to, subjects_visible_to
from virage.foundation.access.reach import reached_by
from virage.foundation.errors import Refused

RIGHTS = tuple(cell for cell in Cell if cell != Cell.NONE)
KEEPER_OF_RIGHTS = "la personne qui gère les droits d’accès de votre établissement"


def refusal(
    actor: Actor, right: Cell | Verb, subject: Subject | None = None, volet: Volet | None = None
) -> Refused | None:
    """Return why the actor may not do this, or None when he may.

    `right` is a cell of the matrix, judged in `volet`, or a verb on whole records. Without a
    subject only the matrix is judged (creating a person, for one). A bris de glace lets read the
    medical volet of a record out of reach, and nothing else.
    """
    return _judged(actor, right, volet, _outside(actor, subject) if subject else _NOWHERE)


@dataclass(frozen=True, kw_only=True)
class VoletRights:
    """What an actor may do in a volet of one record, each with why not (None: he may).

    `grants` is the cell of the matrix, the same whoever the person is.
    """

    volet: Volet
    grants: tuple[Grant, ...]
    refusals: dict[Cell, Refused | None]

    @property
    def reads(self) -> bool:
        """Whether something of the volet may be read: all of it, one's own, what is shared."""
        return any(self.refusals[cell] is None for cell in READING)


def rights_on(actor: Actor, subject: Subject) -> list[VoletRights]:
    """Return what the actor may do in each volet of a record, verb by verb, by `refusal` itself.

    Three SQL statements at most, whatever the number of volets and verbs.
    """
    outside = _outside(actor, subject)
    return [
        VoletRights(
            volet=volet,
            grants=actor.grants(volet),
            refusals={cell: _judged(actor, cell, volet, outside) for cell in RIGHTS},
        )
        for volet in Volet
    ]


@dataclass(frozen=True)
class _Outside:
    """Why a record is out of reach, if it is, and whether a bris de glace opens it nonetheless."""

    refused: Refused | None = None
    is_opened: bool = False


_NOWHERE = _Outside()


def _outside(actor: Actor, subject: Subject) -> _Outside:
    refused = _out_of_reach(actor, subject)
    if refused is None or not actor.has_broken_glass:
        return _Outside(refused)
    opened = opened_to(actor, "id", medical=True) & ~closed_to(actor, "id")
    return _Outside(refused, Subject.objects.filter(opened, pk=subject.pk).exists())


def _judged(
    actor: Actor, right: Cell | Verb, volet: Volet | None, outside: _Outside
) -> Refused | None:
    if isinstance(right, Verb):
        is_allowed = actor.has_verb(right)
    else:
        is_allowed = volet is not None and actor.may(right, volet)
    gives_way = outside.is_opened and volet == VOLET and right in READING
    if outside.refused and not gives_way:
        return outside.refused
    return None if is_allowed else _not_in_matrix(actor, right, volet)


def require(
    actor: Actor, right: Cell | Verb, subject: Subject | None = None, volet: Volet | None = None
) -> None:
    """Raise `Refused` unless the actor may do this (see `refusal`)."""
    if refused := refusal(actor, right, subject, volet):
        raise refused


def require_writable_volets(actor: Actor) -> list[Volet]:
    """Return the volets that the actor writes; Refused when there is none."""
    volets = actor.writable_volets
    require(actor, Cell.WRITE, None, volets[0] if volets else None)
    return volets


def _out_of_reach(actor: Actor, subject: Subject) -> Refused | None:
    itself = Subject.objects.filter(pk=subject.pk)
    if itself.filter(subjects_visible_to(actor, "id")).exists():
        return None
    if subject.operator_id != actor.operator_id or subject.is_sensitive:
        return Refused.hidden()
    if not actor.sees_identities:
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
