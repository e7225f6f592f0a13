"""Rules of the persons room: names, identity, stays, surroundings, photo."""

from virage.persons.rules.identity import PersonTraits, age_label, age_on
from virage.persons.rules.names import search_form, search_text, strict_form

__all__ = ["PersonTraits", "age_label", "age_on", "search_form", "search_text", "strict_form"]
