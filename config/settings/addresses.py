"""Where the database and Redis are: the two URLs of the environment, turned into what Django and Celery want."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

POSTGRES_SCHEMES = {"postgres", "postgresql"}


def database(url: str) -> dict:
    """Django's entry for a `postgres://user:password@host:port/name?host=/socket/folder&sslmode=…` address."""
    parts = urlsplit(url)
    if parts.scheme not in POSTGRES_SCHEMES or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgres://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder cannot stand in the host part of a URL, so it travels as ?host=.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
    }


def impatient(entry: dict, seconds: str) -> dict:
    """The same entry, in which no statement may take longer than that: no page hangs, whatever the database does."""
    return entry | {"OPTIONS": entry["OPTIONS"] | {"options": f"-c statement_timeout={int(seconds)}s"}}


def broker(url: str) -> str:
    """Celery's address of the same Redis: kombu has names of its own for a Unix socket and its database number."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?{urlencode({'virtual_host': number})}"
