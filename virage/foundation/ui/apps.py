from django.apps import AppConfig


class UiConfig(AppConfig):
    """Shell, components and answers to errors: everything that any screen shares."""

    name = "virage.foundation.ui"
    label = "ui"
    verbose_name = "Interface"
