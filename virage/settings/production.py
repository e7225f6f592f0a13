"""Production: behind a TLS proxy, with secure cookies and strict transport.

Without an https address in `VIRAGE_ORIGINS` there is no such proxy: the site speaks plain HTTP, as
on the machine where it is tried, and believes no header that a proxy would have set.
"""

from virage.settings.base import *  # noqa: F403
from virage.settings.base import ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS

IS_DEMO = False
# A supervisor asks on the machine itself, whatever the public names are.
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
HAS_TLS = any(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
SESSION_COOKIE_SECURE = HAS_TLS
CSRF_COOKIE_SECURE = HAS_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HAS_TLS else None
SECURE_SSL_REDIRECT = HAS_TLS
# A supervisor asks on the machine itself, before the proxy.
SECURE_REDIRECT_EXEMPT = [r"^vivant/$", r"^pret/$", r"^metriques/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HAS_TLS else 0
# Sign-in attempts are counted by the address of the visitor, which the one proxy before us gives.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HAS_TLS else 0
