"""A TDDUI CDA document read into a record in transit, one module per noun."""

from virage.formats.tddui.from_cda.document import read_document

__all__ = ["read_document"]
