"""Choosing among the establishments and units of a large operator: by group, not in a heap."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from virage.directory.models import Establishment, Membership, Unit
from virage.foundation.ui.widgets import LongSelect

# As many names are read at a glance.
FEW = 12
Choice = tuple[Any, str]


class EstablishmentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """A choice of establishment, by commune once there are many."""

    widget = LongSelect

    class iterator(ModelChoiceIterator):  # type: ignore[type-arg]  # noqa: N801  # Django's name
        def __iter__(self) -> Iterator[Any]:
            if self.field.empty_label is not None:
                yield ("", self.field.empty_label)
            yield from by_town(list(self.queryset), self.choice)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """A choice of unit, by establishment; the units come with theirs, in its order."""

    widget = LongSelect

    class iterator(ModelChoiceIterator):  # type: ignore[type-arg]  # noqa: N801  # Django's name
        def __iter__(self) -> Iterator[Any]:
            if self.field.empty_label is not None:
                yield ("", self.field.empty_label)
            yield from by_establishment(self.queryset, self.choice)


def by_town(
    establishments: Sequence[Establishment], choice: Any = lambda one: (str(one.pk), one.name)
) -> list[Any]:
    """Return choices of establishments, few as they come, many under their commune.

    Those without a commune stand under their category.
    """
    if len(establishments) <= FEW:
        return [choice(one) for one in establishments]
    ordered = sorted(establishments, key=lambda one: (_group(one), one.name))
    return [(name, [choice(one) for one in ones]) for name, ones in groupby(ordered, _group)]


def by_place(situations: Sequence[Membership]) -> list[Any]:
    """Return choices of situations, with their structures, in the order of names, by commune."""
    ordered = sorted(situations, key=lambda one: (_where(one), one.structure.name))
    return [
        (name, [(str(one.pk), f"{one.structure.name}, {one.profession_label}") for one in ones])
        for name, ones in groupby(ordered, _where)
    ]


def by_establishment(units: Iterable[Unit], choice: Any) -> list[Any]:
    """Return choices of units under their establishment, or alone when there is but one."""
    groups = [
        (name, [choice(one) for one in ones])
        for name, ones in groupby(units, lambda one: one.establishment.name)
    ]
    return groups if len(groups) != 1 else groups[0][1]


def _where(one: Membership) -> str:
    return _group(one.establishment) if one.establishment else ""


def _group(one: Establishment) -> str:
    return one.town or one.get_kind_display()
