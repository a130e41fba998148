"""What the environment may say, how it is read, and what is refused without repeating a secret."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.env import Env, SettingRefused, address_from_url, parse_dotenv
from portal.env_production import check_production, is_loopback
from portal.env_services import (
    POSTGRESQL_LOCK_WAIT_SECONDS,
    SQLITE_LOCK_WAIT_SECONDS,
    EmailSettings,
    cache_from_url,
    database_from_url,
    email_from_url,
)
from tests.portal.production import TOLD

SECRET = "s3cret#%+$@/:?&= é"
PRINTABLE = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)

READERS: dict[str, Callable[[str], object]] = {
    "database": lambda url: database_from_url(url, base=Path("/srv"), pool_size=4),
    "cache": cache_from_url,
    "email": email_from_url,
}

PRODUCTION = TOLD | {
    "PORTAL_DATA_DIR": "/srv/portal/data",
    "PORTAL_KEY_DIR": "/srv/portal/keys",
    "HOST": "0.0.0.0",
    "TRUSTED_PROXIES": "10.0.0.2",
}
NO_PROXY = "TRUSTED_PROXIES must name the proxy that speaks https in front of the portal, such as 127.0.0.1."


def encoded(text: str) -> str:
    return quote(text, safe="")


def env(**values: str) -> Env:
    return Env(values=values, base=Path("/srv/portal"))


def refusal_of(wanted: str, url: str) -> str:
    """Return the sentence with which an address is refused."""
    with pytest.raises(SettingRefused) as refused:
        READERS[wanted](url)
    assert refused.value.__cause__ is None
    return str(refused.value)


# The environment and .env


def test_environment_wins_over_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HOST=10.0.0.1\nPORTAL_NAME='From the file'\n", encoding="utf-8")
    settings = Env.read(tmp_path, {"HOST": "127.0.0.1"})
    assert settings.text("HOST") == "127.0.0.1"
    assert settings.text("PORTAL_NAME") == "From the file"


def test_missing_dotenv_file_is_no_mistake(tmp_path: Path) -> None:
    assert Env.read(tmp_path, {}).text("HOST", "127.0.0.1") == "127.0.0.1"


def test_dotenv_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("PORTAL_NAME=Échange hunter2\n".encode("latin-1"))
    with pytest.raises(SettingRefused, match=r"^\.env must be written in UTF-8\.$") as refused:
        Env.read(tmp_path, {})
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("  NAME = value  ", "value"),
        ("export NAME=value", "value"),
        ("NAME=a=b=c", "a=b=c"),
        ("NAME=value # a comment", "value"),
        ("NAME=value#no-comment", "value#no-comment"),
        ("NAME=# only a comment", ""),
        ("NAME=", ""),
        ("NAME=$SECRET_KEY", "$SECRET_KEY"),
        ("NAME=${HOME}/x", "${HOME}/x"),
        ('NAME="two words" # a comment', "two words"),
        ('NAME="a \\"quoted\\" # word"', 'a "quoted" # word'),
        ("NAME='$1 \\ # \"x\"'", '$1 \\ # "x"'),
        ("NAME=it's", "it's"),
    ],
)
def test_dotenv_line_gives_its_value(line: str, value: str) -> None:
    assert parse_dotenv(f"# first\n\n{line}\n") == {"NAME": value}


@given(PRINTABLE.filter(lambda text: "'" not in text))
def test_any_text_survives_single_quotes(text: str) -> None:
    assert parse_dotenv(f"NAME='{text}'") == {"NAME": text}


@pytest.mark.parametrize(
    "line", ["no equals sign hunter2", "=hunter2", "1NAME=hunter2", "NAME='hunter2", 'NAME="hunter2" x']
)
def test_broken_dotenv_line_is_named_by_its_number_alone(line: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        parse_dotenv(f"HOST=127.0.0.1\n{line}")
    assert "Line 2 of .env" in str(refused.value)
    assert "hunter2" not in str(refused.value)


# Typed values


def test_empty_value_counts_as_not_given() -> None:
    assert env(NAME="  ").text("NAME", "default") == "default"


def test_required_text_has_no_default() -> None:
    with pytest.raises(SettingRefused, match=r"^MAIL_FROM must be given\.$"):
        env().text("MAIL_FROM", "portal@demo.example", required=True)


@pytest.mark.parametrize(("written", "value"), [("1", 1), ("65535", 65535), (" 8001 ", 8001), ("", 8000)])
def test_integer_within_its_bounds_is_taken(written: str, value: int) -> None:
    assert env(PORT=written).integer("PORT", 8000, 1, 65535) == value


@pytest.mark.parametrize("written", ["0", "65536", "-1", "80.5", "0x50", "1_000", "٣", "9" * 5000])
def test_integer_outside_its_bounds_is_refused(written: str) -> None:
    with pytest.raises(SettingRefused, match=r"^PORT must be a whole number from 1 to 65535\.$"):
        env(PORT=written).integer("PORT", 8000, 1, 65535)


@pytest.mark.parametrize(
    ("written", "value"), [("1", True), ("TRUE", True), ("on", True), ("no", False), ("0", False), ("", True)]
)
def test_boolean_is_read(written: str, value: bool) -> None:
    assert env(NAME=written).boolean("NAME", default=True) is value


def test_boolean_that_is_neither_is_refused() -> None:
    with pytest.raises(SettingRefused, match=r"^NAME must be yes or no\.$"):
        env(NAME="perhaps").boolean("NAME")


def test_choice_is_one_of_the_words() -> None:
    assert env().choice("PORTAL_ENV", ("demo", "production"), "demo") == "demo"
    with pytest.raises(SettingRefused, match=r"^PORTAL_ENV must be one of demo, production\.$"):
        env(PORTAL_ENV="Production").choice("PORTAL_ENV", ("demo", "production"), "demo")


def test_words_are_separated_by_commas() -> None:
    assert env(SMS_COUNTRIES=" CA, US,,FR ").words("SMS_COUNTRIES") == ["CA", "US", "FR"]


def test_a_list_of_networks_takes_addresses_too() -> None:
    given = env(TRUSTED_PROXIES=" 10.0.0.2, 10.1.2.3/16,,fd00::1 ")
    assert given.networks("TRUSTED_PROXIES") == ("10.0.0.2/32", "10.1.0.0/16", "fd00::1/128")
    assert env().networks("TRUSTED_PROXIES") == ()


@pytest.mark.parametrize("typed", ["proxy.example", "10.0.0.2;10.0.0.3", "10.0.0.2/33", "*", "10.0.0.2 10.0.0.3"])
def test_what_is_no_network_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(SettingRefused, match=r"^TRUSTED_PROXIES must name addresses or networks") as refused:
        env(TRUSTED_PROXIES=typed).networks("TRUSTED_PROXIES")
    assert typed == "*" or typed not in str(refused.value)


@pytest.mark.parametrize("typed", ["0.0.0.0/0", "::/0", "127.0.0.1,10.0.0.0/7", "2000::/3"])
def test_a_part_of_the_internet_is_no_proxy(typed: str) -> None:
    with pytest.raises(SettingRefused, match=r"^TRUSTED_PROXIES must name no network larger than "):
        env(TRUSTED_PROXIES=typed).networks("TRUSTED_PROXIES")
    assert env(TRUSTED_PROXIES="10.0.0.0/8,fd00::/8").networks("TRUSTED_PROXIES") == ("10.0.0.0/8", "fd00::/8")


def test_a_folder_is_there_or_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for free in (tmp_path, tmp_path / "new" / "deeper"):
        assert env(DATA=str(free)).folder("DATA", "") == free
    for taken in ("file", "file/deeper"):
        with pytest.raises(SettingRefused, match=r"^DATA must name a folder"):
            env(DATA=str(tmp_path / taken)).folder("DATA", "")


def test_path_starts_at_the_project() -> None:
    assert env().path("PORTAL_DATA_DIR", "var") == Path("/srv/portal/var")
    assert env(PORTAL_DATA_DIR="/data").path("PORTAL_DATA_DIR", "var") == Path("/data")
    with pytest.raises(SettingRefused, match=r"^PORTAL_KEY_DIR must be given\.$"):
        env().path("PORTAL_KEY_DIR", "keys", required=True)


def test_url_loses_the_slash_at_its_end() -> None:
    assert env(PUBLIC_URL="https://portal.example/").url("PUBLIC_URL") == "https://portal.example"
    assert env().url("TSA_URL") == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HTTPS://Portal.Example", "https://portal.example"),
        ("https://portal.example.:8443/", "https://portal.example:8443"),
        ("http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000"),
        ("https://User:Pass@TSA.example/Stamp?Of=A", "https://User:Pass@tsa.example/Stamp?Of=A"),
    ],
)
def test_url_is_read_in_the_spelling_that_a_browser_sends(written: str, read: str) -> None:
    assert env(TSA_URL=written).url("TSA_URL") == read


@pytest.mark.parametrize(
    "written", ["portal.example", "ftp://portal.example", "https://", "https:///path", "https://."]
)
def test_url_of_another_kind_is_refused(written: str) -> None:
    with pytest.raises(SettingRefused, match=r"^PUBLIC_URL must "):
        env(PUBLIC_URL=written).url("PUBLIC_URL", "http://localhost:8000")


# Addresses of other services


@given(user=PRINTABLE, password=PRINTABLE, database=PRINTABLE.filter(lambda text: "/" not in text))
def test_any_postgresql_password_survives(user: str, password: str, database: str) -> None:
    url = f"postgres://{encoded(user)}:{encoded(password)}@db.example:5433/{encoded(database)}?sslmode=require"
    settings = database_from_url(url, base=Path("/srv"), pool_size=16)
    assert (settings["USER"], settings["PASSWORD"], settings["NAME"]) == (user, password, database)
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"]["sslmode"] == "require"


@given(user=PRINTABLE, password=PRINTABLE)
def test_any_mail_password_survives(user: str, password: str) -> None:
    settings = email_from_url(f"smtp+tls://{encoded(user)}:{encoded(password)}@mail.example")
    assert settings == EmailSettings("smtp", "mail.example", 587, user, password, "starttls")


def test_plus_signs_stay_everywhere() -> None:
    address = address_from_url("twilio://AC1:a+b@/?from=%2B1514+5", name="SMS_URL", schemes=["twilio"])
    assert address.password == "a+b"
    assert address.query == {"from": "+1514+5"}


def test_postgresql_pool_is_as_large_as_asked() -> None:
    settings = database_from_url("postgres://portal@db.example/portal", base=Path("/srv"), pool_size=16)
    assert settings["OPTIONS"]["pool"]["max_size"] == 16
    assert settings["OPTIONS"]["options"] == f"-c lock_timeout={POSTGRESQL_LOCK_WAIT_SECONDS}s"
    assert settings["CONN_MAX_AGE"] == 0


def test_postgresql_without_a_pool_keeps_no_connection() -> None:
    settings = database_from_url("postgres://portal@db.example/portal", base=Path("/srv"), pool_size=0)
    assert "pool" not in settings["OPTIONS"]
    assert settings["CONN_MAX_AGE"] == 0


def test_postgresql_socket_folder_may_be_the_host() -> None:
    settings = database_from_url("postgres://portal@%2Frun%2Fpostgresql/portal", base=Path("/srv"), pool_size=0)
    assert settings["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/portal.sqlite3", "/srv/portal/var/portal.sqlite3"),
        ("sqlite:////data/portal.sqlite3", "/data/portal.sqlite3"),
        ("sqlite:///my%20data/portal%23.sqlite3", "/srv/portal/my data/portal#.sqlite3"),
    ],
)
def test_sqlite_file_is_named_by_its_path(url: str, file: str) -> None:
    settings = database_from_url(url, base=Path("/srv/portal"), pool_size=16)
    assert settings["NAME"] == file
    assert settings["CONN_MAX_AGE"] is None


def test_sqlite_writers_queue_at_once() -> None:
    options = database_from_url("sqlite:///portal.sqlite3", base=Path("/srv"), pool_size=16)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == SQLITE_LOCK_WAIT_SECONDS
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example", "none", 25),
        ("smtp+tls://mail.example:2525", "starttls", 2525),
        ("smtps://mail.example", "tls", 465),
    ],
)
def test_mail_scheme_names_its_encryption(url: str, security: str, port: int) -> None:
    settings = email_from_url(url)
    assert (settings.kind, settings.security, settings.port) == ("smtp", security, port)


def test_outbox_needs_no_server() -> None:
    assert email_from_url("outbox:") == EmailSettings(kind="outbox")


@pytest.mark.parametrize("url", ["", "none:"])
def test_without_redis_nothing_is_cached(url: str) -> None:
    assert cache_from_url(url)["BACKEND"].endswith("DummyCache")


def test_redis_is_the_shared_cache() -> None:
    settings = cache_from_url("redis://:p%23w@127.0.0.1:6379/1")
    assert settings["BACKEND"].endswith("RedisCache")
    assert settings["LOCATION"] == "redis://:p%23w@127.0.0.1:6379/1"


@pytest.mark.parametrize(
    ("wanted", "url"),
    [
        ("database", "mysql://u:hunter2@db.example/portal"),
        ("database", "postgres://u:hunter2#x@db.example/portal"),
        ("database", "postgres://u:hunter2%zz@db.example/portal"),
        ("database", "postgres://u:hunter2/x@db.example/portal"),
        ("database", "postgres://u:hunter2?x@db.example/portal"),
        ("database", "postgres://u:hunter2 x@db.example/portal"),
        ("database", "postgres://u:hunter2%ff@db.example/portal"),
        ("database", "postgres://u:hunter2@db.example:99999/portal"),
        ("database", "postgres://u:hunter2@[db.example/portal"),
        ("database", "postgres://u:hunter2@db.example/"),
        ("database", "postgres://u:hunter2@db.example/portal?pool=hunter2"),
        ("database", "postgres://u:hunter2@db.example/portal?sslmode=a&sslmode=hunter2"),
        ("database", "sqlite://hunter2/portal.sqlite3"),
        ("database", "hunter2"),
        ("cache", "memcached://hunter2"),
        ("cache", "redis://:hunter2@/0"),
        ("email", "imap://u:hunter2@mail.example"),
        ("email", "smtp://u:hunter2@"),
        ("email", "smtps://u:hunter2@mail.example/path"),
        ("email", "smtps://u:p@mail.example?password=hunter2"),
    ],
)
def test_wrong_address_is_refused_in_one_line_without_its_value(wanted: str, url: str) -> None:
    sentence = refusal_of(wanted, url)
    assert sentence.startswith(("DATABASE_URL must ", "DATABASE_URL knows ", "CACHE_URL must ", "EMAIL_URL must "))
    assert "\n" not in sentence
    assert "hunter2" not in sentence


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_or_is_repeated(text: str) -> None:
    sentence = ""
    try:
        database_from_url(f"postgres://{text}zqxjk", base=Path("/srv"), pool_size=4)
    except SettingRefused as refused:
        sentence = str(refused)
    assert "zqxjk" not in sentence


def test_secrets_are_not_printed() -> None:
    address = address_from_url(f"smtps://u:{encoded(SECRET)}@mail.example", name="EMAIL_URL", schemes=["smtps"])
    assert address.password == SECRET
    assert SECRET not in repr(address)
    assert SECRET not in repr(email_from_url(f"smtps://u:{encoded(SECRET)}@mail.example"))
    assert "hunter2" not in repr(env(MICROSOFT_CLIENT_SECRET="hunter2"))


# What must not be combined


def test_complete_production_settings_may_start() -> None:
    assert check_production(PRODUCTION) == []


@pytest.mark.parametrize(
    "name", ["PORTAL_KEY_DIR", "PORTAL_NAME", "PUBLIC_URL", "EMAIL_URL", "SMS_URL", "MAIL_FROM", "SUPPORT_EMAIL"]
)
def test_production_has_no_default_for_what_only_the_operator_knows(name: str) -> None:
    assert check_production({**PRODUCTION, name: ""}) == [f"{name} must be given in production."]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PUBLIC_URL", "http://portal.example", "PUBLIC_URL must begin with https:// in production."),
        ("EMAIL_URL", "outbox:", "EMAIL_URL must not be outbox: in production."),
        ("SMS_URL", "OUTBOX:", "SMS_URL must not be outbox: in production."),
        ("PORTAL_KEY_DIR", "/srv/portal/data", "PORTAL_KEY_DIR must lie outside PORTAL_DATA_DIR."),
        ("PORTAL_KEY_DIR", "/srv/portal/data/../data/keys", "PORTAL_KEY_DIR must lie outside PORTAL_DATA_DIR."),
        ("TRUSTED_PROXIES", "", NO_PROXY),
        ("TRUSTED_PROXIES", " , ", NO_PROXY),
    ],
)
def test_contradiction_in_production_stops_the_start(name: str, value: str, sentence: str) -> None:
    assert check_production({**PRODUCTION, name: value}) == [sentence]


def test_link_to_the_data_folder_does_not_hide_the_keys(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data")
    values = {**PRODUCTION, "PORTAL_DATA_DIR": f"{tmp_path}/data", "PORTAL_KEY_DIR": f"{tmp_path}/elsewhere/keys"}
    assert check_production(values) == ["PORTAL_KEY_DIR must lie outside PORTAL_DATA_DIR."]


def test_demo_listens_to_this_machine_only() -> None:
    assert check_production({"PORTAL_ENV": "demo"}) == []
    assert check_production({"HOST": "0.0.0.0"}) == ["HOST must be a loopback address while PORTAL_ENV is demo."]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_recognized(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.1", ""])
def test_anything_else_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)
