"""What the company's provider says of a person, and whether that may be believed.

The rules are those of OpenID Connect Core 1.0, 3.1.3.7, and no laxer where it leaves a choice: two
algorithms, keys of the provider only, one audience or ours by name, a nonce always.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from so24.language.said import say
from so24.people.company_login.provider import Keys, Provider
from so24.people.company_login.words import CompanyLoginRefused, LoginWord
from so24.store.tables.people_tables import LONGEST_SUBJECT

# the algorithms that are taken, and of which kind and curve their keys are
KEY_TYPES = {"RS256": ("RSA", None), "ES256": ("EC", "P-256")}
LEEWAY = dt.timedelta(seconds=60)  # between two clocks
SMALLEST_RSA_KEY = 2048
# what the library raises, besides its own errors, of values that are of another kind
_BENT = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
_MUST_HAVE = ["iss", "sub", "aud", "exp", "iat", "nonce"]


@dataclass(frozen=True)
class Expected:
    """What the token must be for, and after when it must have been made (aware UTC)."""

    issuer: str
    client_id: str
    nonce: str
    begun_at: dt.datetime


@dataclass(frozen=True)
class CompanyPerson:
    """Whom the provider has recognised.

    ``email``: in small letters, empty unless the provider says that it is verified. ``asked_at``:
    when it last asked the person to prove that, None where it does not say. ``said``: how, in the
    provider's words (``amr`` and ``acr``).
    """

    issuer: str
    subject: str
    email: str
    asked_at: dt.datetime | None
    said: frozenset[str]


def read_id_token(
    token: str, provider: Provider, expected: Expected, moment: dt.datetime
) -> CompanyPerson:
    """The person whom an ID token is about.

    Raises :class:`CompanyLoginRefused` where the token may not be believed. Where no key of those
    that are known fits, they are asked for once more: the provider changes them from time to time.
    """
    keys, was_asked = provider.keys()
    try:
        claims = _open(token, keys, expected)
    except _NoKeyFits as refusal:
        if was_asked:
            raise refusal.refused() from None
        claims = _open_at_last(token, provider, expected)
    _check_audience(claims, expected.client_id)
    _check_moment(claims, expected, moment)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce.isascii():
        raise _distrust(say("the nonce is none of ours"))
    if not hmac.compare_digest(nonce, expected.nonce):
        raise _distrust(say("the nonce is another one"))
    return CompanyPerson(
        issuer=expected.issuer,
        subject=_read_subject(claims),
        email=_read_email(claims),
        asked_at=_read_asked_at(claims, moment),
        said=_read_said(claims),
    )


class _NoKeyFits(Exception):
    """None of the known keys has signed the token; others may have come since."""

    def refused(self) -> CompanyLoginRefused:
        return _distrust(str(self))


def _open_at_last(token: str, provider: Provider, expected: Expected) -> Mapping[str, Any]:
    try:
        return _open(token, provider.keys(fresh=True)[0], expected)
    except _NoKeyFits as refusal:
        raise refusal.refused() from None


def _open(token: str, keys: Keys, expected: Expected) -> Mapping[str, Any]:
    """The claims of a token that one of the keys has signed, for us, and that is good now."""
    key, algorithm = _choose_key(token, keys)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=expected.client_id,
            issuer=expected.issuer,
            leeway=LEEWAY,
            options={"require": _MUST_HAVE},
        )
    except jwt.InvalidSignatureError:
        raise _NoKeyFits(say("the signature is not by the key that the token names")) from None
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise CompanyLoginRefused(
            LoginWord.CLOCKS, say("the token's time: {error}", error=error)
        ) from None
    except (jwt.PyJWTError, *_BENT) as error:
        raise _distrust(say("the token: {error}", error=type(error).__name__)) from None
    return claims


def _choose_key(token: str, keys: Keys) -> tuple[Any, str]:
    """The one key that the token may have been signed with, and the algorithm."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, *_BENT):
        raise _distrust(say("the token cannot be read")) from None
    algorithm, name = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
        raise _distrust(say("the token's algorithm is none that is taken"))
    fitting = [
        each
        for each in keys
        if (each.get("kty"), each.get("crv")) == KEY_TYPES[algorithm]
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and (name is None or each.get("kid") == name)
    ]
    if len(fitting) != 1:
        if fitting:
            raise _NoKeyFits(say("of the provider's keys several may have signed the token"))
        raise _NoKeyFits(say("of the provider's keys none may have signed the token"))
    return _read_key(fitting[0], algorithm), algorithm


def _read_key(given: Mapping[str, Any], algorithm: str) -> Any:
    if "d" in given:
        raise _distrust(say("the provider gives its private key to everybody"))
    try:
        key = jwt.PyJWK(dict(given), algorithm).key
    except (jwt.PyJWTError, KeyError, *_BENT):
        raise _distrust(say("the provider's key cannot be read")) from None
    if isinstance(key, RSAPublicKey) and key.key_size < SMALLEST_RSA_KEY:
        raise _distrust(say("the provider's key is too short"))
    return key


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """Where the token is for others as well, it must name us as the party that has asked for it."""
    audience, party = claims.get("aud"), claims.get("azp")
    for_others = isinstance(audience, list) and set(audience) != {client_id}
    if party != client_id and (for_others or party is not None):
        raise _distrust(say("the token was given to another party (azp)"))


def _check_moment(claims: Mapping[str, Any], expected: Expected, moment: dt.datetime) -> None:
    """The token must have been made since this sign-in was begun, and not later than now."""
    made = _read_moment(claims, "iat")
    if made is None or made > moment + LEEWAY:
        raise CompanyLoginRefused(LoginWord.CLOCKS, say("the token is from the future"))
    if made < expected.begun_at - LEEWAY:
        raise CompanyLoginRefused(LoginWord.CLOCKS, say("the token is older than this sign-in"))


def _read_subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _distrust(say("the token names no subject that can be kept"))
    if not subject.isascii() or not subject.isprintable():
        raise _distrust(say("the token's subject is no plain text"))
    return subject


def _read_email(claims: Mapping[str, Any]) -> str:
    """Letters that look alike are not folded: who has registered one of them is another person."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True
    return email.lower() if is_verified and isinstance(email, str) and email.isascii() else ""


def _read_asked_at(claims: Mapping[str, Any], moment: dt.datetime) -> dt.datetime | None:
    asked_at = _read_moment(claims, "auth_time")
    if asked_at is not None and asked_at > moment + LEEWAY:
        raise CompanyLoginRefused(LoginWord.CLOCKS, say("the provider has asked in the future"))
    return asked_at


def _read_moment(claims: Mapping[str, Any], name: str) -> dt.datetime | None:
    given = claims.get(name)
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        return dt.datetime.fromtimestamp(given, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read_said(claims: Mapping[str, Any]) -> frozenset[str]:
    ways, context = claims.get("amr"), claims.get("acr")
    listed = ways if isinstance(ways, list) else []
    return frozenset(each for each in [*listed, context] if isinstance(each, str) and each)


def _distrust(reason: str) -> CompanyLoginRefused:
    return CompanyLoginRefused(LoginWord.UNTRUSTED, reason)
