"""The demonstration: one machine, invented people, plain HTTP on the loopback address."""

import os

# Its own folder: invented people never mix with real ones.
os.environ.setdefault("VIRAGE_HOME", "var/demo")

from virage.settings.base import *  # noqa: E402, F403

IS_DEMO = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
