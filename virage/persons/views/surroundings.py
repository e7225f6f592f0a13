"""What surrounds a person: one way to add, change and remove contacts, measures, covers…"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
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
    """A kind of thing around the person: its model and form, its noun and how that agrees, its
    tab.
    """

    model: type[PersonItem]
    form: type[VersionedForm]
    noun: str
    ending: str
    tab: str

    @property
    def label(self) -> str:
        return f"un{self.ending} {self.noun}"

    def told(self, participle: str, item: PersonItem) -> str:
        """Say what was done to what: a contact by name, the rest by its nature alone, for a cookie
        carries the message.
        """
        name = f"\u00a0: {item}" if isinstance(item, Contact) else ""
        return f"{self.noun.capitalize()} {participle}{self.ending}{name}."


# By the word of the address.
KINDS = {
    "contacts": Kind(Contact, forms.ContactForm, "contact", "", "surroundings"),
    "mesures": Kind(
        LegalProtection, forms.ProtectionForm, "mesure de protection", "e", "surroundings"
    ),
    "couvertures": Kind(Coverage, forms.CoverageForm, "couverture sociale", "e", "surroundings"),
    "numeros": Kind(PersonIdentifier, forms.IdentifierForm, "numéro", "", "identity"),
    "adresses": Kind(PersonAddress, forms.AddressForm, "adresse", "e", "identity"),
    "coordonnees": Kind(PersonTelecom, forms.TelecomForm, "téléphone ou courriel", "", "identity"),
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
        messages.success(request, known.told("ajouté", item))
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
        changed = actions.update_item(
            request.actor,
            item=item,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, known.told("modifié", changed))
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


@require_http_methods(["GET", "POST"])
def item_remove(request: Request, person_id: UUID, kind: str, item_id: UUID) -> HttpResponse:
    """Remove one thing that no longer holds, once it was said which and what that does."""
    known = KINDS[kind]
    record = open_record(request.actor, person_id, known.tab)
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    item = find_item(request.actor, person_id, known.model, item_id)
    form = Form(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse:
        actions.remove_item(request.actor, item=item)
        messages.success(request, known.told("retiré", item))
        return redirect(f"persons:{known.tab}", person_id)

    return answer_person_form(
        request,
        form,
        act,
        template="persons/item_remove.html",
        record=record,
        title=f"Retirer {known.label} de ce dossier",
        named=_named(item),
        contact=item if isinstance(item, Contact) else None,
        cancel=reverse("persons:item_edit", args=[person_id, kind, item_id]),
    )


def _named(item: PersonItem) -> str:
    """Return what tells one thing from the others of its kind."""
    parts: tuple[object, ...] = (item,)
    match item:
        case LegalProtection():
            parts = (item, item.holder)
        case Coverage():
            parts = (item, item.payer_name or item.insured_number)
        case PersonIdentifier():
            parts = (item, item.value)
        case PersonAddress():
            parts = (item.one_line,)
        case PersonTelecom():
            parts = (item.shown,)
    return ", ".join(str(part) for part in parts if part)


def _form(
    request: Request, known: Kind, record: OpenRecord, item: PersonItem | None = None
) -> VersionedForm:
    if known.form is forms.ProtectionForm:
        contacts = surroundings(request.actor, record.person).contacts
        return forms.ProtectionForm(request.POST or None, item=item, contacts=contacts)
    return known.form(request.POST or None, item=item)
