"""What surrounds a person: one way to add, change and remove contacts, measures, covers…"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.foundation.errors import Invalid
from virage.foundation.ui.forms import VersionedForm
from virage.persons import actions
from virage.persons.forms import surroundings as forms
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    PersonAddress,
    PersonIdentifier,
    PersonItem,
    PersonTelecom,
)
from virage.persons.queries import OpenRecord, open_record
from virage.persons.queries.details import find_item, surroundings
from virage.persons.views import answer_person_form


@dataclass(frozen=True)
class Kind:
    """A kind of thing around the person: its model and form, its words, its tab."""

    model: type[PersonItem]
    form: type[VersionedForm]
    label: str
    tab: str


# By the word of the address.
KINDS = {
    "contacts": Kind(Contact, forms.ContactForm, "un contact", "surroundings"),
    "mesures": Kind(
        LegalProtection, forms.ProtectionForm, "une mesure de protection", "surroundings"
    ),
    "couvertures": Kind(Coverage, forms.CoverageForm, "une couverture sociale", "surroundings"),
    "numeros": Kind(PersonIdentifier, forms.IdentifierForm, "un numéro", "identity"),
    "adresses": Kind(PersonAddress, forms.AddressForm, "une adresse", "identity"),
    "coordonnees": Kind(
        PersonTelecom, forms.TelecomForm, "un téléphone ou un courriel", "identity"
    ),
}


@require_GET
def surroundings_page(request: Request, person_id: UUID) -> HttpResponse:
    """Show who is around the person, who protects her, who covers her."""
    record = open_record(request.actor, person_id, "surroundings")
    found = surroundings(request.actor, record.person)
    return render(request, "persons/surroundings.html", {"record": record, "found": found})


@require_http_methods(["GET", "POST"])
def item_add(request: Request, person_id: UUID, kind: str) -> HttpResponse:
    """Add one thing."""
    known = KINDS[kind]
    record = open_record(request.actor, person_id, known.tab)
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    form = _form(request, known, record)

    def act() -> HttpResponse:
        item = known.model(**form.values())
        actions.add_item(request.actor, person=record.person, item=item)
        messages.success(request, "L’ajout est enregistré.")
        return redirect(f"persons:{known.tab}", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title=f"Ajouter {known.label}",
        submit=f"Ajouter {known.label}",
        cancel=reverse(f"persons:{known.tab}", args=[person_id]),
    )


@require_http_methods(["GET", "POST"])
def item_edit(request: Request, person_id: UUID, kind: str, item_id: UUID) -> HttpResponse:
    """Change one thing."""
    known = KINDS[kind]
    record = open_record(request.actor, person_id, known.tab)
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    item = find_item(request.actor, person_id, known.model, item_id)
    form = _form(request, known, record, item)

    def act() -> HttpResponse:
        actions.update_item(
            request.actor,
            item=item,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "La modification est enregistrée.")
        return redirect(f"persons:{known.tab}", person_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_item(request.actor, person_id, known.model, item_id),
        record=record,
        title=f"Modifier {known.label}",
        submit="Enregistrer les modifications",
        cancel=reverse(f"persons:{known.tab}", args=[person_id]),
        remove_url=reverse("persons:item_remove", args=[person_id, kind, item_id]),
    )


@require_POST
def item_remove(request: Request, person_id: UUID, kind: str, item_id: UUID) -> HttpResponse:
    """Remove one thing that no longer holds."""
    known = KINDS[kind]
    item = find_item(request.actor, person_id, known.model, item_id)
    try:
        actions.remove_item(request.actor, item=item)
        messages.success(request, "Le retrait est enregistré.")
    except Invalid as error:
        messages.error(request, " ".join(sum(error.errors.values(), [])))
    return redirect(f"persons:{known.tab}", person_id)


def _form(
    request: Request, known: Kind, record: OpenRecord, item: PersonItem | None = None
) -> VersionedForm:
    if known.form is forms.ProtectionForm:
        contacts = surroundings(request.actor, record.person).contacts
        return forms.ProtectionForm(request.POST or None, item=item, contacts=contacts)
    return known.form(request.POST or None, item=item)
