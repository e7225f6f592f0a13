"""The demo, built once for all the tests of this folder: it takes a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from virage.demo.builder import build_demo
from virage.directory.models import Operator

TODAY = date(2026, 3, 11)
# What differs from one build to the next: identifiers, what the machine's clock gives, and what
# the operator's key makes.
VARYING = {
    *("at", "created_at", "date_joined", "received_at", "recorded_at", "ended_at", "password"),
    # The worker takes the steps of an import at its own hour.
    "Transition.happened_at",
    *("wrapped", "master", "digest", "photo_digest", "ins_hash", "number_hash", "local_hash"),
    "document_address",
    # Those are identifiers too.
    "former_ends",
}
OPAQUE = (models.UUIDField, models.ForeignKey, models.AutoField)
# The queue holds nothing but identifiers.
WITHOUT_CONTENT = {"Message", "DataKey"}

Records = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Demo:
    """The two operators of the demo, and the day it was built for."""

    today: date
    operator: Operator
    neighbour: Operator


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_demo(today=TODAY)
        yield Demo(
            today=TODAY,
            operator=Operator.objects.get(siren="999000425"),
            neighbour=Operator.objects.get(siren="999000771"),
        )
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def another_build(django_db_setup: None, django_db_blocker: Any) -> Records:
    """What another build of the same day holds; to be asked for before `demo`."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_demo(today=TODAY)
        found = records()
        transaction.set_rollback(True)
    return found


def records() -> Records:
    """Return every row of the house without what is opaque, in an order of its own."""
    return {
        model.__name__: sorted(_rows(model), key=repr)
        for model in apps.get_models()
        if model.__module__.startswith("virage.") and model.__name__ not in WITHOUT_CONTENT
    }


def _rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, OPAQUE)
        and not {field.name, f"{model.__name__}.{field.name}"} & VARYING
    ]
    rows = model._default_manager.values_list(*names) if names else ()
    return [tuple(map(_without_identifiers, row)) for row in rows]


def _without_identifiers(value: Any) -> Any:
    """Return a value of the detail of a gesture without whom it names."""
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if not key.endswith("_id")}
    return value
