"""What an address in the settings must look like; refused without repeating any part of it.

A password may stand in an address, and where a sign of it is not percent-encoded, no part of the
address can be told from the password: so none is ever shown.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from so24.language.said import say

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

RECMAN_LIVE = "https://api.recman.io"
_RECMAN_HOSTS = frozenset({"api.recman.io", "api.recman.no"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POSTGRESQL = re.compile(
    r"""postgresql\+psycopg://
    (?:(?P<user>[^\s:/?#\[\]@]+)(?::(?P<password>[^\s:/?#\[\]@]*))?@)?
    (?P<host>[\w.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?
    (?:/(?P<database>[^\s/?#@]*))?
    (?:\?(?P<options>[a-z_]+=[^\s#@&]*(?:&[a-z_]+=[^\s#@&]*)*))?""",
    re.VERBOSE,
)
_HIGHEST_PORT = 65_535


def check_database_address(value: str) -> str:
    """The address of a SQLite file or of a PostgreSQL database, as it was given.

    Raises :class:`ValueError` with what is wrong.
    """
    if re.match(r"sqlite(\+pysqlite)?:", value):
        return _check_sqlite(value)
    if not value.startswith("postgresql+psycopg://"):
        raise ValueError(say("must begin with sqlite:/// or postgresql+psycopg://"))
    found = _POSTGRESQL.fullmatch(value)
    if found is None or not 0 < int(found["port"] or 1) <= _HIGHEST_PORT:
        raise ValueError(
            say(
                "must look like postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE?"
                "OPTION=VALUE; percent-encode signs such as @ : / ? # in the password (@ is %40)"
            )
        )
    return value


def read_networks(value: str) -> tuple[Network, ...]:
    """Addresses and networks with commas between them; raises :class:`ValueError` otherwise."""
    try:
        return tuple(
            ipaddress.ip_network(each.strip()) for each in value.split(",") if each.strip()
        )
    except ValueError:
        raise ValueError(
            say(
                "must be addresses or networks with commas between them, such as 127.0.0.1, "
                "10.0.0.0/8"
            )
        ) from None


def check_office_address(value: str) -> str:
    """The base address of 24SevenOffice, without a slash at its end.

    Raises :class:`ValueError` with what is wrong.
    """
    parts = _split_address(value, "https://HOST:PORT")
    if "@" in value:
        raise ValueError(
            say(
                "must not hold a user name or a password: so24 logs in with the keys under "
                "Credentials"
            )
        )
    _require_safe(parts, value)
    return value.rstrip("/")


def check_provider_address(value: str) -> str:
    """The issuer of the company login, as it was given: it is compared sign by sign.

    Raises :class:`ValueError` with what is wrong.
    """
    parts = _split_address(value, "https://HOST/REALM")
    if "@" in value or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", value):
        raise ValueError(say("must be an address without user name, query and fragment"))
    _require_safe(parts, value)
    return value


def _split_address(value: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # read here, because it raises where it is no number
    except ValueError:
        raise ValueError(say("must be an address such as {example}", example=example)) from None
    return parts


def _require_safe(parts: SplitResult, value: str) -> None:
    if not parts.hostname or parts.port == 0 or not is_safe_address(value):
        raise ValueError(say("must be an https address (plain http only for this machine)"))


def is_safe_address(value: str) -> bool:
    """Whether what is sent there is encrypted, or stays on this machine."""
    parts = urlsplit(value)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def check_recman_address(value: str) -> str:
    """The base address of RecMan's API; the key travels in it, so it is one of RecMan's own hosts.

    Empty stands for the usual one. Raises :class:`ValueError` with what is wrong.
    """
    value = value.rstrip("/") or RECMAN_LIVE
    refusal = say(
        "must be https://api.recman.io or https://api.recman.no (plain http only for this machine)"
    )
    try:
        parts = urlsplit(value)
        port = parts.port  # read here, because it raises where it is no number
    except ValueError:
        raise ValueError(refusal) from None
    theirs = parts.scheme == "https" and parts.hostname in _RECMAN_HOSTS and port is None
    here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if "@" in value or parts.path or parts.query or not (theirs or here):
        raise ValueError(refusal)
    return value


def _check_sqlite(value: str) -> str:
    _, _, path = value.partition(":///")
    if not path or path == ":memory:" or "?" in path:
        raise ValueError(
            say(
                "must name a file: sqlite:////folder/so24.db, without options (four strokes begin "
                "a path from the root)"
            )
        )
    return value
