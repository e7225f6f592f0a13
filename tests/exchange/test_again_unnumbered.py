"""The same record exported again brings nothing: what has no number is known by what it says."""

import json
from dataclasses import replace
from datetime import date

from tests.exchange.samples import file_of, receive, record
from tests.factories.town import Town, actor_of
from virage.documents.models import Document
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.persons.models import Contact, Coverage, LegalProtection


def brought(town: Town, content: bytes) -> Import:
    received = receive(actor_of(town.sofia), content, unit=town.unit_a)
    assert received.state == ImportState.IMPORTED
    return received


def brought_again(town: Town, sample: transit.TransferRecord) -> list[str]:
    """Bring a record, then its next export; return what the second one brings, in words."""
    brought(town, file_of(sample))
    later = {**json.loads(file_of(sample)), "timestamp": "2026-03-09T08:00:00+01:00"}
    again = brought(town, json.dumps(later).encode())
    new = again.lines.filter(level__in=[LineLevel.CREATED, LineLevel.KEPT])
    return list(new.values_list("label", flat=True))


def test_a_unit_and_a_room_kept_in_words_are_kept_once(town: Town) -> None:
    sample = record()
    sample.stays[0] = replace(sample.stays[0], unit_name="Les Lilas", room_name="44")
    assert brought_again(town, sample) == []
    assert [one.content for one in ReceivedItem.objects.order_by("title")] == [
        "Chambre : 44",
        "Unité : Les Lilas",
    ]
    sample.stays[0] = replace(sample.stays[0], unit_name="Les Tilleuls")
    brought(town, file_of(sample))
    assert [one.content for one in ReceivedItem.objects.all()].count("Unité : Les Tilleuls") == 1
    assert not ReceivedItem.objects.filter(kind="differing").exists()


def measures() -> list[transit.Protection]:
    """Return a measure of two holders, and two that are none of our kinds."""
    shared = transit.Protection(key="p1", kind=Coded(code="curatelle"), judged_on=date(2023, 1, 9))
    holder = record().contacts[0].key
    other = transit.Protection(key="p3", kind=Coded(text="Mesure d’accompagnement"))
    return [
        shared,
        replace(shared, key="p2", holder=holder),
        other,
        replace(other, key="p4", kind=Coded(text="Autre mesure")),
    ]


def covers() -> list[transit.Coverage]:
    """Return two covers without any number."""
    mutual = transit.Coverage(key="c1", kind=Coded(code="AMC"), payer_name="Mutuelle du Quai")
    return [mutual, replace(mutual, key="c2", payer_name="Mutuelle du Port")]


def test_measures_and_covers_alike_are_told_apart(town: Town) -> None:
    sample = record(protections=measures(), coverages=covers())
    assert brought_again(town, sample) == []
    sample.protections.reverse()
    sample.coverages.reverse()
    brought(town, file_of(sample))
    assert (LegalProtection.objects.count(), Coverage.objects.count()) == (4, 2)
    assert not ReceivedItem.objects.exists()


def unnumbered(export: str, **changes: str) -> bytes:
    """Return an export where nothing but the person has a number, at addresses of its own."""
    sample = record(stays=[], events=[], evaluations=[], protections=[], notes=[])
    sample.documents[0] = replace(sample.documents[0], identifier=None)
    sample.contacts[0] = replace(sample.contacts[0], identifier=None, **changes)
    bundle = json.loads(file_of(sample))
    bundle["entry"] = [one for one in bundle["entry"] if "virage-complement" not in json.dumps(one)]
    content = json.dumps(bundle)
    for entry in bundle["entry"]:
        content = content.replace(entry["fullUrl"], entry["fullUrl"][:-4] + export)
    return content.encode()


def test_documents_and_contacts_without_number_at_new_addresses_are_known(town: Town) -> None:
    for export in ("aaaa", "bbbb"):
        brought(town, unnumbered(export))
    assert (Document.objects.count(), Contact.objects.count()) == (1, 1)
    assert not ReceivedItem.objects.exists()
    brought(town, unnumbered("cccc", comment="Ne plus appeler le soir"))
    assert (Document.objects.count(), Contact.objects.count()) == (1, 2)
