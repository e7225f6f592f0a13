"""A plan made on its screens, and what they say."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from virage.persons.models import Person
from virage.plans.models import Plan, PlannedAction


def begun(client: Client, person: Person) -> Plan:
    """Begin a plan of care."""
    typed = {"title": "Retrouver le jardin", "volet": "care", "starts_on": "2026-01-05"}
    answer = client.post(reverse("record:plan_create", args=[person.pk]), typed)
    assert answer.status_code == 302
    return Plan.objects.get()


def url(name: str, plan: Plan, *more: Any) -> str:
    return reverse(f"record:{name}", args=[plan.subject.person.pk, plan.pk, *more])


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def words_of(page: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", text_of(page)).split())


def with_action(client: Client, plan: Plan, **typed: Any) -> PlannedAction:
    """Add an action, with an objective if there is none yet."""
    if not plan.objectives.exists():
        added = client.post(url("objective_add", plan), {"title": "Marcher dehors", "version": 1})
        assert added.status_code == 302
    objective = plan.objectives.get()
    typed = {"title": "Marcher", "priority": 3, "effort": "medium", "version": 1} | typed
    answer = client.post(url("plan_action_add", plan, objective.pk), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return objective.actions.latest("position")
