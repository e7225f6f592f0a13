from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "virage.foundation.sessions"
    label = "open_sessions"
    verbose_name = "Sessions"
