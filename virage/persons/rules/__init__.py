"""Rules of the persons room: names, identity, stays, surroundings, photo."""

from virage.persons.rules.identity import PersonTraits

__all__ = ["PersonTraits"]
