"""What is the same everywhere. Nothing here reaches for a service or a key: each environment says where those are."""

import os
from pathlib import Path

from .logs import LOGGING  # noqa: F401

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything the program writes: database, media, keys, collected files, logs of the embedded services.
VAR_DIR = Path(os.environ.get("ANJU_VAR") or BASE_DIR / "var").resolve()
DEVELOPMENT = False
DEBUG = False


INSTALLED_APPS = [
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # The house's form templates are found like any other template.
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_fsm",
    # Templates of the admin's import and export pages (work calendar).
    "import_export",
    # Writes the counters' triggers into migrations (ADR 0130).
    "pgtrigger",
    # The house, floor by floor from the ground up: AppConfig.ready() of a higher one registers with a lower one.
    "common",
    "regions",
    "accounts",
    "households",
    "artisans",
    "renovation",
    "lookback",
    "workbench",
    "applicants",
]

MIDDLEWARE = [
    # First, so that its duration and status are what the browser got.
    "config.metrics.MeasureRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before everything that may answer by itself: a redirect to the first login is a page too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.RefuseUnreadable",
    "common.middleware.WholeBodies",
    "common.middleware.NoteCaller",
    "common.middleware.PrivacyHeaders",
    "common.middleware.ExplainMethods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.StaffSessionMiddleware",
    "households.middleware.ActingClaimMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context_processors.page",
            ]
        },
    }
]
FORM_RENDERER = "common.forms.HouseRenderer"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
# One hasher of our own: Django's default costs 0.8 s of processor time a login, a village rush has 17 logins a second.
PASSWORD_HASHERS = ["config.hashers.TunedArgon2"]
# 等保: staff change their password after so many days (L-05); 0 switches it off, as other standards advise.
PASSWORD_DAYS = int(os.environ.get("PASSWORD_DAYS", "90"))
# Up to 64 characters instead of 20: long sentences are easier to keep in mind, and no standard forbids them.
PASSWORD_SENTENCES = os.environ.get("PASSWORD_SENTENCES", "0") == "1"
LOGIN_URL = "/login/"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# Sessions outlive a lost Redis, and no page waits for Redis: counters and limits are database rows.
SESSION_ENGINE = "common.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names, readable by whoever runs the server: what is collected by one user may be served by another.
COLLECTED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
MEDIA_ROOT = VAR_DIR / "media"
KEYS_FILE = Path(os.environ.get("ANJU_KEYS_FILE") or VAR_DIR / "keys" / "keys.json")
CIPHER = os.environ.get("CIPHER", "SM4-GCM")

# A photo of 20 MB is a file and streams to disk; the form beside it stays small (decision 5).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
# One file a request; without scripts whatever was chosen in the other slots of a step (up to five) comes along.
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

# Photos and papers: this machine's disk, or an S3-compatible store (options of django-storages).
MEDIA_BACKEND = os.environ.get("MEDIA_BACKEND", "filesystem")
MEDIA_S3 = {
    "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
    "bucket_name": os.environ.get("S3_BUCKET"),
    "access_key": os.environ.get("S3_ACCESS_KEY"),
    "secret_key": os.environ.get("S3_SECRET_KEY"),
    "region_name": os.environ.get("S3_REGION") or None,
}
# Whose X-Forwarded-For counts; "unix" is a proxy on the server's own socket, "none" says that there is no proxy.
TRUSTED_PROXIES = [name.strip() for name in os.environ.get("TRUSTED_PROXIES", "").split(",") if name.strip()]
TRUSTED_PROXIES = [] if TRUSTED_PROXIES == ["none"] else TRUSTED_PROXIES

# Who may read /metrics: addresses, or whoever shows the token.
METRICS_ALLOW = [one.strip() for one in os.environ.get("METRICS_ALLOW", "127.0.0.1,::1").split(",") if one.strip()]
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# What links in text messages begin with.
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_SENDER = "gateway" if SMS_GATEWAY_URL else "console"
