"""A real deployment. Whatever is missing stops the start with a sentence, never with a default."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .addresses import database, impatient
from .base import *  # noqa: F403
from .base import COLLECTED, KEYS_FILE, SMS_SENDER
from .logs import logging_with


def required(name: str, why: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


SECRET_KEY = required("SECRET_KEY", "sessions and form tokens are signed with it; 50 random characters or more")
HOST_NAMES = required("ALLOWED_HOSTS", "the host names people use, separated by commas")
ALLOWED_HOSTS = [name.strip() for name in HOST_NAMES.split(",") if name.strip()]
if not ALLOWED_HOSTS or any("*" in name for name in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts: with * anybody's host name ends up in our links")
SITE_URL = os.environ.get("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
# Nothing to fall back on: behind an unnamed proxy everybody would share one address, and so one login counter.
if "TRUSTED_PROXIES" not in os.environ:
    raise ImproperlyConfigured("TRUSTED_PROXIES is not set: addresses of the proxies, unix for a socket, or none")
DATABASES = {
    "default": database(required("DATABASE_URL", "postgres://user:password@host:5432/name"))
    | {"CONN_MAX_AGE": int(os.environ.get("CONN_MAX_AGE", "60")), "CONN_HEALTH_CHECKS": True}
}
# A database that does not answer is said to be away after two seconds (libpq's least), not after two minutes.
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", "2")
# Set for the web server alone (config/gunicorn.py): a worker's recomputation or a migration may take its time.
if int(os.environ.get("STATEMENT_SECONDS") or 0):
    DATABASES["default"] = impatient(DATABASES["default"], os.environ["STATEMENT_SECONDS"])
REDIS_URL = required("REDIS_URL", "redis://host:6379/0 or unix:///path/redis.sock?db=0")
if not os.environ.get("ANJU_KEYS") and not Path(KEYS_FILE).is_file():
    raise ImproperlyConfigured(
        f"No encryption keys: neither ANJU_KEYS nor the file {KEYS_FILE}. A lost key is lost data."
    )
if SMS_SENDER == "console":
    raise ImproperlyConfigured(
        "SMS_GATEWAY_URL is not set: the console sender shows login codes to whoever reads the log"
    )

# nginx ends TLS and says so; it must set this header itself and drop what a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# __Host-: bound to this host, HTTPS and the whole path; a neighbouring site cannot plant one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

STORAGES = COLLECTED
LOGGING = logging_with("json")
