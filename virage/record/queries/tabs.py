"""The tabs that the record adds to those of the person."""

from collections.abc import Callable

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import readable_volets
from virage.persons.tabs import Tab, register
from virage.record.queries.accesses import sees_accesses
from virage.record.rules import VOLET_SLUGS


def register_tabs() -> None:
    """Register the timeline, the transmissions, a tab per readable volet, documents, accesses."""
    register(_tab("timeline", "Chronologie", 40, _reads_something))
    register(_tab("notes", "Transmissions", 41, _reads_something))
    for rank, (volet, slug) in enumerate(VOLET_SLUGS.items(), start=50):
        register(
            Tab(
                key=f"volet-{slug}",
                label=volet.label,
                url_name="record:volet",
                arguments=(("volet", slug),),
                allowed=_reads(volet),
                order=rank,
            )
        )
    register(_tab("documents", "Documents", 70, _reads_something))
    register(_tab("accesses", "Qui a vu", 80, sees_accesses))


def _tab(key: str, label: str, order: int, allowed: Callable[[Actor], bool]) -> Tab:
    return Tab(key=key, label=label, url_name=f"record:{key}", allowed=allowed, order=order)


def _reads_something(actor: Actor) -> bool:
    return bool(readable_volets(actor.profession))


def _reads(volet: Volet) -> Callable[[Actor], bool]:
    return lambda actor: volet in readable_volets(actor.profession)
