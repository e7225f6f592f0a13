"""The web entry point: a WSGI application, served by granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from virage.foundation import safety
from virage.foundation.backup.locks import hold_in_service
from virage.foundation.content import loader
from virage.foundation.tables import found_in_step
from virage.foundation.ui.sent import Utf8Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "virage.settings.production")
application = get_wsgi_application()
application.request_class = Utf8Request
safety.require_safe()
loader.require_all()
# Whatever server this is, nothing replaces the site meanwhile, nor is one half replaced served.
hold_in_service()
found_in_step()
# What is loaded by now stays: no full collection goes through it while someone waits for a page.
gc.collect()
gc.freeze()
