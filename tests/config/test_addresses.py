import pytest

from config.settings.addresses import broker, database


def test_database_on_a_server_keeps_every_part():
    found = database("postgres://anju:p%40ss@db.example.org:6543/housing?sslmode=require")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "6543", "housing")
    assert (found["USER"], found["PASSWORD"], found["OPTIONS"]) == ("anju", "p@ss", {"sslmode": "require"})


def test_database_on_a_socket_has_its_folder_as_host():
    found = database("postgres://anju@/anju?host=/run/postgresql")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/postgresql", "", {})


@pytest.mark.parametrize("url", ["", "mysql://a/b", "postgres://host", "postgres://host/"])
def test_unusable_database_address_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        database(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://r.example.org:6379/2", "redis://r.example.org:6379/2"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_broker_address_names_the_same_redis(url, expected):
    assert broker(url) == expected
