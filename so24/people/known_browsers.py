"""Browsers that a user has signed in with before: strangers' failures do not slow them down.

Such a browser keeps a token with our signature, which is no login: it holds a number that tells the
browser apart, and by their hashes the names of those who have signed in with it. The failures that
are made in it count for it alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import jwt

from so24.installation import Installation
from so24.store.tables.ground import now

KEPT_DAYS = 180
_MOST_NAMES = 8
_ALGORITHM = "HS256"
_AUDIENCE = "so24 known browser"  # in English: a mark that parts the tokens


@dataclass(frozen=True)
class _Known:
    number: str
    names: tuple[str, ...]


def remember_name(installation: Installation, token: str, name: str) -> str:
    """The token that a browser is to keep from now on, in which ``name`` has just signed in."""
    known = _read(installation, token) or _Known(secrets.token_hex(16), ())
    names = [_hash(name), *(each for each in known.names if each != _hash(name))]
    content = {
        "aud": _AUDIENCE,
        "exp": now() + dt.timedelta(days=KEPT_DAYS),
        "number": known.number,
        "names": names[:_MOST_NAMES],
    }
    return jwt.encode(content, _key(installation), algorithm=_ALGORITHM)


def number_of_browser(installation: Installation, token: str, name: str) -> str:
    """What the browser is known by, empty where ``name`` has not signed in with it."""
    known = _read(installation, token)
    return known.number if known is not None and _hash(name) in known.names else ""


def number_for_anybody(installation: Installation, token: str) -> str:
    """What the browser is known by, whoever has signed in with it; empty where nobody has."""
    known = _read(installation, token)
    return known.number if known is not None else ""


def _read(installation: Installation, token: str) -> _Known | None:
    try:
        content = jwt.decode(token, _key(installation), algorithms=[_ALGORITHM], audience=_AUDIENCE)
    except jwt.InvalidTokenError:
        return None
    return _Known(str(content["number"]), tuple(map(str, content["names"])))


def _hash(name: str) -> str:
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()[:32]


def _key(installation: Installation) -> str:
    return installation.settings.cookie_key.get_secret_value()
