"""Production: behind a TLS proxy, with secure cookies and strict transport."""

from virage.settings.base import *  # noqa: F403

IS_DEMO = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
# Sign-in attempts are counted by the address of the visitor, which the one proxy before us gives.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
