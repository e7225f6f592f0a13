"""Reads of the persons room, each limited to what the actor may see."""

from virage.persons.queries.people import find_person, persons_visible_to, stays_visible_to
from virage.persons.queries.records import OpenRecord, open_record

__all__ = ["OpenRecord", "find_person", "open_record", "persons_visible_to", "stays_visible_to"]
