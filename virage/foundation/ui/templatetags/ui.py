"""Every component tag in one library, built into all templates: none needs to load it."""

from django.template import Library

from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.foundation.ui import dates
from virage.foundation.ui.numbers import grouped
from virage.foundation.ui.tags import controls, form_tags, frames, graphs, marks, tables

register = Library()
for part in (controls, form_tags, frames, graphs, marks, tables):
    register.tags.update(part.register.tags)
for shown in (dates.day, dates.numeric_day, dates.moment, dates.clock, grouped):
    register.filter(shown.__name__, shown)


@register.filter
def words(value: Coded, name: str = "") -> str:
    """Show what a code says, in its own words or in those of the list of this name, if any."""
    return nomenclature.words_of(value, *filter(None, [name]))
