"""The two addresses of drafts: keep what is being typed, erase it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from virage.foundation.access.request import Request
from virage.foundation.drafts.actions import erase_draft, keep_draft
from virage.foundation.drafts.rules import read_entered, read_token


@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep what a form holds so far; answers no content, or 422 for what cannot be kept."""
    address = _address(request)
    entered = read_entered(request.POST.get("entered", ""))
    if not address or entered is None:
        return HttpResponse("Ce brouillon ne peut pas être gardé.", status=422)
    token = read_token(request.POST.get("sent", ""))
    keep_draft(request.actor, address=address, entered=entered, token=token)
    return HttpResponse(status=204)


@require_POST
def erase(request: Request) -> HttpResponse:
    """Erase the draft of a form, and go back to the form."""
    address = _address(request)
    if address:
        erase_draft(request.actor, address=address)
    return redirect(address or "/")


def _address(request: Request) -> str:
    """Return the address of a page of ours that the form names, or nothing."""
    address = request.POST.get("form", "")
    try:
        resolve(address)
    except Resolver404:
        return ""
    is_path = address.startswith("/") and not address.startswith("//")
    return address if is_path and len(address) <= 200 else ""
