"""Django's settings, all of them read from the environment.

What the worker calls of the apps stands in `portal.settings_steps`, what staff may do in `portal.settings_support`.
Source: docs/decisions/0011-two-commands.md; the table of settings is in docs/settings.md.
"""

import os
import sys
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

from core.sealer.files import demo_chain, demo_key
from core.sealer.places import SOCKET_NAME
from core.sms.configuration import parse_sms_url
from core.staticfiles import PACKAGE_FILES as PACKAGE_FILES
from portal.env import Env, SettingRefused, host_of, make_folder
from portal.env_production import check_production
from portal.env_services import cache_from_url, check_sqlite_place, database_from_url, email_from_url
from portal.headers import HSTS_SECONDS
from portal.logs import logging_of
from portal.settings_rules import check_choices, check_seal, check_time_stamps, regions_of, socket_of
from portal.settings_steps import COUNTRY_STOP_STEPS as COUNTRY_STOP_STEPS
from portal.settings_steps import INVARIANT_CHECKS as INVARIANT_CHECKS
from portal.settings_steps import RETENTION_STEPS as RETENTION_STEPS
from portal.settings_steps import WORKER_STEPS as WORKER_STEPS
from portal.settings_support import SUPPORT_PERMISSIONS as SUPPORT_PERMISSIONS

BASE_DIR = Path(__file__).resolve().parent.parent


def _values(env: Env) -> dict[str, str]:
    """Return the settings in force as text, with the demo's values where none is given."""
    is_demo = env.choice("PORTAL_ENV", ("demo", "production"), "demo") == "demo"
    data_dir = env.folder("PORTAL_DATA_DIR", BASE_DIR / "var")
    port = env.integer("PORT", 8000, 1, 65535)
    demo = {
        "PORTAL_KEY_DIR": str(data_dir / "keys"),
        "PUBLIC_URL": f"http://localhost:{port}",
        "EMAIL_URL": "outbox:",
        "SMS_URL": "outbox:",
        "PORTAL_NAME": "Secure Exchange Portal",
        "MAIL_FROM": "Secure Exchange Portal <portal@demo.example>",
        "SUPPORT_EMAIL": "support@demo.example",
    }
    fallback = {
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{quote(str(data_dir / 'portal.sqlite3'))}",
        "DEFAULT_LANGUAGE": "en",
        "DEFAULT_TIME_ZONE": "America/Toronto",
        "DEFAULT_CULTURE": "en-CA",
        "SMS_COUNTRIES": "CA,US,FR,GB,CH,BE",
        "ADMIN_PATH": "admin/",
        "LOG_LEVEL": "INFO",
        "CACHE_URL": "",
        "STORAGE_URL": "file:",
        "TRUSTED_PROXIES": "",
        "MICROSOFT_ISSUER": "",
        "SEAL_CERTIFICATE": "",
        "SEAL_KEY": "",
        "SEAL_SOCKET": "",
        "SEAL_WORKER": "",
        "TSA_URL": "",
        "TSA_CERTIFICATES": "",
    } | (demo if is_demo else {})
    names = fallback.keys() | demo.keys()
    chosen = {name: env.text(name, fallback.get(name, "")) for name in names}
    return chosen | {
        "PORTAL_ENV": "demo" if is_demo else "production",
        "PORTAL_DATA_DIR": str(data_dir),
        "PORT": str(port),
        "WEB_WORKERS": str(env.integer("WEB_WORKERS", os.cpu_count() or 1, 1, 64)),
        "ORGANIZATION_STORED_GB": str(env.integer("ORGANIZATION_STORED_GB", 200, 1, 1_000_000)),
        "SUPPORT_RECORD_MINUTES": str(env.integer("SUPPORT_RECORD_MINUTES", 30, 5, 120)),
    }


# What is written from here on, database and journal among it, is for the portal's own user alone.
os.umask(0o077)

try:
    _env = Env.read(BASE_DIR)
    _given = _values(_env)
    if _refusals := check_production(_given):
        raise ImproperlyConfigured(" ".join(_refusals))
    check_choices(_given)
    KEY_DIR = _env.folder("PORTAL_KEY_DIR", _given["PORTAL_KEY_DIR"])
    WEB_THREADS = 16
    DATABASES = {"default": database_from_url(_given["DATABASE_URL"], base=BASE_DIR, pool_size=WEB_THREADS)}
    CACHES = {"default": cache_from_url(_given["CACHE_URL"])}
    EMAIL = email_from_url(_given["EMAIL_URL"])
    PUBLIC_URL = _env.url("PUBLIC_URL", _given["PUBLIC_URL"])
    TRUSTED_PROXIES = _env.networks("TRUSTED_PROXIES")
    check_seal(_given["SEAL_CERTIFICATE"], _given["SEAL_KEY"], base=BASE_DIR)
    TSA_URL = _env.url("TSA_URL")
    TSA_HOLDS = _env.choice("TSA_DOWN", ("seal", "hold"), "seal") == "hold"
    check_time_stamps(_given["TSA_URL"], _given["TSA_CERTIFICATES"], base=BASE_DIR)
    SEAL_SOCKET = socket_of(_env.path("SEAL_SOCKET", KEY_DIR / SOCKET_NAME), _given)
    # The sealer's user may not look into the folder of the data, and must not be the one who owns it.
    if sys.argv[1:2] != ["run_sealer"]:
        make_folder("PORTAL_DATA_DIR", Path(_given["PORTAL_DATA_DIR"]))
        check_sqlite_place(DATABASES["default"])
except SettingRefused as refusal:
    raise ImproperlyConfigured(str(refusal)) from None

IS_DEMO = _given["PORTAL_ENV"] == "demo"
DATA_DIR = Path(_given["PORTAL_DATA_DIR"])
HOST, PORT = _given["HOST"], int(_given["PORT"])
PORTAL_NAME = _given["PORTAL_NAME"]
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = _given["MAIL_FROM"]
SUPPORT_EMAIL = _given["SUPPORT_EMAIL"]
try:
    SMS = parse_sms_url(_given["SMS_URL"])
except ValueError as refusal:
    raise ImproperlyConfigured(f"SMS_URL {refusal}") from None
SMS_COUNTRIES = regions_of(_given["SMS_COUNTRIES"])
# A demo seals with a pair of its own, which says that it is one; a real portal seals nothing until it is given one.
SEAL_IS_DEMO = IS_DEMO and not _given["SEAL_CERTIFICATE"]
SEAL_CERTIFICATE = _env.path("SEAL_CERTIFICATE", demo_chain(KEY_DIR)) if IS_DEMO or _given["SEAL_CERTIFICATE"] else None
SEAL_KEY = _env.path("SEAL_KEY", demo_key(KEY_DIR)) if IS_DEMO or _given["SEAL_KEY"] else None
SEAL_WORKER = _given["SEAL_WORKER"]
TSA_CERTIFICATES = _env.path("TSA_CERTIFICATES", "") if _given["TSA_CERTIFICATES"] else None
ADMIN_PATH = _given["ADMIN_PATH"].strip("/") + "/"
ORGANIZATION_STORED_BYTES = int(_given["ORGANIZATION_STORED_GB"]) * 1_000_000_000
SUPPORT_RECORD_MINUTES = int(_given["SUPPORT_RECORD_MINUTES"])

DEBUG = False
ALLOWED_HOSTS = [host_of(PUBLIC_URL)] + ["localhost", "127.0.0.1"] * IS_DEMO
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _secret_key() -> str:
    """Return Django's secret key.

    The commands that create keys and handle texts run without one, and so does the sealer, whose user has to read none
    of the portal's keys.
    """
    if sys.argv[1:2] in (["create_keys"], ["catalogs"], ["run_sealer"]):
        return "unused by these commands"
    from core.keys import SECRET, read_key_file

    return read_key_file(KEY_DIR, SECRET).decode()


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "portal.support.SupportAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "core",
    "accounts",
    "licenses",
    "messaging.quota",
    "messaging.items",
    "messaging.activity",
    "messaging.messages",
    "messaging.envelopes",
    "signatures",
    "portal",
]
MIDDLEWARE = [
    "portal.middleware.security_headers",
    "portal.middleware.request_id",
    "portal.middleware.installation_language",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.one_local_name",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.ServedMethods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.sessions.SessionUserMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.middleware.KeptForm",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.middleware.person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.RefusalPages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.page",
            ],
            "builtins": ["core.templatetags.fixed_addresses"],
        },
    }
]

# Two libraries have the name i18n: ours holds all of Django's and takes its place. A test knows it as the only one.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

FORM_RENDERER = "core.controls.ControlRenderer"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = ["accounts.hashing.PortalPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.OwnNamesValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:account"
OTP_LOGIN_URL = LOGIN_URL
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
IS_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = HSTS_SECONDS if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_HANDLERS = ["core.form_readers.FormWithoutFiles"]

LANGUAGE_CODE = _given["DEFAULT_LANGUAGE"]
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
APPEARANCE_COOKIE_NAME = f"{COOKIE_PREFIX}appearance"
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_TIME_ZONE = _given["DEFAULT_TIME_ZONE"]
DEFAULT_CULTURE = _given["DEFAULT_CULTURE"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.staticfiles.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.staticfiles.ManifestStorage"},
}

LOGGING = logging_of(level=_given["LOG_LEVEL"])
