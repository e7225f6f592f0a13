"""What Prometheus reads: counts of requests by all the processes, and the state of the site."""

import os
from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from virage.foundation.backup.status import last_backup
from virage.foundation.journal.queries import last_seal_at, waiting_to_be_sealed
from virage.foundation.outbox.queries import depth
from virage.foundation.sessions.queries import open_sessions

REGISTRY = CollectorRegistry()
# Of the budgets (docs/architecture.md), and of what people call slow.
BUCKETS_S = (0.01, 0.02, 0.04, 0.06, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10)
REQUESTS = Counter(
    "virage_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
DURATION = Histogram(
    "virage_request_seconds",
    "Time to answer a request.",
    ("route",),
    buckets=BUCKETS_S,
    registry=REGISTRY,
)
STATEMENTS = Counter(
    "virage_request_statements", "SQL statements of requests.", ("route",), registry=REGISTRY
)


class Site(Collector):
    """The state of the site, asked when it is read."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        box = depth(now)
        yield _gauge("virage_outbox_waiting", "Messages due and not treated.", box.waiting)
        yield _gauge(
            "virage_outbox_oldest_seconds", "How long the oldest has waited.", box.oldest_s
        )
        yield _gauge("virage_outbox_dead", "Messages given up.", box.dead)
        yield _gauge("virage_journal_unsealed", "Events not sealed.", waiting_to_be_sealed())
        if sealed_at := last_seal_at():
            said = "When the journal was last sealed."
            yield _gauge("virage_journal_sealed_timestamp_seconds", said, sealed_at.timestamp())
        if last := last_backup():
            said = "When the last backup was made and read again."
            yield _gauge("virage_backup_timestamp_seconds", said, last.made_at.timestamp())
        count = open_sessions().count()
        yield _gauge("virage_sessions", "Sessions that have not ended.", count)


def exposition() -> bytes:
    """Return all of it in Prometheus' text format; the counts are those of every process."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Site())
    counted = b"" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else generate_latest(REGISTRY)
    return counted + generate_latest(registry)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)
