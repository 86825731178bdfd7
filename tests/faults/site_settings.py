"""The site under faults: what `make run` starts, its services, folders and keys given by the environment.

WITHOUT names a protection to be taken away for a control twin; the product itself knows of no such switch.
"""

import os

from config.settings.development import *  # noqa: F403
from config.settings.development import DATABASES, INSTALLED_APPS, REDIS_URL

# Collected names change nothing under a fault, and collecting takes seconds.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.weakened"]

WITHOUT = os.environ.get("WITHOUT", "")
if WITHOUT == "health_checks":
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
if WITHOUT == "database_sessions":
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
