"""Production refuses to start half configured, and passes Django's own deployment check when whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
WHOLE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "housing.example.org",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SMS_GATEWAY_URL": "https://sms.example.org/send",
}


def check_deploy(environment: dict) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "ANJU_KEYS") if name in os.environ}
    return subprocess.run(command, cwd=PROJECT, env=inherited | environment, capture_output=True, text=True)


def test_whole_configuration_passes_the_deployment_check():
    done = check_deploy(WHOLE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "SMS_GATEWAY_URL"])
def test_start_is_refused_and_names_what_is_missing(missing):
    done = check_deploy({name: value for name, value in WHOLE.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


def test_start_is_refused_without_encryption_keys(tmp_path):
    done = check_deploy(WHOLE | {"ANJU_KEYS": "", "ANJU_KEYS_FILE": str(tmp_path / "none.json")})
    assert done.returncode != 0
    assert "No encryption keys" in done.stderr
    assert not (tmp_path / "none.json").exists(), "production must never make keys"


def test_cookies_are_bound_to_the_host():
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEBUG, s.DEVELOPMENT"
    code = f"from django.conf import settings as s; print({names})"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "ANJU_KEYS") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=inherited | WHOLE, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "False", "False"]
