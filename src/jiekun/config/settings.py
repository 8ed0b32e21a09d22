"""Django settings. Everything that differs between places comes from the environment."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

PACKAGE = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("JIEKUN_STATE", ".jiekun")).resolve()


def _flag(name: str, default: bool = False) -> bool:
    """An environment switch: 1, true, yes and on mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The signing key: from the environment, else one made once and kept beside the data."""
    if key := os.environ.get("JIEKUN_SECRET_KEY"):
        return key
    path = STATE / "secret_key"
    if not path.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        # A hard link fails if another process was first: all end up with the same key.
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _database(url: str) -> dict[str, Any]:
    """Django's connection settings for a libpq URL."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    named = {
        "NAME": given.pop("dbname", ""),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": given,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _rooms(*names: str) -> list[str]:
    """Those of the rooms that are built."""
    return [f"jiekun.{name}" for name in names if (PACKAGE / name.replace(".", "/")).is_dir()]


SECRET_KEY = _secret_key()
DEBUG = _flag("JIEKUN_DEBUG")
ALLOWED_HOSTS = os.environ.get("JIEKUN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("JIEKUN_ORIGINS", "").split(",") if o]

# True where every person is synthetic: pages carry the demo ribbon.
DEMO = _flag("JIEKUN_DEMO")
# The day pages work on: the demo's people live on one fixed day, everybody else on today's.
TODAY = date(2024, 11, 1) if DEMO else None

# Keys that seal people's numbers and papers, and where sealed papers lie. Back both up, apart.
KEY_FILE = Path(os.environ.get("JIEKUN_KEYS", STATE / "keys.json"))
PAPERS = Path(os.environ.get("JIEKUN_PAPERS", STATE / "papers"))

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///jiekun"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *_rooms(
        "journal",
        "offices",
        "registry",
        "exchange",
        "screening",
        "demo",
        "sites",
        "sites.desk",
    ),
]

# Jobs are looked for here and nowhere else.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = [
    f"jiekun.{room}.jobs" for room in ("journal", "exchange", "screening")
]
# A night run missed because the machine was off is made up for in the morning; a demo that is
# opened in the morning missed none.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 600 if DEMO else 6 * 3600}
# The places screened each night, and the drafts taken as in force in each of the runs.
SCREENED_AT_NIGHT = {"420106": ((), ("W24",))}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jiekun.sites.desk.sessions.session_rules",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiekun.sites.desk.failures.only_sent",
]

ROOT_URLCONF = "jiekun.config.urls"
WSGI_APPLICATION = "jiekun.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((PACKAGE / "sites").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiekun.config.context.place",
            ],
        },
    }
]

AUTH_USER_MODEL = "offices.Officer"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Served straight from the package: a demo needs no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Behind TLS in production; the demo speaks plain HTTP on this machine only.
_TLS = _flag("JIEKUN_TLS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A session ends when nobody touched it this long, and in any case after a working day.
SESSION_IDLE_SECONDS = int(os.environ.get("JIEKUN_IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_AGE = 12 * 3600
# Roles that sign in with a code beside the password; the demo asks nobody.
_ROLES = "street_officer street_leader district_officer district_leader department_officer finance"
_ROLES += " auditor system_admin security_admin audit_admin"
SECOND_FACTOR_ROLES = os.environ.get("JIEKUN_SECOND_FACTOR_ROLES", _ROLES).split()
# A form of a session that is over is not lost: what was typed is offered again.
CSRF_FAILURE_VIEW = "jiekun.sites.desk.failures.unsent"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A mistyped address is not the system's fault; what fails inside it still shows.
    "loggers": {"django.request": {"level": "ERROR"}, "gunicorn.http": {"level": "ERROR"}},
}
