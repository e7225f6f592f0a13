"""Reading imports: the list, one report, the identities to settle."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from virage.documents.queries import has_withheld_file
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Verb, Volet
from virage.foundation.access.models import Subject
from virage.foundation.access.predicates import (
    closed_to,
    has_item_closed_to,
    subjects_visible_to,
)
from virage.foundation.access.verdict import require
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.outbox.models import Message
from virage.foundation.storage import files
from virage.foundation.workflow.queries import Progress, progress_of

DIRECTION = "la direction de l’établissement"


def imports_visible_to(actor: Actor) -> QuerySet[Import]:
    """Return the imports of the actor's establishment, latest first, without those in a record out
    of his sight, or that may be of someone closed to him: the name of a file may be hers.

    Refused without the import verb. Two facts are annotated: `created`, and `warnings`, which are
    the lines that call for a look.
    """
    closed = Import.candidates.through.objects.filter(
        closed_to(actor, "person__subject"), import_id=OuterRef("pk")
    )
    is_nobodys = Q(subject=None) & ~Exists(closed)
    return _imports_of_situation(actor).filter(is_nobodys | subjects_visible_to(actor))


def _imports_of_situation(actor: Actor) -> QuerySet[Import]:
    require(actor, Verb.IMPORT)
    imports = Import.objects.filter(operator=actor.operator_id)
    if actor.reach != Reach.OPERATOR:
        imports = imports.filter(establishment=actor.establishment_id)
    return (
        imports.select_related("establishment", "unit", "subject__person")
        .annotate(
            warnings=Count("lines", filter=Q(lines__code__gt="") & ~Q(lines__level="refusal")),
            created=Count("lines", filter=Q(lines__level="created")),
        )
        .order_by("-received_at", "-id")
    )


def find_import(actor: Actor, import_id: UUID) -> Import:
    """Return one import of the actor's establishment; Refused, as not existing, for any other.

    Once it is in a record, refused to whom that record is closed; before, to whom one of the
    records that it may be of is closed.
    """
    received = _imports_of_situation(actor).filter(pk=import_id).first()
    if received is None:
        raise Refused.hidden()
    if received.subject:
        require(actor, Verb.IMPORT, received.subject)
    elif received.candidates.filter(closed_to(actor)).exists():
        raise Refused(
            "restriction",
            "Ce fichier est peut-être celui d’une personne dont le dossier vous est fermé.",
            whom_to_ask=DIRECTION,
        )
    return received


def delivery_of(received: Import) -> Message | None:
    """Return the message by which the worker treats an import, while it is not treated."""
    if received.state != ImportState.RECEIVED:
        return None
    asked = Message.objects.filter(key__startswith=f"import:{received.pk}:")
    return asked.order_by("-created_at", "-id").first()


def waiting_before(actor: Actor, received: Import) -> Import | None:
    """Return the import by which a file received again waited already, if it is why it ended."""
    if received.state != ImportState.KNOWN or received.subject_id:
        return None
    same = Q(digest=received.digest) | Q(document_address=received.document_address)
    here = imports_visible_to(actor).filter(same, establishment=received.establishment_id)
    before = here.filter(received_at__lt=received.received_at).exclude(state=ImportState.KNOWN)
    return before.order_by("-received_at").first()


def progress_of_import(actor: Actor, received: Import) -> Progress:
    """Return where an import stands, the steps that this actor may take, and its history."""
    urls = {verb: reverse(f"exchange:{verb}", args=[received.pk]) for verb in ("settle", "discard")}
    return progress_of(actor, received, urls)


def subject_of(received: Import) -> UUID:
    """Return whose reads these are: the person's, or the establishment's until she is known."""
    return received.subject_id or received.establishment.subject_id


def original_file(actor: Actor, import_id: UUID) -> tuple[Import, bytes]:
    """Return an import of the actor's establishment with the bytes received, journalled.

    Refused without the export verb, for the file holds every volet, and to whom something of the
    record is closed, or no longer leaves, which the file may hold too.
    """
    received = find_import(actor, import_id)
    require(actor, Verb.EXPORT)
    about = Q(pk=received.subject_id) | Q(person__in=received.candidates.all())
    if Subject.objects.filter(about, has_item_closed_to(actor, "id")).exists():
        raise Refused(
            "restriction",
            "Une partie de ce dossier vous est fermée, et le fichier d’origine peut la contenir.",
            whom_to_ask=DIRECTION,
        )
    saw(actor, "import.file", [subject_of(received)], Volet.values)
    if received.subject_id and has_withheld_file(received.subject_id):
        raise Refused(
            "withheld",
            "Un document reçu dans ce dossier a été retiré ou contient une menace, et le fichier "
            "d’origine peut le contenir.",
            whom_to_ask=DIRECTION,
        )
    return received, files.get(received.digest)


def held_import(actor: Actor, import_id: UUID) -> Import:
    """Return an import that waits for an identity; refused when it no longer waits."""
    received = find_import(actor, import_id)
    if received.state != ImportState.HELD:
        raise Refused("state", "Ce dossier n’attend plus de décision d’identité.")
    return received


def count_held(actor: Actor) -> int:
    """Return how many imports wait for this actor to settle an identity."""
    if not may_import(actor):
        return 0
    return imports_visible_to(actor).filter(state=ImportState.HELD).count()


def may_import(actor: Actor) -> bool:
    """Whether the actor's profession imports records at all."""
    return actor.has_verb(Verb.IMPORT)


def may_export(actor: Actor) -> bool:
    """Whether the actor's profession exports records at all."""
    return actor.has_verb(Verb.EXPORT)
