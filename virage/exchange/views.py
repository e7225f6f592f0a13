"""Screens of the exchange room: receiving files, settling identities, exporting a record."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from virage.directory.forms.places import FEW
from virage.directory.queries import establishments_of_situation
from virage.documents.rules import size_label
from virage.exchange.actions.exporting import export_record
from virage.exchange.actions.receiving import check_size, receive_file
from virage.exchange.actions.settling import discard_import, settle_identity
from virage.exchange.forms import ExportForm, ReceiveFileForm, SettleForm
from virage.exchange.queries.exports import count_infected, keeps_real_ins, last_export
from virage.exchange.queries.imports import (
    delivery_of,
    find_import,
    held_import,
    imports_visible_to,
    may_export,
    original_file,
    progress_of_import,
    waiting_before,
)
from virage.exchange.queries.received import find_received_item, received_items
from virage.exchange.queries.reports import (
    grouped,
    identities_proposed,
    identity_received,
    report_lines,
    traits_compared,
)
from virage.exchange.queries.wording import said_otherwise
from virage.formats.narrative import narrative_of
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import answer_form
from virage.foundation.ui.paging import Column, paginate
from virage.foundation.ui.responses import attachment
from virage.foundation.workflow.forms import StepForm
from virage.persons.forms.stays import WhereForm
from virage.persons.queries import open_record

IMPORT_COLUMNS = (
    Column("Fichier", "file", ("file_name",)),
    Column("Reçu le", "received", ("received_at",)),
    Column("Destination"),
    Column("État", "state", ("state",)),
    Column("À savoir"),
)
LINE_COLUMNS = (
    Column("Résultat"),
    Column("Élément"),
    Column("Place dans le fichier, et valeur reçue"),
)
RECEIVED_COLUMNS = (Column("Élément"), Column("Volet"), Column("Reçu le"))


@require_http_methods(["GET", "POST"])
def import_list(request: Request) -> HttpResponse:
    """Show the files received, and receive one more."""
    actor = request.actor
    paging = paginate(imports_visible_to(actor), request.GET, IMPORT_COLUMNS)
    establishments = list(establishments_of_situation(actor))
    chosen = request.GET.get("establishment")
    asked = next((one for one in establishments if str(one.pk) == chosen), None)
    if len(establishments) > FEW and not asked:
        shown = {"question": WhereForm(establishments=establishments), "paging": paging}
        return render(request, "exchange/import_where.html", shown)
    form = ReceiveFileForm(actor, request.POST or None, request.FILES or None, asked=asked)

    def act() -> HttpResponse:
        given = form.cleaned_data
        check_size(given["file"].size)
        received = receive_file(
            actor,
            file_name=given["file"].name,
            content=given["file"].read(),
            establishment=asked or given.get("establishment"),
            unit=given["unit"],
        )
        return redirect("exchange:import_report", received.pk)

    template = "exchange/import_list.html"
    return answer_form(request, form, act, template=template, paging=paging, asked=asked)


@require_GET
def import_report(request: Request, import_id: UUID) -> HttpResponse:
    """Show what became of a file; asks again by itself while the worker treats it."""
    received = find_import(request.actor, import_id)
    page = {
        "received": received,
        "delivery": delivery_of(received),
        "before": waiting_before(request.actor, received),
        "may_export": may_export(request.actor),
        "size": size_label(received.size_bytes),
        "groups": grouped(report_lines(request.actor, received)),
        "columns": LINE_COLUMNS,
        "progress": progress_of_import(request.actor, received),
    }
    template = "exchange/_import_report.html" if request.htmx else "exchange/import_report.html"
    return render(request, template, page)


@require_GET
def import_file(request: Request, import_id: UUID) -> HttpResponse:
    """Give the original file back, exactly as received."""
    received, content = original_file(request.actor, import_id)
    return attachment(request, content, received.file_name, "application/octet-stream")


@require_http_methods(["GET", "POST"])
def settle(request: Request, import_id: UUID) -> HttpResponse:
    """Compare the identity received with ours, and say whose record the file is."""
    received = held_import(request.actor, import_id)
    proposed = identities_proposed(request.actor, received)
    form = SettleForm([(str(one.person_id), one.label) for one in proposed], request.POST or None)

    def act() -> HttpResponse:
        decision = form.cleaned_data["decision"]
        person_id = None if decision == SettleForm.NEW else UUID(decision)
        settle_identity(request.actor, import_id=import_id, person_id=person_id)
        messages.success(request, "Votre décision est enregistrée.")
        return redirect("exchange:import_report", import_id)

    return answer_form(
        request,
        form,
        act,
        template="exchange/settle.html",
        received=received,
        unseen=received.candidates.count() - len(proposed),
        proposed=proposed,
        traits=traits_compared([identity_received(received), *proposed]),
        columns=[
            Column("Trait"),
            Column("Identité reçue"),
            *(Column("Identité connue") for _ in proposed),
        ],
    )


@require_http_methods(["GET", "POST"])
def discard(request: Request, import_id: UUID) -> HttpResponse:
    """Give up a held file, with a reason."""
    received = held_import(request.actor, import_id)
    form = StepForm(
        request.POST or None,
        item=received,
        step=received.table.step("discard"),
        help_text="Par exemple « reçu par erreur, la personne n’est pas accueillie ici ».",
    )

    def act() -> HttpResponse:
        discard_import(request.actor, import_id=import_id, **form.cleaned_data)
        messages.success(request, "Le fichier est écarté. Rien n’a été écrit dans les dossiers.")
        return redirect("exchange:import_report", import_id)

    return answer_form(request, form, act, template="exchange/discard.html", received=received)


@require_http_methods(["GET", "POST"])
def export(request: Request, person_id: UUID) -> HttpResponse:
    """Warn, then give the whole record as a TDDUI file."""
    record = open_record(request.actor, person_id, "export")
    form = ExportForm(request.POST or None)

    def act() -> HttpResponse:
        content = export_record(
            request.actor, person_id=person_id, recipient=form.cleaned_data["recipient"]
        )
        day = request.actor.today
        return attachment(
            request, content, f"tddui-{day:%Y%m%d}-{person_id}.json", "application/fhir+json"
        )

    return answer_form(
        request,
        form,
        act,
        template="exchange/export.html",
        record=record,
        last=last_export(request.actor, record.person),
        keeps_ins=keeps_real_ins(record.person),
        infected=count_infected(request.actor, record.person),
    )


@require_GET
def received_list(request: Request, person_id: UUID) -> HttpResponse:
    """Show what was received for a person and has no place of ours yet."""
    record = open_record(request.actor, person_id, "received")
    paging = paginate(received_items(request.actor, record.person), request.GET, RECEIVED_COLUMNS)
    page = {"record": record, "paging": paging}
    return render(request, "exchange/received_list.html", page)


@require_GET
def received_item(request: Request, person_id: UUID, item_id: UUID) -> HttpResponse:
    """Show one of these: its words if it has some, and exactly what was received."""
    record = open_record(request.actor, person_id, "received")
    item = find_received_item(request.actor, record.person, item_id)
    page = {
        "record": record,
        "item": item,
        "narrative": narrative_of(item.kind, item.content),
        "otherwise": said_otherwise(item),
    }
    return render(request, "exchange/received_item.html", page)
