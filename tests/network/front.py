"""The site as a browser meets it in production: collected, hashed, compressed files; pages compressed as nginx does."""

import threading
from contextlib import contextmanager

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler

from config.settings.base import COLLECTED

GZIP = "django.middleware.gzip.GZipMiddleware"


def collect(settings, folder) -> None:
    """Only the house's own files: the admin's are no part of a villager's page."""
    settings.STATIC_ROOT = folder
    settings.STORAGES = COLLECTED
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.MIDDLEWARE = [GZIP, *settings.MIDDLEWARE]
    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def serving():
    """The port of a server with the settings of now."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
