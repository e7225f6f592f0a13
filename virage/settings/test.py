"""The test suite: a fast password hasher, in-memory mail, files in the test's own folder."""

import os
import tempfile

os.environ.setdefault("VIRAGE_HOME", tempfile.mkdtemp(prefix="virage-test-"))

from virage.settings.base import *  # noqa: E402, F403

IS_DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The tests of the lock set their own minutes; others may run long.
LOCK_MINUTES = 600
