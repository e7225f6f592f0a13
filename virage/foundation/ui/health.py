"""What a supervisor asks of a web process: two answers in plain text, which tell nothing else."""

import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from virage.foundation.tables import is_still_in_step

PLAIN = "text/plain; charset=utf-8"
# Below this nothing is kept for sure, and every page of a record keeps a trace of who read it.
ROOM_BYTES = 16 * 2**20


@login_not_required
@require_GET
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers; otherwise it is to be started again."""
    return HttpResponse("vivant", content_type=PLAIN)


@login_not_required
@require_GET
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers too, its tables are ours and the disk has room.

    Otherwise 503: send the visitors elsewhere.
    """
    try:
        is_in_step = is_still_in_step()
    except Error:
        return HttpResponse("indisponible", content_type=PLAIN, status=503)
    if not is_in_step:
        return HttpResponse("tables d’une autre version", content_type=PLAIN, status=503)
    if shutil.disk_usage(settings.VIRAGE_HOME).free < ROOM_BYTES:
        return HttpResponse("disque plein", content_type=PLAIN, status=503)
    return HttpResponse("prêt", content_type=PLAIN)
