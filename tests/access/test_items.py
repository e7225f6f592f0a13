"""Every kind of item obeys the one rule, and what it adds to it only closes."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.access import matrix_file
from tests.access.matrix_file import PROFESSIONS
from tests.access.world import AT, REACHED, World, note_by, undone
from tests.factories.town import actor_of
from virage.agenda.models import Event, Participation
from virage.agenda.queries import events_of, participations_in
from virage.directory.models import AuthoredItem, Professional
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.documents.queries import documents_of
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.received import received_items
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.journal.collector import collecting_reads
from virage.instruments.models import Evaluation
from virage.instruments.queries import evaluations_of
from virage.plans.models import Plan
from virage.plans.queries.plans import plans_of

KINDS = ("event", "evaluation", "document", "plan", "received")


def _columns(world: World, **changed: object) -> dict[str, object]:
    """Return what any item about Rose holds, written by Aude."""
    note = note_by(actor_of(world.town.aude, AT), world.persons["rose"])
    names = [field.attname for field in AuthoredItem._meta.fields if field.attname != "id"]
    return {name: getattr(note, name) for name in names} | changed


def _write(world: World, kind: str, **changed: object) -> AuthoredItem:
    columns, subject = _columns(world, **changed), world.persons["rose"].subject
    match kind:
        case "event":
            event = Event.objects.create(**columns, label="Kinésithérapie")
            Participation.objects.create(event=event, subject=subject)
            return event
        case "evaluation":
            return Evaluation.objects.create(**columns, subject=subject, title="Douleur")
        case "document":
            return Document.objects.create(
                **{"confidentiality": Confidentiality.NORMAL} | columns,
                **{"subject": subject, "title": "Compte rendu", "digest": "0" * 64},
                **{"size_bytes": 1, "content_type": "application/pdf"},
            )
        case "plan":
            return Plan.objects.create(
                **columns, subject=subject, title="Marcher", starts_on=AT.date()
            )
    place = {"operator": world.town.operator, "establishment": world.town.ehpad}
    received = Import.objects.create(**place, membership_id=world.town.alice.pk, size_bytes=1)
    return ReceivedItem.objects.create(**columns, subject=subject, of_import=received)


def _read(world: World, kind: str, actor: object) -> list[AuthoredItem]:
    person = world.persons["rose"]
    with collecting_reads():
        match kind:
            case "event":
                return list(events_of(actor, person.subject_id))
            case "evaluation":
                return list(evaluations_of(actor, person.subject_id))
            case "document":
                return list(documents_of(actor, person.subject_id))
            case "plan":
                return list(plans_of(actor, person.subject_id))
        return list(received_items(actor, person))


@pytest.fixture(autouse=True)
def own_changes(world: World) -> Iterator[None]:
    with undone():
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_obeys_the_matrix(world: World, kind: str) -> None:
    for volet, is_published in product(Volet, (False, True)):
        _write(world, kind, volet=volet, is_published=is_published)
    for name, profession in product(("alice", "bob"), PROFESSIONS):
        seen = _read(world, kind, world.acting_as(name, profession))
        expected = {
            (volet, is_published)
            for volet, is_published in product(Volet, (False, True))
            if "rose" in REACHED[name]
            and matrix_file.reads(
                profession, volet, age_hours=0, is_own=False, is_published=is_published
            )
        }
        assert {(item.volet, item.is_published) for item in seen} == expected, (name, profession)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_restricted_alone(world: World, kind: str) -> None:
    kept, shown = _write(world, kind), _write(world, kind)
    Restriction.objects.create(
        subject=world.persons["rose"].subject, item_id=kept.pk, profession="nurse", reason="Confié."
    )
    assert _read(world, kind, world.actors["alice"]) == [shown]
    assert len(_read(world, kind, actor_of(world.town.aude, AT))) == 2


def test_a_common_event_shows_only_the_persons_one_may_know(world: World) -> None:
    """Rose and Marcel go out together: Alice knows Rose alone, Bob neither."""
    rose, marcel = world.persons["rose"], world.persons["marcel"]
    alice = world.actors["alice"]
    outing = _write(world, "event")
    Participation.objects.create(event=outing, subject=marcel.subject)
    shown = participations_in(alice, rose.subject_id, outing.pk)
    assert [one.subject_id for one in shown] == [rose.subject_id]
    assert not events_of(alice, marcel.subject_id)
    assert not events_of(world.actors["bob"], rose.subject_id)
    assert not participations_in(alice, marcel.subject_id, outing.pk)
    Restriction.objects.create(subject=rose.subject, profession="nurse", reason="Opposition.")
    assert not events_of(alice, rose.subject_id)


@pytest.mark.parametrize(
    ("confidentiality", "whose", "readers"),
    [
        (Confidentiality.NORMAL, "ours", {"author", "physician", "nurse"}),
        (Confidentiality.RESTRICTED, "ours", {"author", "physician"}),
        (Confidentiality.VERY_RESTRICTED, "ours", {"author"}),
        (Confidentiality.VERY_RESTRICTED, "a stranger's", {"physician"}),
        (Confidentiality.VERY_RESTRICTED, "nobody's", {"physician"}),
    ],
)
def test_a_confidential_document_is_for_fewer(
    world: World, confidentiality: Confidentiality, whose: str, readers: set[str]
) -> None:
    """Of the professions that read the medical volet, the physician validates it."""
    author = world.acting_as("diane", "nurse")
    stranger = Professional.objects.create(operator=world.town.operator, is_external=True)
    authors = {"ours": author.professional_id, "a stranger's": stranger.pk}
    _write(
        world,
        "document",
        volet=Volet.MEDICAL,
        confidentiality=confidentiality,
        author_id=authors.get(whose),
    )
    actors = {name: world.acting_as("alice", name) for name in PROFESSIONS if name != "system"}
    actors["author"] = author
    assert {name for name in actors if _read(world, "document", actors[name])} == readers
