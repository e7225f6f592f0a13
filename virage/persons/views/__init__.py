"""Screens of the persons room, by noun."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpResponse

from virage.directory.forms.places import FEW
from virage.directory.models import Establishment
from virage.directory.queries import establishments_of_situation
from virage.foundation.access.request import Request
from virage.foundation.ui import forms
from virage.foundation.versions import Versioned
from virage.persons.forms.stays import WhereForm
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import LookAlike
from virage.persons.queries.places import Place, places_of


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where a stay may be: the `places` offered and, when they are many, the `establishments` among
    which one is chosen first.
    """

    places: Sequence[Place]
    establishments: Sequence[Establishment] = ()

    @property
    def question(self) -> WhereForm | None:
        """What is asked before anything else: the establishment, while it is not known."""
        is_asked = self.establishments and not self.places
        return WhereForm(establishments=self.establishments) if is_asked else None

    @classmethod
    def of(
        cls, request: Request, *, person: Person | None = None, stay: Stay | None = None
    ) -> "Where":
        """Return where the actor may receive a person; one establishment at a time of many."""
        ours = list(establishments_of_situation(request.actor))
        if len(ours) <= FEW:
            return cls(places=places_of(request.actor, with_rooms=True, person=person, among=ours))
        asked = request.POST.get("establishment") or request.GET.get("establishment")
        asked = asked or str(stay.establishment_id if stay else "")
        chosen = [one for one in ours if str(one.pk) == asked]
        places = places_of(request.actor, with_rooms=True, person=person, among=chosen)
        return cls(places=places, establishments=ours)


def answer_person_form(
    request: Request,
    form: Form,
    act: Callable[[], HttpResponse],
    *,
    current: Callable[[], Versioned] | None = None,
    template: str = "persons/form.html",
    note: str = "",
    remove_url: str = "",
    alike: Sequence[LookAlike] = (),
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    When someone else went first, both texts are shown and what was typed stays in the form, ready
    to be saved over the version that `current` gives.
    """

    shown |= {"note": note, "remove_url": remove_url, "alike": alike}
    return forms.answer_form(
        request, form, act, template=template, current=current, is_taken_once=True, **shown
    )
