"""The request as our views receive it."""

from django.forms import BaseForm
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from virage.foundation.access.actor import Actor


class Request(HttpRequest):
    """A request of someone whose situation is known: the middleware lets no other one through."""

    actor: Actor
    htmx: HtmxDetails
    # What the view answers; absent until it has made one.
    form_answered: BaseForm
