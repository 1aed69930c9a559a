"""The trip from the login page to the provider and back, in one browser and within ten minutes.

What has to be known when the browser comes back - ``state``, ``nonce``, the verifier of PKCE, the
address that was given to the provider - is sealed into a cookie of that browser. So strangers who
press the button leave nothing here, and an answer for which another browser has asked is nobody's.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from so24.errors import ConfigurationError
from so24.people.company_login.provider import ProviderDocument
from so24.settings import Settings
from so24.store.tables.ground import now
from so24.vault import Vault

BEGIN, BACK = "/so24/company/begin", "/so24/company/back"  # the paths where a trip starts and ends
LASTS = dt.timedelta(minutes=10)
_KIND = "trip to the company login"  # in English: so that no other sealed text is taken for one
_PAGE = re.compile(r"[a-z_]{0,32}(\?[A-Za-z0-9=&%._~+-]{0,300})?")


@dataclass(frozen=True)
class Trip:
    """One trip that a browser has begun.

    ``redirect`` is where the provider sends it back to. ``page`` is the page that was asked for, by
    its name and query. ``login`` is the secret of the login that shall be proved again, empty where
    somebody wants to sign in; ``known`` the token of a browser that somebody has signed in with.
    """

    state: str
    nonce: str
    verifier: str
    redirect: str
    page: str
    login: str
    known: str
    begun_at: dt.datetime

    def __repr__(self) -> str:
        return "Trip()"


def begin_trip(redirect: str, page: str = "", login: str = "", known: str = "") -> Trip:
    """A trip with fresh secrets; a ``page`` that is no name of ours is left out."""
    return Trip(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect=redirect,
        page=page if _PAGE.fullmatch(page) else "",
        login=login,
        known=known,
        begun_at=now(),
    )


def seal_trip(vault: Vault, trip: Trip) -> str:
    """The trip as text for the browser, which cannot read it."""
    return vault.seal(json.dumps([_KIND, {**asdict(trip), "begun_at": trip.begun_at.isoformat()}]))


def open_trip(vault: Vault, sealed: str) -> Trip | None:
    """Read what :func:`seal_trip` has made; None where it was not, and when its time is over."""
    try:
        kind, content = json.loads(vault.unseal(sealed))
        begun_at = dt.datetime.fromisoformat(content.pop("begun_at"))
        trip = Trip(**content, begun_at=begun_at)
    except (ConfigurationError, ValueError, TypeError, AttributeError, KeyError):
        return None
    age = now() - trip.begun_at
    return trip if kind == _KIND and age < LASTS else None


def address_of(trip: Trip, document: ProviderDocument, settings: Settings) -> str:
    """Where the browser goes: the provider's page, with what it is asked.

    Where a login shall be proved again the provider has to ask anew, and to say when it has.
    """
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": trip.redirect,
        "scope": "openid email",  # in English: the protocol's
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": _challenge(trip.verifier),
        "code_challenge_method": "S256",
    }
    if trip.login:
        asked |= {"prompt": "login", "max_age": "0"}
    joint = "&" if "?" in document.authorization else "?"
    return f"{document.authorization}{joint}{urlencode(asked)}"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
