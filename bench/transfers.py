"""Export and import of whole records, beside the mere decoding of the same bytes."""

import time

import msgspec
from django.utils import timezone

from bench.figures import Transfer
from virage.demo.volume import DIRECTOR
from virage.directory import actions as directory
from virage.directory.models import Account
from virage.directory.queries import actor_of, system_membership
from virage.exchange.actions import export_record, process_import, receive_file
from virage.exchange.enums import ImportState
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Person

RECORDS = 40


def measure_transfers() -> list[Transfer]:
    """Return how many resources of a Bundle go out and come in each second."""
    account = Account.objects.select_related("professional").get(email=DIRECTOR)
    director = actor_of(account.professional.memberships.get(), timezone.now())
    person_ids = Person.objects.order_by("id").values_list("id", flat=True)[:RECORDS]
    start = time.perf_counter()
    bundles = []
    for person_id in person_ids:
        with collecting_reads():
            bundles.append(export_record(director, person_id=person_id))
    export_s = time.perf_counter() - start
    resources = sum(len(msgspec.json.decode(bundle)["entry"]) for bundle in bundles)
    start = time.perf_counter()
    for bundle in bundles:
        msgspec.json.decode(bundle)
    floor = resources / (time.perf_counter() - start)
    import_s = _import_all(bundles)
    return [
        Transfer("Export", resources, resources / export_s, floor),
        Transfer("Import", resources, resources / import_s, floor),
    ]


def _import_all(bundles: list[bytes]) -> float:
    """Import the records in another operator, which knows nobody; return the seconds it took."""
    operator = directory.create_operator(name="Organisme d’arrivée")
    system = actor_of(system_membership(operator), timezone.now())
    establishment = directory.create_establishment(system, name="EHPAD d’arrivée")
    start = time.perf_counter()
    for number, bundle in enumerate(bundles):
        received = receive_file(
            system, file_name=f"{number}.json", content=bundle, establishment=establishment
        )
        if process_import(received.pk).state != ImportState.IMPORTED:
            raise RuntimeError(f"record {number} is not imported")
    return time.perf_counter() - start
