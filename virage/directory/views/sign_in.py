"""One's own way in: second factor, code of unlocking, open sessions, history."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.directory.actions import sign_in as actions
from virage.directory.forms.sign_in import (
    ConfirmForm,
    PasskeyForm,
    PinForm,
    RemovalForm,
    TotpForm,
)
from virage.directory.middleware import FACTOR, without_factor, without_situation
from virage.directory.models import Account
from virage.directory.queries import factors_of, history_of
from virage.directory.queries.sign_in import HELD, sessions_shown
from virage.foundation.ui.forms import answer_form


@require_GET
@without_situation
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """Show how one signs in, where one is signed in, and what happened to the account."""
    account = _account(request)
    shown = {
        "account": account,
        "factors": factors_of(account),
        "sessions": sessions_shown(account, current=request.session.session_key),
        "history": history_of(account),
    }
    return render(request, "directory/my_sign_in.html", shown)


@require_http_methods(["GET", "POST"])
@without_factor
def totp(request: HttpRequest) -> HttpResponse:
    """Add an application as second factor, in place of the former one."""
    account = _account(request)
    held = factors_of(account)
    if held.any and request.session.get(FACTOR) != HELD:
        return _sign_in_again(request)
    form = TotpForm(request.POST or None, user=account, is_first=not held.any)

    def act() -> HttpResponse:
        codes = actions.add_totp(account, secret=form.secret, session_key=_key(request))
        return _told(request, codes)

    shown = {"secret": form.secret, "picture": form.picture, "is_first": not held.any}
    return _answer(request, form, act, template="directory/totp.html", **shown)


@require_http_methods(["GET", "POST"])
@without_factor
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Add a key: of the device itself, or one that is plugged in."""
    account = _account(request)
    if factors_of(account).any and request.session.get(FACTOR) != HELD:
        return _sign_in_again(request)
    form = PasskeyForm(request.POST or None, user=account)

    def act() -> HttpResponse:
        key = {name: form.cleaned_data[name] for name in ("name", "credential")}
        codes = actions.add_passkey(account, **key, session_key=_key(request))
        if codes:
            return _told(request, codes)
        messages.success(request, "La clé est ajoutée.")
        return redirect("directory:my_sign_in")

    return _answer(request, form, act, template="directory/passkey_add.html")


@require_http_methods(["GET", "POST"])
@without_situation
def passkey_remove(request: HttpRequest) -> HttpResponse:
    """Remove a key, unless it is the only second factor."""
    account = _account(request)
    asked = {"key": request.GET.get("key")}
    form = RemovalForm(request.POST or None, user=account, initial=asked)

    def act() -> HttpResponse:
        actions.remove_passkey(account, key_id=form.cleaned_data["key"])
        messages.success(request, "La clé est retirée.")
        return redirect("directory:my_sign_in")

    return _answer(
        request,
        form,
        act,
        title="Retirer une clé",
        note="Elle ne permettra plus de se connecter.",
        submit="Retirer la clé",
    )


@require_http_methods(["GET", "POST"])
@without_situation
def codes_renew(request: HttpRequest) -> HttpResponse:
    """Give new rescue codes, shown once."""
    account = _account(request)
    form = ConfirmForm(request.POST or None, user=account)
    return _answer(
        request,
        form,
        lambda: _told(request, actions.renew_codes(account)),
        title="Renouveler les codes de secours",
        note="Les anciens codes ne vaudront plus rien.",
        submit="Renouveler les codes",
    )


@require_http_methods(["GET", "POST"])
@without_situation
def pin(request: HttpRequest) -> HttpResponse:
    """Choose the code by which one unlocks a session."""
    account = _account(request)
    form = PinForm(request.POST or None, user=account)

    def act() -> HttpResponse:
        actions.set_pin(account, pin=form.cleaned_data["pin"])
        messages.success(request, "Votre code de déverrouillage est enregistré.")
        return redirect("directory:my_sign_in")

    return _answer(
        request,
        form,
        act,
        title="Choisir un code de déverrouillage",
        note="Il rouvre votre session verrouillée sur ce poste ; il ne permet jamais de se "
        "connecter. Cinq erreurs ferment la session.",
        submit="Enregistrer le code",
    )


@require_POST
@without_situation
def sessions_leave(request: HttpRequest) -> HttpResponse:
    """End one of one's other sessions, or all of them."""
    count = actions.leave_other_sessions(
        _account(request),
        but=_key(request),
        one=request.POST.get("session", ""),
    )
    messages.success(request, f"Sessions fermées : {count}.")
    return redirect("directory:my_sign_in")


def _answer(
    request: HttpRequest,
    form: Form,
    act: Callable[[], HttpResponse],
    *,
    template: str = "directory/lone_form.html",
    **shown: Any,
) -> HttpResponse:
    """Show a form that asks the password again, as often as allauth's limits allow."""
    if form.is_bound and (too_often := consume_or_429(request, action="confirm")):
        return too_often
    cancel = reverse("directory:my_sign_in")
    return answer_form(request, form, act, template=template, cancel=cancel, **shown)


def _told(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show rescue codes once; from now on the session holds a second factor."""
    request.session[FACTOR] = HELD
    return render(request, "directory/rescue_codes.html", {"codes": codes})


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    """End a session opened by the password alone, once the account has a second factor."""
    get_adapter().logout(request)
    messages.error(request, "Ce compte a maintenant un second facteur : reconnectez-vous avec lui.")
    return redirect("account_login")


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)
