"""The components as template tags, by kind; `templatetags/ui.py` gathers them."""
