"""A developer's machine and `make run`: embedded services where no address is given, development pages mounted."""

import os
import secrets

from config.embedded import provide

from .addresses import database
from .base import *  # noqa: F403
from .base import COLLECTED, VAR_DIR

DEVELOPMENT = True
DEBUG = os.environ.get("DEBUG", "1") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(","))]

SERVICES = provide(VAR_DIR)
DATABASES = {"default": database(SERVICES.database_url) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
REDIS_URL = SERVICES.redis_url

# Only `make run` makes keys (decision 27); without them sessions simply end with the process.
SECRET_KEY_FILE = VAR_DIR / "keys" / "secret.key"
SECRET_KEY = os.environ.get("SECRET_KEY") or (
    SECRET_KEY_FILE.read_text().strip() if SECRET_KEY_FILE.exists() else secrets.token_urlsafe(48)
)
if not DEBUG:
    STORAGES = COLLECTED
WHITENOISE_USE_FINDERS = DEBUG
