"""Many people at work at the same time: what each does, how often, and how long he waits for it."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from bench.figures import Waits, median, p95, p99
from bench.visitor import Answer, Visitor

THINKS_S = (1.0, 3.0)
OK, SAVED = 200, 302
ALL = "All together"


class Usager(NamedTuple):
    """Whose record is opened, and the name under which she is looked for."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Worker:
    """Someone signed in, those whom he accompanies, and the volet in which he writes, if any."""

    visitor: Visitor
    usagers: Sequence[Usager]
    volet: str = ""

    @property
    def kinds(self) -> Sequence["Kind"]:
        """What he does: without a volet, he only reads."""
        return KINDS if self.volet else KINDS[:-1]


class Wait(NamedTuple):
    """One call: what was asked, the seconds it took, and what was wrong with the answer."""

    kind: str
    seconds: float
    fault: str


@dataclass(frozen=True)
class Kind:
    """What people do, in so many calls out of a hundred."""

    name: str
    percent: int
    ask: Callable[[Worker, Usager], Answer]
    status: int = OK


def _page(name: str) -> Callable[[Worker, Usager], Answer]:
    return lambda worker, usager: worker.visitor.get(reverse(name))


def _record(name: str) -> Callable[[Worker, Usager], Answer]:
    return lambda worker, usager: worker.visitor.get(reverse(name, args=[usager.id]))


def _search(worker: Worker, usager: Usager) -> Answer:
    return worker.visitor.post(reverse("persons:search"), {"q": usager.name})


def _write(worker: Worker, usager: Usager) -> Answer:
    fields = {
        "volet": worker.volet,
        "text": "Mesure : une transmission de longueur ordinaire, écrite en fin de poste.",
        "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    }
    return worker.visitor.post(reverse("record:notes", args=[usager.id]), fields)


KINDS = (
    Kind("Home", 14, _page("directory:home")),
    Kind("List of usagers", 14, _page("persons:list")),
    Kind("Search", 10, _search),
    Kind("Record: identity", 16, _record("persons:identity")),
    Kind("Record: timeline", 14, _record("record:timeline")),
    Kind("Record: notes and their form", 14, _record("record:notes")),
    Kind("Record: documents", 8, _record("record:documents")),
    Kind("Write a note", 10, _write, SAVED),
)


def work(
    workers: Sequence[Worker], *, seconds: float, thinks_s: tuple[float, float] = THINKS_S
) -> list[Wait]:
    """Let everyone work at once for so long, each at his own pace; return every call.

    The draws are always the same. A first pause, drawn too, keeps them from starting together.
    """
    ends_at = time.monotonic() + seconds

    def one(rank: int, worker: Worker) -> list[Wait]:
        draw = random.Random(rank)  # noqa: S311  # no secret
        waits: list[Wait] = []
        time.sleep(draw.uniform(0, min(thinks_s[1], seconds / 2)))
        while time.monotonic() < ends_at:
            kind = draw.choices(worker.kinds, [kind.percent for kind in worker.kinds])[0]
            waits.append(_wait(kind, worker, draw.choice(worker.usagers)))
            worker.visitor.reconnect()  # nobody keeps one open while he thinks
            time.sleep(max(0, min(draw.uniform(*thinks_s), ends_at - time.monotonic())))
        return waits

    with ThreadPoolExecutor(len(workers)) as crowd:
        return [wait for waits in crowd.map(one, range(len(workers)), workers) for wait in waits]


def _wait(kind: Kind, worker: Worker, usager: Usager) -> Wait:
    start = time.perf_counter()
    try:
        answer = kind.ask(worker, usager)
    except (OSError, HTTPException) as error:
        worker.visitor.reconnect()
        return Wait(kind.name, time.perf_counter() - start, repr(error))
    fault = "" if answer.status == kind.status else f"{answer.status}, not {kind.status}"
    return Wait(kind.name, answer.seconds, fault)


def summed(calls: Sequence[Wait]) -> list[Waits]:
    """Return what each kind of call cost, in the order of `KINDS`, then all of them together."""
    rows = [(kind.name, [call for call in calls if call.kind == kind.name]) for kind in KINDS]
    return [_summed(name, of) for name, of in [*rows, (ALL, calls)] if of]


def _summed(name: str, calls: Sequence[Wait]) -> Waits:
    seconds = [call.seconds for call in calls]
    faults = sum(bool(call.fault) for call in calls)
    return Waits(name, len(calls), median(seconds), p95(seconds), p99(seconds), faults)
