"""The settings: what is refused, in one sentence that repeats no secret and no part of one."""

from __future__ import annotations

import stat
import uuid
from pathlib import Path

import pytest

from so24.errors import ConfigurationError
from so24.settings import Settings, read_settings
from so24.store.database.migrate import upgrade
from so24.vault import new_cookie_key, new_secret_key

PG = "postgresql+psycopg://"


@pytest.fixture(autouse=True)
def _live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SO24_MODE": "live",
        "SO24_DATA_DIR": str(tmp_path / "data"),
        "SO24_APPLICATION_ID": str(uuid.uuid4()),
        "SO24_SECRET_KEYS": new_secret_key(),
        "SO24_COOKIE_KEY": new_cookie_key(),
    }.items():
        monkeypatch.setenv(name, value)


def refusal() -> str:
    """The sentence with which the settings are refused."""
    with pytest.raises(ConfigurationError) as refused:
        read_settings()
    return str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        f"{PG}so24@db.example.com/so24",
        f"{PG}so24:p%40ss%23w%2Frd@db.example.com:5433/so24?sslmode=verify-full",
        f"{PG}so24@[::1]:5432/so24",
        f"{PG}/so24?host=/var/run/postgresql&options=-c%20lock_timeout=7s",
        "sqlite:////var/lib/so24/so24.db",
        "sqlite:///so24.db",
    ],
)
def test_an_address_of_either_database_is_taken(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", address)
    assert read_settings().database == address


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://so24:hidden@db.example.com/so24", "must begin with"),
        ("postgresql://so24:hidden@db.example.com/so24", "must begin with"),
        ("hidden", "must begin with"),
        ("sqlite://", "must name a file"),
        ("sqlite:///", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        (f"{PG}so24:hidden@db.example.com:port/so24", "must look like"),
        (f"{PG}so24:hidden@db.example.com:70000/so24", "must look like"),
        (f"{PG}so24:secret@hidden@db.example.com/so24", "percent-encode"),
        (f"{PG}so24:secret#hidden@db.example.com/so24", "percent-encode"),
        (f"{PG}so24:123/hidden@db.example.com/so24", "percent-encode"),
        (f"{PG}so24:123?hidden=x@db.example.com/so24", "percent-encode"),
        (f"{PG}so24:secret:hidden@db.example.com/so24", "percent-encode"),
    ],
)
def test_another_address_is_refused_and_no_part_of_it_is_repeated(
    monkeypatch: pytest.MonkeyPatch, address: str, sentence: str
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", address)
    said = refusal()
    assert said.startswith("The settings are not usable: SO24_DATABASE_URL: ")
    assert sentence in said
    for part in ("hidden", "secret", "example.com"):
        assert part not in said


def test_an_office_with_a_password_in_its_address_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for address in ("https://kari:hidden@office.example.com", "https://hidden@office.example.com"):
        monkeypatch.setenv("SO24_OFFICE_URL", address)
        said = refusal()
        assert "SO24_OFFICE_URL: must not hold a user name or a password" in said
        assert "hidden" not in said
    monkeypatch.setenv("SO24_OFFICE_URL", "https://office.example.com:port")
    assert "must be an address" in refusal()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SO24_COOKIE_KEY", "short", "SO24_COOKIE_KEY is too short"),
        ("SO24_APPLICATION_ID", "our-id", "SO24_APPLICATION_ID must be a GUID"),
        ("SO24_LEASE_SECONDS", "126", "at least 5 seconds longer than the longest call, 125"),
    ],
)
def test_what_live_mode_cannot_work_with_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    assert sentence in refusal()


OIDC = {
    "SO24_OIDC_ISSUER": "https://login.example.com/realm",
    "SO24_OIDC_CLIENT_ID": "so24",
    "SO24_OIDC_CLIENT_SECRET": "hidden",
}


def test_the_company_login_is_set_as_a_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read_settings().company_login
    for missing in OIDC:
        for name, value in OIDC.items():
            monkeypatch.setenv(name, "" if name == missing else value)
        said = refusal()
        assert "all three" in said
        assert "hidden" not in said
    monkeypatch.setenv(missing, OIDC[missing])
    monkeypatch.setenv("SO24_OIDC_SECOND_FACTOR", "mfa, phr ")
    settings = read_settings()
    assert settings.company_login
    assert settings.company_second_factors == {"mfa", "phr"}
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.com",
        "login.example.com",
        "https://kari:hidden@login.example.com",
        "https://login.example.com/?hidden=1",
        "https://login.example.com/#hidden",
        "https://login.example.com:port",
        "https://login.example.com/a b",
        "https://",
        "file:///etc/hidden",
    ],
)
def test_an_issuer_is_an_https_address_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    for name, value in {**OIDC, "SO24_OIDC_ISSUER": issuer}.items():
        monkeypatch.setenv(name, value)
    said = refusal()
    assert "SO24_OIDC_ISSUER: must be an " in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    "hosts",
    ["", " , ", "http://so24.example.com", "so24.example.com:443", "*.example.com", "::1", "so 24"],
)
def test_a_host_is_a_name_without_a_port(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("SO24_HOSTS", hosts)
    assert "SO24_HOSTS: must be names of hosts" in refusal()


def test_hosts_are_read_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SO24_HOSTS", "So24.Example.com , 10.0.0.7,[fe80::1],*")
    hosts = Settings(_env_file=None).allowed_hosts
    assert hosts == {"so24.example.com", "10.0.0.7", "[fe80::1]", "*"}


@pytest.mark.parametrize(
    ("mode", "given", "secure"),
    [
        ("live", None, True),
        ("live", "false", False),
        ("sandbox", None, False),
        ("sandbox", "true", True),
    ],
)
def test_cookies_are_sent_by_https_only_in_live_mode_unless_it_is_said(
    monkeypatch: pytest.MonkeyPatch, mode: str, given: str | None, secure: bool
) -> None:
    monkeypatch.setenv("SO24_MODE", mode)
    if given is not None:
        monkeypatch.setenv("SO24_TLS_COOKIE", given)
    assert Settings(_env_file=None).secure_cookie is secure


def test_the_sandbox_keeps_its_key_material_once_and_reads_it_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SO24_MODE", "SO24_SECRET_KEYS", "SO24_COOKIE_KEY"):
        monkeypatch.delenv(name)
    forgotten = read_settings(keep=False)
    assert not (tmp_path / "data").exists()
    kept = read_settings()
    files = {path: path.stat() for path in (tmp_path / "data").iterdir()}
    assert len(files) == 2
    assert read_settings() == read_settings(keep=False) == kept != forgotten
    changed = (tmp_path / "data").stat().st_mtime_ns
    read_settings()
    assert (tmp_path / "data").stat().st_mtime_ns == changed


@pytest.mark.slow
def test_a_new_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None)
    settings.data_dir.mkdir()
    upgrade(settings.database, settings.data_dir)
    for file in settings.data_dir.glob("so24.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
