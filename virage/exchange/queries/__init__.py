"""Reads of the exchange room: imports and their reports, whose record a file is, a whole record."""
