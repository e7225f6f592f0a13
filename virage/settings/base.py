"""Settings shared by every way of running Virage.

Everything that changes from one site to the next comes from the environment (`environment.py`).
`VIRAGE_HOME` holds the database, the files and the keys.
"""

import secrets
from pathlib import Path

from virage.foundation.durable import make_once
from virage.settings.database import database_from_url
from virage.settings.environment import address, unreadable, variable, whole_number
from virage.settings.mail import mail_from_url

PACKAGE = Path(__file__).resolve().parent.parent
VIRAGE_HOME = Path(variable("VIRAGE_HOME")).resolve()
VIRAGE_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
FILES = VIRAGE_HOME / "files"


def _secret_key() -> str:
    """Return the site's secret, made at first use and readable by its owner alone."""
    path = VIRAGE_HOME / "keys" / "secret_key"
    if not path.exists():
        make_once(path, secrets.token_urlsafe(50).encode())
    return path.read_text()


SECRET_KEY = variable("VIRAGE_SECRET_KEY") or _secret_key()
# What wraps the keys of the data: a file made at first use, unless the environment gives it.
MASTER_KEY = variable("VIRAGE_MASTER_KEY")
MASTER_KEY_FILE = VIRAGE_HOME / "keys" / "master_key"
# What seals the journal stays out of the database that it proves.
JOURNAL_KEY = VIRAGE_HOME / "keys" / "journal_key"
JOURNAL_HEADS = Path(variable("VIRAGE_JOURNAL_HEADS") or VIRAGE_HOME / "journal.heads")
JOURNAL_MAIL = variable("VIRAGE_JOURNAL_MAIL")
# The public keys that backups are encrypted for; what opens them is kept elsewhere.
BACKUP_KEYS = [key for key in variable("VIRAGE_BACKUP_KEY").split(",") if key]
BACKUP_FOLDER = Path(variable("VIRAGE_BACKUP_FOLDER") or VIRAGE_HOME / "backups")
BACKUP_KEEP = whole_number("VIRAGE_BACKUP_KEEP")
DEBUG = False
ALLOWED_HOSTS = variable("VIRAGE_HOSTS").split(",")
INSECURE_HTTP = variable("VIRAGE_INSECURE_HTTP") == "1"
CSRF_TRUSTED_ORIGINS = [o for o in variable("VIRAGE_ORIGINS").split(",") if o]

INSTALLED_APPS = [
    "virage.foundation.content",
    "virage.foundation.encryption",
    "virage.foundation.access",
    "virage.foundation.journal",
    "virage.foundation.workflow",
    "virage.foundation.outbox",
    "virage.foundation.drafts",
    "virage.foundation.sessions",
    "virage.foundation.guide",
    "virage.foundation.ui",
    "virage.directory",
    "virage.instruments",
    "virage.plans",
    "virage.agenda",
    "virage.documents",
    "virage.persons",
    "virage.record",
    "virage.exchange",
    "virage.editions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "virage.foundation.observing.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "virage.foundation.ui.middleware.browser_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "virage.foundation.ui.middleware.SignedIn",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "virage.foundation.ui.middleware.DomainErrors",
    "virage.directory.middleware.SessionLock",
    "virage.directory.middleware.Situation",
    "virage.foundation.journal.middleware.JournalReads",
]

ROOT_URLCONF = "virage.urls"
WSGI_APPLICATION = "virage.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "virage.foundation.ui.context.shell",
            ],
            "builtins": ["virage.foundation.ui.templatetags.ui"],
        },
    }
]

DATABASES = {
    "default": address(
        "VIRAGE_DATABASE_URL",
        lambda url: database_from_url(url or f"sqlite:///{VIRAGE_HOME / 'virage.sqlite3'}"),
        "une adresse sqlite:///… ou postgresql://… (docs/reference/settings.md)",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Holds the counts of sign-in attempts. Beyond the most, Django forgets those whose keys come first:
# each attempt writes three, so a crowd of visitors would have to make 60,000 in a day to hide one.
CACHES = {
    "default": {
        "BACKEND": "virage.foundation.counts.Counts",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "virage.directory.adapter.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
# The middleware sends those without a situation to choose one.
LOGIN_REDIRECT_URL = "directory:home"
LOGOUT_REDIRECT_URL = "account_login"
# Where a locked session is opened again.
LOCK_URL = "directory:lock"
# Where the top bar leads whoever changes situation.
SITUATION_URL = "directory:situation"
ACCOUNT_ADAPTER = "virage.directory.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "virage.directory.forms.sign_in.SignInForm",
    "reset_password_from_key": "virage.directory.forms.sign_in.NewPasswordForm",
    "change_password": "virage.directory.forms.sign_in.PasswordChangeForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# allauth's own generator writes on a GET.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "virage.directory.queries.actors.LinkTokens"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords and codes: for an address longer and longer, never for ever; by place too, save
# from a browser known for the address. `confirm` and `change_password` bound those of a password
# asked again; the tries that open a lock are counted in the row of the session.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key,10/h/key,20/d/key",
    "login_failed_known": "5/5m/key,10/h/key,20/d/key",
    "confirm": "5/5m/user,20/d/user",
    "change_password": "5/5m/user,20/d/user",
}

MFA_ADAPTER = "virage.directory.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "virage.directory.forms.sign_in.CodeForm",
    "authenticate_webauthn": "virage.directory.forms.sign_in.PasskeyCheckForm",
}
MFA_TOTP_ISSUER = "Virage"
# The clock of a telephone may be half a minute wrong; a code still serves once.
MFA_TOTP_TOLERANCE = 1
# Who must have a second factor: `health`, whoever reads a health volet; `all`, everybody.
SECOND_FACTOR = variable("VIRAGE_SECOND_FACTOR")
if SECOND_FACTOR not in ("health", "all"):
    unreadable("VIRAGE_SECOND_FACTOR", "health ou all")
# A session that nobody uses is locked after so many minutes.
LOCK_MINUTES = whole_number("VIRAGE_LOCK_MINUTES")

SESSION_ENGINE = "virage.foundation.sessions.store"
# A session ends with the browser, and ten hours after its opening: wards share their computers.
SESSION_COOKIE_AGE = 10 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "virage.foundation.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VIRAGE_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# One line a record on the standard error; a refusal is found there by the reference it showed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"of_request": {"()": "virage.foundation.logs.OfRequest"}},
    "formatters": {
        "line": {
            "()": "virage.foundation.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s",
        },
        "json": {"()": "virage.foundation.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if variable("VIRAGE_LOG") == "json" else "line",
            "filters": ["of_request"],
        }
    },
    "loggers": {
        "virage": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "ERROR"},
        # What these say, in the same form: a server that does not answer, a mail refused.
        "psycopg": {"handlers": ["stderr"], "level": "WARNING"},
        "allauth": {"handlers": ["stderr"], "level": "WARNING"},
    },
}
METRICS_TOKEN = variable("VIRAGE_METRICS_TOKEN")

# The antivirus that looks at what is added; without one, documents say that none did.
CLAMAV = variable("VIRAGE_CLAMAV")
# Limits of what an import accepts (bytes, levels, entries).
IMPORT_MAX_FILE_BYTES = whole_number("VIRAGE_IMPORT_MAX_FILE_BYTES")
IMPORT_MAX_ATTACHMENT_BYTES = whole_number("VIRAGE_IMPORT_MAX_ATTACHMENT_BYTES")
IMPORT_MAX_DEPTH = whole_number("VIRAGE_IMPORT_MAX_DEPTH")
IMPORT_MAX_ENTRIES = whole_number("VIRAGE_IMPORT_MAX_ENTRIES")
# For how many days an unfinished text waits for its author.
DRAFT_DAYS = whole_number("VIRAGE_DRAFT_DAYS")
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 10**6
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 10**6
DEFAULT_FROM_EMAIL = variable("VIRAGE_MAIL_FROM")
MAIL_URL = variable("VIRAGE_MAIL_URL")
# Django reads the settings of mail one by one.
globals().update(
    address(
        "VIRAGE_MAIL_URL",
        mail_from_url,
        "une adresse smtp://…, smtp+starttls://… ou smtps://… (docs/reference/settings.md)",
    )
)
