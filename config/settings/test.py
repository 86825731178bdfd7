"""The test suite: real services of its own, made to be thrown away, and keys nobody else has."""

import os
import secrets

from config.embedded import provide
from tests.template_guard import StrictVariable

from .addresses import database
from .base import *  # noqa: F403
from .base import VAR_DIR as PROJECT_VAR

DEVELOPMENT = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
VAR_DIR = PROJECT_VAR / "test"
MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"
KEYS_FILE = VAR_DIR / "keys" / "keys.json"

# Durability is not what these tests look at, and a disk flush per commit triples their time.
SERVICES = provide(VAR_DIR, durable=False)
DATABASES = {"default": database(SERVICES.database_url)}
# On a foreign server the test database must not inherit that server's character type.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TEST_DATABASE_TEMPLATE") or None}
REDIS_URL = SERVICES.redis_url
SECRET_KEY = os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
# Tests make hundreds of accounts; the real hasher has a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No collected files here: pages find them where they are kept.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = StrictVariable("%s")
