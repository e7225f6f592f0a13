"""What wraps every request: the browser's policy, the sign-in, the answers to domain errors."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from virage.foundation.errors import DomainError, Refused
from virage.foundation.ui.navigation import page_before
from virage.foundation.ui.problems import (
    NOT_THIS_WAY,
    SESSION_ENDED,
    answer,
    keep_typing,
    problem_of,
)

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
        *("hid", "microphone", "midi", "payment", "serial", "usb"),
    )
)


def browser_policy(get_response: GetResponse) -> GetResponse:
    """Tell the browser what it may run and keep: nothing from elsewhere, no page in its cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("HX-Request") == "true" and "Location" in response.headers:
            response = _full_redirect(response)
        # A file given says its own, which is stricter.
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        # Ward computers are shared: the Back button must not show the former user's pages.
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def _full_redirect(redirect: HttpResponse) -> HttpResponse:
    """Make htmx leave for the new page; else it would put that page inside a fragment."""
    response = HttpResponse(status=204, headers={"HX-Redirect": redirect.headers["Location"]})
    response.cookies = redirect.cookies
    return response


class SignedIn(LoginRequiredMiddleware):
    """Send visitors to sign in, save who was writing when the session ended: the text would go."""

    def handle_no_permission(  # type: ignore[override] # not always a redirect
        self, request: HttpRequest, view: Any
    ) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view)
        return keep_typing(request, SESSION_ENDED) or redirect_to_login(page_before(request))


class DomainErrors:
    """Answer a view's `Refused`, `Invalid` or `Conflict` in plain French: 403, 404, 422 or 409.

    So is a method that a view does not take, to which Django gives a blank page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = answer(request, NOT_THIS_WAY)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        cause = error.condition if isinstance(error, Refused) else type(error).__name__
        return answer(request, problem_of(error), cause=cause)
