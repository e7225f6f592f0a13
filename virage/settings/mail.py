"""Reading the one mail address: the relay by which Virage writes to its own accounts."""

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for `smtp://`, `smtp+starttls://` or `smtps://user:password@host`.

    Without an address no mail leaves: a link to choose a password must not end in a log.
    ValueError for another scheme.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(f"Adresse de messagerie inconnue : {parts.scheme!r} (smtp ou smtps).")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_TIMEOUT": 20,
    }
