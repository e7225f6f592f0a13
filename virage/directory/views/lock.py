"""The lock of a session: shut by its owner or by time, opened by a code."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from virage.directory.actions.sign_in import opens, tell
from virage.directory.forms.sign_in import UnlockForm
from virage.directory.middleware import only_looks, while_locked, without_situation
from virage.directory.models import Account
from virage.foundation.disk import is_full
from virage.foundation.sessions.store import SEEN
from virage.foundation.ui.navigation import page_before
from virage.foundation.ui.problems import FULL_ON_LEAVING, answer

View = Callable[..., HttpResponse]
WRONG = "{} est faux. Après cinq erreurs, la session se ferme."
TRIED = "wrong_codes_told"


def leaving(view: View) -> View:
    """Without room to write that someone leaves, make the browser forget the session, and say so.

    It would stay open on a shared computer.
    """

    @wraps(view)
    def left(request: HttpRequest, **given: Any) -> HttpResponse:
        try:
            return view(request, **given)
        except (DatabaseError, OSError) as error:
            if not is_full(error):
                raise
            response = answer(request, FULL_ON_LEAVING)
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
            return response

    return left


@require_POST
@only_looks
@while_locked
@leaving
def lock_now(request: Any) -> HttpResponse:
    """Lock one's session now; it opens again on the page where one was."""
    if not request.session.locked_page:
        tell(cast(Account, request.user), "sign_in.locked")
        request.session.lock(page_before(request))
    request.session.write_lock()
    return redirect("directory:lock")


@require_http_methods(["GET", "POST"])
@while_locked
def lock(request: Any) -> HttpResponse:
    """Ask for the code, and come back to the page where one was; five errors end the session."""
    is_fragment = request.headers.get("HX-Request") == "true"
    if not request.session.locked_page and not is_fragment:
        return redirect("/")
    account = cast(Account, request.user)
    form = UnlockForm(request.POST or None, has_pin=bool(account.pin))
    if form.is_valid():
        if request.session.take_try():
            if opens(account, form.cleaned_data["secret"]):
                return _opened(request)
            form.add_error("secret", WRONG.format("Ce code" if account.pin else "Ce mot de passe"))
        if not request.session.has_tries():
            get_adapter().logout(request)
            messages.error(request, "Trop d’erreurs : votre session est fermée. Reconnectez-vous.")
            return redirect("account_login")
    return render(
        request,
        "directory/_lock.html" if is_fragment else "directory/lock.html",
        {"form": form, "owner": account.professional, "has_pin": bool(account.pin)},
        status=422 if form.is_bound else 200,
    )


@require_POST
@without_situation
def presence(request: HttpRequest) -> HttpResponse:
    """Say whose session it is, and note that someone is typing: no page is asked for a while."""
    return HttpResponse(headers={"X-Virage-Account": str(request.user.pk)})


def _tell_wrong_codes(request: Any) -> None:
    """Tell the owner, once back, that wrong codes were tried: another may have typed them."""
    wrong = request.session.wrong_tries()
    if wrong > request.session.get(TRIED, 0):
        request.session[TRIED] = wrong
        told = "Un code faux a été essayé" if wrong == 1 else f"{wrong} codes faux ont été essayés"
        messages.warning(
            request,
            f"{told} sur votre session. Ce n’était pas vous ? Prévenez votre référent "
            "informatique, et changez de code.",
        )


def _opened(request: Any) -> HttpResponse:
    page = request.session.unlock() or "/"
    request.session[SEEN] = time.time()
    _tell_wrong_codes(request)
    if request.headers.get("HX-Request") == "true":
        # The page is still there, behind the lock.
        return HttpResponse(status=204, headers={"HX-Trigger": "virage:unlocked"})
    return redirect(page)
