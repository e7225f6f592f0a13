"""Doors that lead to each way of saying no, for test_ui_errors.py."""

import errno

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from virage.foundation.errors import Conflict, Invalid, Refused

handler400 = "virage.foundation.ui.views.bad_request"
handler403 = "virage.foundation.ui.views.permission_denied"
handler404 = "virage.foundation.ui.views.page_not_found"
handler500 = "virage.foundation.ui.views.server_error"

ERRORS = {
    "refused": Refused("reach", "Cette personne n’est pas de vos unités.", "Mme Lenoir"),
    "hidden": Refused.hidden(),
    "invalid": Invalid({"": ["La fin précède le début."], "on": ["Ce jour est à venir."]}),
    "conflict": Conflict("Karim Benali a corrigé ce texte.", "un quart mangé", "la moitié mangée"),
    "malformed": SuspiciousOperation("secret"),
    "denied": PermissionDenied("secret"),
    "absent": Http404("secret"),
    "broken": RuntimeError("secret"),
    "away": OperationalError("secret"),
    "full": OSError(errno.ENOSPC, "secret"),
}


@login_not_required
def say_no(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    response = redirect("/ailleurs/")
    response.set_cookie("kept", "yes")
    return response


urlpatterns = [
    path("", include("virage.foundation.guide.urls")),
    path("non/<kind>/", say_no),
    path("partir/", leave),
    path("bouton/", require_POST(leave)),
]
