"""The record's first page, creation, and changes of identity."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.foundation.errors import Conflict, Invalid
from virage.foundation.ui.forms import VersionedForm
from virage.foundation.ui.paging import Column
from virage.persons.actions import create_person, set_ins, unlock_traits, update_person
from virage.persons.enums import PRODUCTION_OIDS
from virage.persons.forms.creation import CreationForm
from virage.persons.forms.identity import InsForm, PersonForm, UnlockForm
from virage.persons.models import Person, Stay
from virage.persons.queries import find_person, open_record
from virage.persons.queries.details import identity_details
from virage.persons.queries.doubles import LookAlike, bearers, look_alikes
from virage.persons.queries.records import opening_of
from virage.persons.rules.identity import are_traits_locked
from virage.persons.views import Where, answer_person_form

COLUMNS = (
    Column("Nom"),
    Column("Naissance"),
    Column("Chambre"),
    Column("Unité"),
    Column("Ressemblance"),
)
REAL_INS = (
    "INS réelle dans un environnement d’essai : elle reste « non vérifiée » et n’est jamais "
    "envoyée. Préférez des données fictives."
)


@require_GET
def identity(request: Request, person_id: UUID) -> HttpResponse:
    """Show who the person is: traits, INS, other numbers, where to write and call.

    Whom a bris de glace opens has an emergency sheet, and no more.
    """
    if opening_of(request.actor, person_id):
        return redirect("persons:emergency", person_id)
    record = open_record(request.actor, person_id, "identity")
    details = identity_details(request.actor, record.person)
    is_locked = are_traits_locked(record.person.ins_status)
    shown = {"record": record, "details": details, "is_locked": is_locked}
    return render(request, "persons/identity.html", shown)


@require_http_methods(["GET", "POST"])
def person_create(request: Request) -> HttpResponse:
    """Create a person with her stay, after a look at who she might already be."""
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    where = Where.of(request)
    if where.question:
        shown = {"question": where.question, "cancel": reverse("persons:list"), "alike": ()}
        return render(request, "persons/create_where.html", shown)
    form = CreationForm(
        request.POST or None, places=where.places, establishments=where.establishments
    )
    alike: list[LookAlike] = []

    def act() -> HttpResponse:
        traits, (ins_value, ins_oid) = form.traits(), form.ins()
        alike.extend(look_alikes(request.actor, traits, ins_value))
        shown_ids = [one.row.person_id for one in alike]
        try:
            person = create_person(
                request.actor,
                traits=traits,
                stay=form.stay(),
                ins_value=ins_value,
                ins_oid=ins_oid,
                other_person_ids=form.other_person_ids(),
            )
        except (Conflict, Invalid) as refused:
            if set(shown_ids) - set(form.other_person_ids()):
                form.ask_about(shown_ids)
            raise refused if isinstance(refused, Invalid) else Invalid({}) from refused
        _warn_of_real_ins(request, person)
        messages.success(request, f"Le dossier de {person.display_name} est créé.")
        return redirect("persons:identity", person.pk)

    return answer_person_form(
        request, form, act, template="persons/create.html", alike=alike, columns=COLUMNS
    )


@require_http_methods(["GET", "POST"])
def person_edit(request: Request, person_id: UUID) -> HttpResponse:
    """Correct the traits and the used names."""
    return _change(
        request,
        person_id,
        PersonForm,
        update_person,
        done="L’identité est enregistrée.",
        template="persons/person_edit.html",
        title="Modifier l’identité",
        submit="Enregistrer l’identité",
    )


@require_http_methods(["GET", "POST"])
def ins_edit(request: Request, person_id: UUID) -> HttpResponse:
    """Type the INS, or clear it; who else bears it is shown."""
    alike: list[LookAlike] = []

    def act(actor: Actor, *, person: Person, value: str, oid: str, expected_version: int) -> Person:
        alike.extend(bearers(actor, value, oid, person.pk))
        after = set_ins(
            actor, person=person, value=value, oid=oid, expected_version=expected_version
        )
        _warn_of_real_ins(request, after)
        return after

    return _change(
        request,
        person_id,
        InsForm,
        act,
        done="L’INS est enregistrée ; elle reste à vérifier.",
        title="Saisir l’INS",
        note="Une INS saisie à la main reste « non vérifiée » tant que le téléservice national "
        "ne l’a pas confirmée.",
        submit="Enregistrer l’INS",
        alike=alike,
        columns=COLUMNS,
    )


@require_http_methods(["GET", "POST"])
def traits_unlock(request: Request, person_id: UUID) -> HttpResponse:
    """Open the traits of a verified identity again; what that costs is said before."""
    return _change(
        request,
        person_id,
        UnlockForm,
        unlock_traits,
        done="L’identité est déverrouillée et redevient provisoire.",
        level=messages.WARNING,
        then="persons:person_edit",
        title="Déverrouiller l’identité",
        note="L’identité redeviendra provisoire jusqu’à une nouvelle vérification nationale.",
        submit="Déverrouiller l’identité",
    )


def _warn_of_real_ins(request: Request, person: Person) -> None:
    """Say of an INS typed in a demonstration what is said of one that a file brings there."""
    if settings.IS_DEMO and person.ins_oid in PRODUCTION_OIDS:
        messages.warning(request, REAL_INS)


def _exit_to_note(stay: Stay) -> str:
    """Say what a death leaves to do, with the way to it."""
    url = reverse("persons:stay_close", args=[stay.person_id, stay.pk])
    words = "Le décès ne ferme pas le séjour : <a href='{}'>notez la sortie</a>."
    return format_html(words, url)


def _change(
    request: Request,
    person_id: UUID,
    form_type: type[VersionedForm],
    action: Callable[..., Person],
    *,
    done: str,
    level: int = messages.SUCCESS,
    then: str = "persons:identity",
    **shown: Any,
) -> HttpResponse:
    """Show a form about who the person is; its values are what the action receives."""
    record = open_record(request.actor, person_id, "identity")
    person = record.person
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    form = form_type(request.POST or None, item=person)

    def act() -> HttpResponse:
        version = form.cleaned_data["version"]
        after = action(request.actor, person=person, expected_version=version, **form.values())
        messages.add_message(request, level, done)
        if after.died_at and not person.died_at and record.stay and record.stay.lacks_exit:
            messages.warning(request, _exit_to_note(record.stay))
        return redirect(then, person_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_person(request.actor, person_id),
        record=record,
        cancel=reverse("persons:identity", args=[person_id]),
        **shown,
    )
