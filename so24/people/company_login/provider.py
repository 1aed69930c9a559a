"""The company's provider: what it says of itself, its keys, and what it gives for a code.

All that comes from there is bounded in size and time and follows no redirect. What the provider
says of itself is kept for some minutes, its silence for some seconds, so that strangers who press
the button cannot have it called again and again.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from urllib.parse import quote_plus, urlsplit

from so24.addresses import is_safe_address
from so24.calls.bounded import CallLimits, NoAnswer, OutgoingCall, WebAnswer, make_call
from so24.language.said import say
from so24.people.company_login.words import CompanyLoginRefused, LoginWord
from so24.settings import Settings

DOCUMENT = "/.well-known/openid-configuration"
LIMITS = CallLimits(connect_seconds=5, call_seconds=10, most_bytes=256 * 1024)
KEPT_SECONDS = 600.0
SILENCE_SECONDS = 5.0
_OK = 200
_SHOWN = 60
_ADDRESS = re.compile(r"(?!.*#)[!-~]+")

Keys = list[Mapping[str, Any]]
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class ProviderDocument:
    """What the provider says of itself; the addresses are encrypted, or of this machine."""

    authorization: str
    token: str
    keys: str
    secret_in_form: bool
    names_itself: bool


class Provider:
    """The provider with this issuer, for all requests of this process."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._document = _Kept(self._fetch_document)
        self._keys = _Kept(self._fetch_keys)

    def document(self) -> ProviderDocument:
        """What it says of itself; raises :class:`CompanyLoginRefused` where it does not."""
        return self._document.get()[0]

    def keys(self, *, fresh: bool = False) -> tuple[Keys, bool]:
        """Its public keys, and whether they were asked for just now, as ``fresh`` wants it.

        Raises :class:`CompanyLoginRefused` where it does not give them.
        """
        return self._keys.get(fresh=fresh)

    def give_for(self, code: str, redirect: str, verifier: str, settings: Settings) -> str:
        """The ID token for an authorization code.

        Raises :class:`CompanyLoginRefused` where it gives none.
        """
        document, secret = self.document(), settings.oidc_client_secret.get_secret_value()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        headers: dict[str, str] = {}
        if document.secret_in_form:
            form |= {"client_id": settings.oidc_client_id, "client_secret": secret}
        else:
            pair = f"{quote_plus(settings.oidc_client_id)}:{quote_plus(secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        call = OutgoingCall(document.token, "POST", form=form, headers=headers)
        answer = self._make(call, say("the token"))
        given = _read_object(answer, say("the token"))
        if answer.status != _OK:
            said = tidy(given.get("error"))
            word = LoginWord.NOT_BEGUN_HERE if said == "invalid_grant" else LoginWord.UNTRUSTED
            reason = say("no token was given: {reason}", reason=said or say("no reason"))
            raise CompanyLoginRefused(word, reason)
        token = given.get("id_token")
        if not isinstance(token, str) or not token:
            raise CompanyLoginRefused(LoginWord.UNTRUSTED, say("the answer has no ID token"))
        return token

    def _fetch_document(self) -> ProviderDocument:
        what = say("what the provider says of itself")
        given = self._fetch(self.issuer.rstrip("/") + DOCUMENT, what)
        if given.get("issuer") != self.issuer:
            reason = say("{what} names another issuer", what=what)
            raise CompanyLoginRefused(LoginWord.UNTRUSTED, reason)
        named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        pages, token, keys = (self._safe_address(given.get(name), name) for name in named)
        ways = given.get("token_endpoint_auth_methods_supported")
        return ProviderDocument(
            pages,
            token,
            keys,
            secret_in_form=isinstance(ways, list) and "client_secret_basic" not in ways,
            names_itself=given.get("authorization_response_iss_parameter_supported") is True,
        )

    def _safe_address(self, value: object, name: str) -> str:
        """An address to which secrets may go: encrypted, as that of the provider itself is."""
        address = value if isinstance(value, str) and _ADDRESS.fullmatch(value) else ""
        schemes = ("https", urlsplit(self.issuer).scheme)
        try:
            is_safe = is_safe_address(address) and urlsplit(address).scheme in schemes
        except ValueError:
            is_safe = False
        if not is_safe:
            reason = say("the provider's {name} is no https address", name=name)
            raise CompanyLoginRefused(LoginWord.UNTRUSTED, reason)
        return address

    def _fetch_keys(self) -> Keys:
        given = self._fetch(self.document().keys, say("the provider's keys")).get("keys")
        if not isinstance(given, list):
            raise CompanyLoginRefused(LoginWord.UNTRUSTED, say("the provider's keys are no list"))
        return [each for each in given if isinstance(each, dict)]

    def _fetch(self, address: str, what: str) -> Mapping[str, Any]:
        answer = self._make(OutgoingCall(address), what)
        if answer.status != _OK:
            raise CompanyLoginRefused(LoginWord.SILENT, _tell_status(what, answer.status))
        return _read_object(answer, what)

    def _make(self, call: OutgoingCall, what: str) -> WebAnswer:
        answer = make_call(call, LIMITS)
        if isinstance(answer, NoAnswer):
            reason = say("{what}: {why}", what=what, why=_NO_ANSWERS[answer])
            raise CompanyLoginRefused(LoginWord.SILENT, reason)
        if answer.status >= 500:
            raise CompanyLoginRefused(LoginWord.SILENT, _tell_status(what, answer.status))
        return answer


_NO_ANSWERS = {
    NoAnswer.UNREACHED: say("unreached"),
    NoAnswer.LATE: say("late"),
    NoAnswer.BROKEN: say("broken"),
    NoAnswer.COMPRESSED: say("compressed"),
    NoAnswer.TOO_LARGE: say("too large"),
}


@cache
def provider_at(issuer: str) -> Provider:
    """The provider of this process with this issuer."""
    return Provider(issuer)


class _Kept(Generic[Thing]):
    """Something that is fetched, and kept for a while; of the failure to fetch it, too, a moment.

    One fetches at a time, and whoever waits for it takes what it has brought.
    """

    def __init__(self, fetch: Callable[[], Thing]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._found: Thing | None = None
        self._refusal: CompanyLoginRefused | None = None
        self._at = float("-inf")

    def get(self, *, fresh: bool = False) -> tuple[Thing, bool]:
        """What was fetched, and whether just now; raises what the fetching has raised."""
        with self._lock:
            age = time.monotonic() - self._at
            is_silent = self._refusal is not None
            must_ask = (fresh and not is_silent) or age > (
                SILENCE_SECONDS if is_silent else KEPT_SECONDS
            )
            if must_ask:
                self._ask()
            if self._found is None:
                raise self._refusal or CompanyLoginRefused(LoginWord.SILENT, say("not asked yet"))
            return self._found, must_ask

    def _ask(self) -> None:
        try:
            self._found, self._refusal = self._fetch(), None
        except CompanyLoginRefused as refusal:
            self._found, self._refusal = None, refusal
        self._at = time.monotonic()


def _read_object(answer: WebAnswer, what: str) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        reason = say("{what}: the answer is no JSON object", what=what)
        raise CompanyLoginRefused(LoginWord.UNTRUSTED, reason)
    return found


def _tell_status(what: str, status: int) -> str:
    return say("{what}: HTTP status {status}", what=what, status=status)


def tidy(said: object) -> str:
    """What the provider has said, as it may stand in the audit trail."""
    text = said if isinstance(said, str) else ""
    return "".join(sign for sign in text[:_SHOWN] if sign.isascii() and sign.isprintable())
