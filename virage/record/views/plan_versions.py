"""The versions of a plan: its reviews, what each says, who signed it, two compared."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.formats.spreadsheet import to_ods, to_xlsx
from virage.foundation.access.request import Request
from virage.foundation.errors import Refused
from virage.foundation.ui.responses import attachment
from virage.persons.views import answer_person_form
from virage.plans.actions.plans import review_plan, sign_version
from virage.plans.queries.plans import find_version
from virage.record.forms.plans import ReviewForm, SignatureForm
from virage.record.queries.plan_parts import NOW, show_version, texts_of, version_list
from virage.record.queries.plan_tables import plan_tables
from virage.record.views.plans import open_plan, open_plan_to_change

FORMATS = {
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (to_ods, "application/vnd.oasis.opendocument.spreadsheet"),
}


@require_http_methods(["GET", "POST"])
def review(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Note a review, which freezes a version of the plan."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    form = ReviewForm(
        request.POST or None, initial={"held_on": actor.today, "seen_number": shown.plan.number}
    )

    def act() -> HttpResponse:
        seen_number = form.cleaned_data["seen_number"]
        review_plan(actor, plan_id=plan_id, draft=form.draft(), seen_number=seen_number)
        messages.success(request, "Le bilan est noté, et une version du plan figée.")
        return redirect("record:plan_versions", person_id, plan_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Faire le bilan",
        note="Une version du plan est figée avec le bilan.",
        submit="Enregistrer le bilan",
        cancel=shown.row.url,
    )


@require_GET
def versions(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """List the versions of a plan, with the reviews that froze them."""
    record, shown = open_plan(request, person_id, plan_id, "plan_versions")
    context = {"record": record, "shown": shown, "versions": version_list(shown)}
    return render(request, "record/plan_versions.html", context)


@require_GET
def version(request: Request, person_id: UUID, plan_id: UUID, number: int) -> HttpResponse:
    """Show what a version says, whether it is intact, and who signed it."""
    record, shown = open_plan(request, person_id, plan_id, "plan_versions")
    context = {"record": record, "shown": shown, "one": show_version(shown, number)}
    return render(request, "record/plan_version.html", context)


@require_GET
def compare(
    request: Request, person_id: UUID, plan_id: UUID, number: int, other: int
) -> HttpResponse:
    """Show two versions side by side; 0 is the plan as it stands today."""
    record, shown = open_plan(request, person_id, plan_id, "plan_versions")
    numbers = (number, other)
    labels = ("Aujourd’hui" if one == NOW else f"Version {one}" for one in numbers)
    before, after = zip(labels, texts_of(shown, *numbers), strict=True)
    context = {"record": record, "shown": shown, "before": before, "after": after}
    return render(request, "record/plan_compare.html", context)


@require_GET
def plan_file(request: Request, person_id: UUID, plan_id: UUID, file_format: str) -> HttpResponse:
    """Give a plan as a workbook, to who exports."""
    _, shown = open_plan(request, person_id, plan_id)
    if file_format not in FORMATS:
        raise Refused.hidden()
    write, content_type = FORMATS[file_format]
    content = write(plan_tables(request.actor, shown))
    name = f"plan-{request.actor.today:%Y%m%d}.{file_format}"
    return attachment(request, content, name, content_type)


@require_http_methods(["GET", "POST"])
def sign(request: Request, person_id: UUID, plan_id: UUID, number: int) -> HttpResponse:
    """Note what someone says of a version."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    find_version(shown.opened, number)
    form = SignatureForm(request.POST or None, initial={"signed_on": actor.today})

    def act() -> HttpResponse:
        sign_version(actor, plan_id=plan_id, number=number, draft=form.draft())
        messages.success(request, "L’avis est noté.")
        return redirect("record:plan_version", person_id, plan_id, number)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Noter un avis",
        note=f"Version {number}. Un avis noté ne change plus\u00a0; un autre s’y ajoute.",
        submit="Noter l’avis",
        cancel=reverse("record:plan_version", args=[person_id, plan_id, number]),
    )
