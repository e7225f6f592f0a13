"""The direction's review of each bris de glace, and the second person's approval."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.enums import Review
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import answer_form
from virage.foundation.ui.paging import Column
from virage.persons.actions import approve_opening, review_opening
from virage.persons.forms.emergency import ReviewForm, WeekForm
from virage.persons.queries.openings import find_opening, opening_to_approve, review_week

COLUMNS = tuple(Column(label) for label in ("Quand", "Qui", "Dossier", "Motif", "Lu", "Revue"))


@require_GET
def opening_list(request: Request) -> HttpResponse:
    """List the openings of a week, and those that nobody has reviewed in time."""
    form = WeekForm(request.GET)
    day = (form.cleaned_data["week"] if form.is_valid() else None) or request.actor.today
    shown = {"week": review_week(request.actor, day), "columns": COLUMNS}
    return render(request, "persons/opening_list.html", shown)


@require_http_methods(["GET", "POST"])
def opening(request: Request, opening_id: UUID) -> HttpResponse:
    """Review one opening."""
    reviewed = find_opening(request.actor, opening_id)
    found = reviewed.opening
    initial = {"review": found.review or None, "word": found.review_word}
    form = ReviewForm(request.POST or None, initial=initial)

    def act() -> HttpResponse:
        review = Review(form.cleaned_data["review"])
        word = form.cleaned_data["word"]
        review_opening(request.actor, opening=found, review=review, word=word)
        messages.success(request, "La revue est enregistrée.")
        return redirect("persons:opening_list")

    return answer_form(request, form, act, template="persons/opening.html", row=reviewed)


@require_http_methods(["GET", "POST"])
def opening_approve(request: Request, opening_id: UUID) -> HttpResponse:
    """Be the second person without whom a sensitive record does not open."""
    found = opening_to_approve(request.actor, opening_id)
    if request.method == "POST":
        approve_opening(request.actor, opening=found)
        messages.success(request, "Le dossier est ouvert à votre collègue.")
        return redirect("directory:home")
    return render(request, "persons/opening_approve.html", {"opening": found})
