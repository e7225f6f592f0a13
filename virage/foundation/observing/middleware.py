"""What is known of each request: one line of log, and the counts that Prometheus reads."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from virage.foundation.ids import new_id
from virage.foundation.logs import current_request
from virage.foundation.observing.metrics import DURATION, REQUESTS, STATEMENTS

logger = logging.getLogger("virage.requests")
# A supervisor asks these all day long.
UNTOLD = frozenset({"ui:alive", "ui:ready", "observing:metrics"})
LINE = "%(method)s %(route)s %(status)s, %(ms)s ms, %(statements)s SQL"
NO_ROUTE = "-"
METHODS = frozenset({"GET", "HEAD", "POST"})


class Observed:
    """Tell of a request its route, never its address: that one names a record."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_request.set(str(new_id()))
        statements = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(sql, params, many, context)

        started = time.perf_counter()
        try:
            with connection.execute_wrapper(count):
                response = self.get_response(request)
            seconds = time.perf_counter() - started
            response.headers["X-Request-Id"] = current_request.get()
            _note(request, response.status_code, seconds, statements)
        finally:
            current_request.reset(token)
        return response


def _note(request: HttpRequest, status: int, seconds: float, statements: int) -> None:
    route = request.resolver_match.view_name if request.resolver_match else NO_ROUTE
    method = request.method if request.method in METHODS else NO_ROUTE
    REQUESTS.labels(method, route, status).inc()
    DURATION.labels(route).observe(seconds)
    STATEMENTS.labels(route).inc(statements)
    if route not in UNTOLD:
        facts = {"method": method, "route": route, "status": status}
        facts |= {"ms": round(seconds * 1000), "statements": statements}
        logger.info(
            "%(method)s %(route)s %(status)s, %(ms)s ms, %(statements)s SQL", facts, extra=facts
        )
