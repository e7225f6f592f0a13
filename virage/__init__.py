"""Virage: the open platform for the digital turn of social and medico-social establishments."""

__version__ = "0.1.0"
