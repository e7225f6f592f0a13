"""Screens of the directory, by noun."""
