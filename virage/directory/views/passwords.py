"""The one-time link by which the owner of an account chooses its password."""

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render


@login_not_required
def choose_password(request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
    """Follow the link, signed out: on a shared computer it may be another person's session.

    allauth would sign that person out by a mere GET; here nothing changes without a POST.
    """
    if request.user.is_authenticated:
        return render(request, "account/sign_out_first.html", status=409)
    return allauth_views.password_reset_from_key(request, uidb36=uidb36, key=key)
