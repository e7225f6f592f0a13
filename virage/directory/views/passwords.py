"""The one-time link by which the owner of an account chooses its password."""

from allauth.account import views as allauth_views
from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from virage.directory.actions import request_password_link
from virage.directory.forms.sign_in import LostPasswordForm
from virage.directory.views.accounts import site_of
from virage.foundation.ui.forms import answer_form


@require_http_methods(["GET", "POST"])
@login_not_required
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail, as often as allauth's limits allow.

    The link leads to the address of the site if it is known, not to one that a visitor says.
    """
    form = LostPasswordForm(request.POST or None)

    def act() -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        if too_often := consume_or_429(request, action="reset_password", key=email):
            return too_often
        request_password_link(email, site=site_of(request))
        return redirect("account_reset_password_done")

    return answer_form(request, form, act, template="account/password_reset.html")


@require_http_methods(["GET", "POST"])
@login_not_required
def choose_password(request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
    """Follow the link, signed out: on a shared computer it may be another person's session.

    allauth would sign that person out by a mere GET; here nothing changes without a POST.
    """
    if request.user.is_authenticated:
        return render(request, "account/sign_out_first.html", status=409)
    return allauth_views.password_reset_from_key(request, uidb36=uidb36, key=key)
