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
    "TRUSTED_PROXIES": "unix",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SMS_GATEWAY_URL": "https://sms.example.org/send",
}


def check_deploy(environment: dict) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "ANJU_KEYS") if name in os.environ}
    return subprocess.run(command, cwd=PROJECT, env=inherited | environment, capture_output=True, text=True)


def settings_of(environment: dict, names: str) -> str:
    code = f"from django.conf import settings as s; print({names})"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "ANJU_KEYS") if name in os.environ}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=PROJECT, env=inherited | environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_whole_configuration_passes_the_deployment_check():
    done = check_deploy(WHOLE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", sorted(WHOLE.keys() - {"DJANGO_SETTINGS_MODULE"}))
def test_start_is_refused_and_names_what_is_missing(missing):
    done = check_deploy({name: value for name, value in WHOLE.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


@pytest.mark.parametrize("hosts", ["*", "housing.example.org,*", " , ", "*.example.org"])
def test_start_is_refused_for_any_host(hosts):
    done = check_deploy(WHOLE | {"ALLOWED_HOSTS": hosts})
    assert done.returncode != 0
    assert "ALLOWED_HOSTS must name the hosts" in done.stderr


@pytest.mark.parametrize("stated", ["none", "", "unix, 10.0.0.1"])
def test_stated_proxies_are_taken_at_their_word(stated):
    done = check_deploy(WHOLE | {"TRUSTED_PROXIES": stated})
    assert done.returncode == 0, done.stderr
    expected = [] if stated in ("none", "") else ["unix", "10.0.0.1"]
    assert settings_of(WHOLE | {"TRUSTED_PROXIES": stated}, "s.TRUSTED_PROXIES") == str(expected)


def test_start_is_refused_without_encryption_keys(tmp_path):
    done = check_deploy(WHOLE | {"ANJU_KEYS": "", "ANJU_KEYS_FILE": str(tmp_path / "none.json")})
    assert done.returncode != 0
    assert "No encryption keys" in done.stderr
    assert not (tmp_path / "none.json").exists(), "production must never make keys"


def test_cookies_are_bound_to_the_host():
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEBUG, s.DEVELOPMENT"
    assert settings_of(WHOLE, names).split() == ["__Host-session", "__Host-csrf", "False", "False"]
