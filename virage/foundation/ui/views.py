"""Screens of the shell itself: preferences, gallery, and the errors that Django calls for."""

import sys
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from virage.foundation import disk
from virage.foundation.ui import problems
from virage.foundation.ui.context import KEYS_COOKIE, THEME_COOKIE, shell_of
from virage.foundation.ui.forms import PreferencesForm
from virage.foundation.ui.gallery import GalleryForm, gallery_of

ONE_YEAR = 365 * 24 * 3600
CHUNK_BYTES = 2**16


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Set colours and shortcuts for this browser."""
    shell = shell_of(request)
    initial = {"theme": shell.theme, "has_keys": shell.has_keys}
    form = PreferencesForm(request.POST or None, initial=initial)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "ui/preferences.html", {"form": form}, status=status)
    response = redirect("ui:preferences")
    keys = "on" if form.cleaned_data["has_keys"] else "off"
    for cookie, value in ((THEME_COOKIE, form.cleaned_data["theme"]), (KEYS_COOKIE, keys)):
        response.set_cookie(
            cookie,
            value,
            max_age=ONE_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    messages.success(request, "Vos préférences sont enregistrées dans ce navigateur.")
    return response


@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; its form, sent, comes back with its errors and saves nothing."""
    form = GalleryForm(request.POST or None)
    status = 200 if form.is_valid() or not form.is_bound else 422
    shown = {"gallery": gallery_of(form, request.GET)}
    return render(request, "ui/gallery.html", shown, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django judges malformed, or longer than a form may be."""
    cause = type(exception).__name__
    if not isinstance(exception, RequestDataTooBig):
        return problems.answer(request, problems.BAD_REQUEST, cause=cause)
    sent = _too_long(request)
    _receive_the_rest(request)
    return problems.answer(request, problems.TOO_LONG, cause=cause, sent=sent)


def _too_long(request: HttpRequest) -> QueryDict:
    """Read a form refused for its length; nothing beyond twice that, or if files came with it."""
    most = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    is_text = request.content_type == "application/x-www-form-urlencoded"
    if not is_text or int(request.META.get("CONTENT_LENGTH") or 0) > most:
        return QueryDict()
    with suppress(OSError, SuspiciousOperation):
        return QueryDict(request.read(most))
    return QueryDict()


def _receive_the_rest(request: HttpRequest) -> None:
    """Read on, no further than a file may go: a browser shows no answer before it has sent all."""
    with suppress(OSError):
        for _ in range(settings.IMPORT_MAX_FILE_BYTES // CHUNK_BYTES):
            if not request.read(CHUNK_BYTES):
                return


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal that no domain rule has worded."""
    return problems.answer(request, problems.FORBIDDEN, cause=type(exception).__name__)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return problems.answer(request, problems.NOT_FOUND, cause=type(exception).__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent from a page that a new sign-in made stale."""
    return problems.answer(request, problems.STALE_PAGE, cause=reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours, a full disk or a database that is away; the log has the trace."""
    error = sys.exc_info()[1]
    problem = problems.FAILURE
    if disk.is_full(error):
        problem = problems.DISK_FULL
    elif isinstance(error, OperationalError | InterfaceError):
        problem = problems.UNAVAILABLE
    return problems.answer(request, problem)
