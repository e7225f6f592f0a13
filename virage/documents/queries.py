"""Reading documents."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from virage.documents.enums import Confidentiality
from virage.documents.models import Document, DocumentVersion
from virage.documents.rules import MOST_SCAN_TRIES, SCAN_RETRY
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.writing import change_refusal, place_refusal
from virage.foundation.errors import Refused
from virage.foundation.storage import files


def confided_to(actor: Actor) -> Q:
    """Return the condition that confidentiality adds, for a document, to the rule of every item.

    A restricted document is for its author and those who validate its volet, a very restricted one
    for its author alone; received from a stranger, who does not sign in here, it goes to those who
    validate its volet, or nobody would ever read it.
    """
    validated = validated_volets(actor)
    is_strangers = Q(author=None) | Q(author__is_external=True, author__account=None)
    is_for_validators = Q(confidentiality=Confidentiality.RESTRICTED) | is_strangers
    return (
        Q(confidentiality=Confidentiality.NORMAL)
        | Q(author=actor.professional_id)
        | (is_for_validators & Q(volet__in=validated))
    )


def validated_volets(actor: Actor) -> list[Volet]:
    """Return the volets that the actor validates."""
    rights = actor.matrix
    return [volet for volet in Volet if rights.allows(actor.profession, Cell.VALIDATE, volet)]


def documents_of(actor: Actor, subject_id: UUID) -> QuerySet[Document]:
    """Return the documents of one subject that the actor reads, as confided to him; unordered."""
    return _read_by(actor).filter(subject=subject_id, cancelled_at=None)


def cancelled_of(actor: Actor, subject_id: UUID) -> QuerySet[Document]:
    """Return the documents taken back from a record: for their authors, and who validates."""
    return _read_by(actor).filter(_kept_for(actor), subject=subject_id, cancelled_at__isnull=False)


def find_document(actor: Actor, subject_id: UUID, document_id: UUID) -> Document:
    """Return one document, taken back or not (`cancelled_of`); Refused as if it did not exist when
    the actor does not read it."""
    read = _read_by(actor).filter(Q(cancelled_at=None) | _kept_for(actor), subject=subject_id)
    document = read.filter(pk=document_id).first()
    if document is None:
        raise Refused.hidden()
    return document


def find_version(document: Document, version: int) -> DocumentVersion:
    """Return a former version of a document that the actor was given; Refused for none such."""
    former = document.former_versions.filter(version=version).first()
    if former is None:
        raise Refused.hidden()
    return former


def lock_document(actor: Actor, document_id: UUID) -> Document:
    """Return a document in force that the actor reads, locked until the transaction ends."""
    read = _read_by(actor).filter(cancelled_at=None).select_for_update(of=("self",), no_key=True)
    document = read.filter(pk=document_id).first()
    if document is None:
        raise Refused.hidden()
    return document


def refusal_to_replace(actor: Actor, document: Document) -> Refused | None:
    """Return why the actor may not put a new version of a document that he reads, or None."""
    return _taken_back(document) or change_refusal(
        actor,
        volet=document.volet,
        establishment_id=document.establishment_id,
        in_reach=_in_reach(actor, document),
    )


def refusal_to_cancel(actor: Actor, document: Document) -> Refused | None:
    """Return why the actor may not take back a document that he reads, or None when he may.

    It is for its author and for whoever validates its volet.
    """
    is_author = document.author_id == actor.professional_id
    if not is_author and document.volet not in validated_volets(actor):
        return Refused(
            "author",
            "Seuls son auteur et les personnes qui valident le volet peuvent retirer un document.",
            whom_to_ask="son auteur",
        )
    return _taken_back(document) or place_refusal(
        actor,
        establishment_id=document.establishment_id,
        in_reach=_in_reach(actor, document),
    )


def _taken_back(document: Document) -> Refused | None:
    if document.cancelled_at is None:
        return None
    return Refused("state", "Ce document a été retiré du dossier : il ne change plus.")


def _in_reach(actor: Actor, document: Document) -> QuerySet[Document]:
    return Document.objects.filter(items_in_reach_of(actor), pk=document.pk)


def _read_by(actor: Actor) -> QuerySet[Document]:
    return Document.objects.filter(items_visible_to(actor), confided_to(actor))


def _kept_for(actor: Actor) -> Q:
    return Q(author=actor.professional_id) | Q(volet__in=validated_volets(actor))


def content_of(document: Document | DocumentVersion) -> bytes:
    """Return the bytes of a document that the actor was given; Refused for an infected one.

    Raises FileNotFoundError when the store lost it, ValueError when its bytes were altered.
    """
    if document.threat:
        raise Refused(
            "infected",
            "L’antivirus a trouvé une menace dans ce fichier : il ne peut pas être téléchargé.",
            whom_to_ask="le référent informatique de l’établissement",
        )
    return files.get(document.digest)


def has_withheld_file(subject_id: UUID) -> bool:
    """Whether a record holds a document that another software sent and that no longer leaves: taken
    back, or with a threat found in it, in force or former."""
    found = ~Q(threat="") | Q(former_versions__threat__gt="")
    received = Document.objects.filter(subject=subject_id).exclude(received_identifier="")
    return received.filter(found | Q(cancelled_at__isnull=False)).exists()


def files_to_scan(at: datetime, most: int) -> list[Document | DocumentVersion]:
    """Return the oldest documents of the site on which no antivirus said anything, then former
    versions; two statements at most.

    One that it could not judge waits `SCAN_RETRY`, after those never brought before it, and is
    left `MOST_SCAN_TRIES` times. For the worker alone: no rule of access applies.
    """
    is_due = Q(scan_tried_at=None) | Q(scan_tried_at__lte=at - SCAN_RETRY)
    due = is_due & Q(scanned_at=None, scan_tries__lt=MOST_SCAN_TRIES)
    former = DocumentVersion.objects.filter(due).select_related("document")
    waiting: list[Document | DocumentVersion] = []
    waiting += Document.objects.filter(due).order_by("scan_tries", "recorded_at", "id")[:most]
    return waiting + list(former.order_by("scan_tries", "replaced_at", "id")[: most - len(waiting)])
