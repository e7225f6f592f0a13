"""Reading documents."""

from uuid import UUID

from django.db.models import Q, QuerySet

from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import allows
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.foundation.storage import files


def confided_to(actor: Actor) -> Q:
    """Return the condition that confidentiality adds, for a document, to the rule of every item.

    A restricted document is for its author and those who validate its volet, a very restricted one
    for its author alone; received from a stranger, who does not sign in here, it goes to those who
    validate its volet, or nobody would ever read it.
    """
    validated = [volet for volet in Volet if allows(actor.profession, Cell.VALIDATE, volet)]
    is_strangers = Q(author=None) | Q(author__is_external=True, author__account=None)
    is_for_validators = Q(confidentiality=Confidentiality.RESTRICTED) | is_strangers
    return (
        Q(confidentiality=Confidentiality.NORMAL)
        | Q(author=actor.professional_id)
        | (is_for_validators & Q(volet__in=validated))
    )


def documents_of(actor: Actor, subject_id: UUID) -> QuerySet[Document]:
    """Return the documents of one subject that the actor reads, as confided to him; unordered."""
    return Document.objects.filter(items_visible_to(actor), confided_to(actor), subject=subject_id)


def find_document(actor: Actor, subject_id: UUID, document_id: UUID) -> Document:
    """Return one document; Refused as if it did not exist when the actor does not read it."""
    document = documents_of(actor, subject_id).filter(pk=document_id).first()
    if document is None:
        raise Refused.hidden()
    return document


def content_of(document: Document) -> bytes:
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


def documents_to_scan(most: int) -> list[Document]:
    """Return the oldest documents of the site on which no antivirus said anything; one statement.

    For the worker alone: no rule of access applies.
    """
    return list(Document.objects.filter(scanned_at=None).order_by("recorded_at", "id")[:most])
