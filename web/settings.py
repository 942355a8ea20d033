"""Django's settings, all from `configuration`. There is no debug mode, and nothing here is secret."""

from __future__ import annotations

from pathlib import Path

from caprev_web.configuration import chosen, database

CHOSEN = chosen()
HERE = Path(__file__).resolve().parent

SECRET_KEY = CHOSEN.secret
DEBUG = False
ALLOWED_HOSTS = list(CHOSEN.hosts)
TEAM = CHOSEN.team
API_ONLY = CHOSEN.api_only
PROXY = CHOSEN.proxy
PROVIDER = CHOSEN.provider if TEAM else None
DATA = CHOSEN.data
DATABASES = {"default": database(CHOSEN.database, CHOSEN.data)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "caprev_web.apps.Desk",
    "caprev_web.api.apps.Api",
]
MIDDLEWARE = [
    "caprev_web.middleware.forwarded",
    "caprev_web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "caprev_web.middleware.in_turn",
    "caprev_web.middleware.same_site",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caprev_web.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "caprev_web.middleware.problems",
]
ROOT_URLCONF = "caprev_web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "environment": "caprev_web.templating.environment",
            "context_processors": ["caprev_web.templating.context"],
        },
    }
]

# --- people and sessions
AUTH_USER_MODEL = "caprev_web.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "full_name")},
    },
]
LOGIN_URL = "sign-in"
OTP_TOTP_ISSUER = "caprev"
SESSION_COOKIE_NAME = "__Host-desk" if PROXY else "desk"
CSRF_COOKIE_NAME = "__Host-desk-csrf" if PROXY else "desk-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(PROXY)
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE = 2 * 3600 if TEAM else 12 * 3600
CSRF_FAILURE_VIEW = "caprev_web.failures.forged"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in CHOSEN.hosts if PROXY]

# --- what the browser is told
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if PROXY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
USE_X_FORWARDED_HOST = False

# --- limits of what is sent
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- static files, from the package itself
STATIC_URL = "/static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

USE_TZ = True
TIME_ZONE = "Australia/Sydney"
LANGUAGE_CODE = "en-au"
USE_I18N = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATETIME_FORMAT = "j M Y, H:i"
# What happens is told on stderr: methods, routes and faults, never what was typed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "waitress.queue": {"level": "ERROR"},
    },
}
