"""Every door of a record that a physician opened by a bris de glace, medical volet included.

Of the health professions his may do the most, and all that stands in the record is medical here.
He is out of the team: whatever is not listed below stays shut.
"""

from collections.abc import Iterator

import pytest

from tests.access.url_cases import addresses
from tests.access.url_town import PERSONAL, UrlTown
from tests.access.whole_module import db, own_files, town
from tests.access.world import undone
from tests.factories.town import actor_of
from tests.house.test_url_matrix import ask, session_of, writes_of_the_page
from virage.agenda.models import Event
from virage.directory.models import Membership, Unit
from virage.documents.models import Document
from virage.foundation.access.enums import Reach, Volet
from virage.instruments.models import Evaluation
from virage.persons import actions
from virage.record.models import Note

__all__ = ["db", "own_files", "town"]

# What shows something of her, or leads there.
READ = {
    *("persons:emergency", "persons:emergency_open", "persons:identity", "record:medical_volet"),
    *("record:note", "record:event", "record:evaluation"),
    *("record:document", "record:document_page", "record:document_version"),
}
POSTED = {"persons:emergency_open", "persons:emergency_medical", "persons:emergency_end"}
ENDS = "persons:emergency_end"


@pytest.fixture(scope="module")
def session(town: UrlTown) -> Iterator[str]:
    """The physician of another unit of the same home: nothing but the unit keeps him out."""
    member = town.roles["physician"].membership
    person = town.targets["ours"].person
    why = {"motive": "fall", "reason": "Chute dans le couloir, seul de nuit."}
    with undone():
        Membership.objects.filter(pk=member.pk).update(reach=Reach.UNITS)
        member.units.set(Unit.objects.filter(name="Premier étage"))
        for kind in (Note, Event, Document, Evaluation):
            kind.objects.update(volet=Volet.MEDICAL)
        actions.break_the_glass(actor_of(member), person_id=person.pk, **why)
        actions.open_medical_volet(actor_of(member), person_id=person.pk)
        yield session_of(member)


def test_it_opens_the_sheet_and_the_medical_volet_to_be_read_and_no_other_door(
    town: UrlTown, session: str
) -> None:
    opened: dict[str, set[str]] = {"get": set(), "post": set()}
    for door in (one for one in addresses() if one.is_about_a_person):
        for method in door.rules:
            with undone(), writes_of_the_page() as written:
                page = ask(method, door.url(town.targets["ours"].ids), session)
            if page.status_code not in (403, 404):
                opened[method].add(door.name)
                assert not written or door.name == ENDS, door
            else:
                assert not any(word in page.text for word in PERSONAL), door
    assert opened == {"get": READ, "post": POSTED}
