"""What the site does by itself: what stopped, and how to have it tried again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from virage.directory.actions import retry_task, retry_tasks
from virage.directory.queries import count_waiting, stopped_tasks, tasks_in_progress
from virage.foundation.access.request import Request


@require_GET
def task_list(request: Request) -> HttpResponse:
    """List the tasks that stopped, how far the long ones have come, and say how many wait."""
    shown = {
        "paging": stopped_tasks(request.actor, request.GET),
        "going": tasks_in_progress(request.actor),
        "waiting": count_waiting(request.actor),
    }
    return render(request, "directory/task_list.html", shown)


@require_POST
def task_retry(request: Request, task_id: UUID) -> HttpResponse:
    """Have a task that stopped tried again now."""
    if retry_task(request.actor, task_id=task_id):
        messages.success(request, "La tâche sera reprise dans quelques secondes.")
    else:
        messages.info(request, "Cette tâche a déjà été reprise.")
    return redirect("directory:task_list")


@require_POST
def task_retry_all(request: Request) -> HttpResponse:
    """Have all the tasks that stopped tried again now."""
    if count := retry_tasks(request.actor):
        messages.success(request, f"Tâches qui seront reprises dans quelques secondes : {count}.")
    else:
        messages.info(request, "Aucune tâche n’est arrêtée.")
    return redirect("directory:task_list")
