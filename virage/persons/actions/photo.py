"""The photo of a person, with her consent."""

from datetime import date

from django.db import transaction

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record
from virage.foundation.storage import files
from virage.persons.actions.changes import require_write
from virage.persons.models import Person
from virage.persons.rules.photo import Portrait


def set_photo(
    actor: Actor, *, person: Person, photo: Portrait, consent_on: date, is_received: bool = False
) -> Person:
    """Keep our own small JPEG of a picture, with the day on which the person agreed.

    The portrait is worked out by the caller, before any lock. Invalid for a consent in the future.
    """
    require_write(actor, person.subject, is_received=is_received)
    if consent_on > actor.today:
        raise Invalid({"consent_on": ["L’accord est daté dans l’avenir."]})
    return _save(
        actor, "person.set_photo", person, files.put(photo, person.operator_id), consent_on
    )


def remove_photo(actor: Actor, *, person: Person) -> Person:
    """Stop showing the photo, at the person's request or for a better one; refused to readers.

    The day is kept: no file sets a photo again, only someone to whom the person agrees.
    """
    require_write(actor, person.subject)
    return _save(actor, "person.remove_photo", person, "", None, removed_on=actor.today)


@transaction.atomic
def _save(
    actor: Actor,
    action: str,
    person: Person,
    digest: str,
    consent_on: date | None,
    removed_on: date | None = None,
) -> Person:
    person.photo_digest, person.photo_consent_on = digest, consent_on
    person.photo_removed_on = removed_on
    person.save(update_fields=["photo_digest", "photo_consent_on", "photo_removed_on"])
    record(
        actor,
        action,
        target=person,
        subject_ids=[person.subject_id],
        volet=Volet.ADMINISTRATIVE,
    )
    return person
