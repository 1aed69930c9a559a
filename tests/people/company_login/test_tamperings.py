"""What a provider, or somebody in its place, may bend: each ends in a word and opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from so24.calls.bounded import WebAnswer
from so24.installation import Installation
from so24.people.company_login import provider as provider_module
from so24.people.company_login.provider import provider_at
from so24.people.company_login.words import CompanyLoginRefused, LoginWord
from so24.people.visitors import Visitor
from tests.people.company_login.conftest import shorten_calls, told, travel
from tests.people.company_login.standin import (
    CLIENT,
    SECRET,
    Claims,
    SigningKey,
    StandIn,
    curve_key,
    rsa_key,
    sign,
)

Bend = Callable[[Claims], object]
HOUR = 3600
SILENT_SECONDS = 300.0  # the end of the test ends it
DOCUMENT = "/.well-known/openid-configuration"


def set_to(**claims: object) -> Bend:
    """Sets claims of a token."""
    return lambda token: token.update(claims)


def without(name: str) -> Bend:
    """Leaves a claim out."""
    return lambda token: token.pop(name)


def moved(seconds: int, *names: str) -> Bend:
    """Moves times of a token."""
    return lambda token: token.update({name: token[name] + seconds for name in names})


CLAIMS: dict[str, tuple[Bend, LoginWord]] = {
    "another issuer": (set_to(iss="https://evil.example"), LoginWord.UNTRUSTED),
    "the issuer with a slash": (
        lambda token: token.update(iss=token["iss"] + "/"),
        LoginWord.UNTRUSTED,
    ),
    "no issuer": (without("iss"), LoginWord.UNTRUSTED),
    "for another client": (set_to(aud="another"), LoginWord.UNTRUSTED),
    "for nobody": (without("aud"), LoginWord.UNTRUSTED),
    "for nobody in a list": (set_to(aud=[]), LoginWord.UNTRUSTED),
    "for us and others": (set_to(aud=[CLIENT, "another"]), LoginWord.UNTRUSTED),
    "asked for by another": (set_to(aud=[CLIENT, "another"], azp="another"), LoginWord.UNTRUSTED),
    "for us, asked for by another": (set_to(azp="another"), LoginWord.UNTRUSTED),
    "another nonce": (set_to(nonce="another"), LoginWord.UNTRUSTED),
    "an empty nonce": (set_to(nonce=""), LoginWord.UNTRUSTED),
    "no nonce": (without("nonce"), LoginWord.UNTRUSTED),
    "a nonce that is none": (set_to(nonce=[1]), LoginWord.UNTRUSTED),
    "a nonce that is no letter": (set_to(nonce="\ud800"), LoginWord.UNTRUSTED),
    "an audience of another kind": (set_to(aud={"so24": 1}), LoginWord.UNTRUSTED),
    "an audience of numbers": (set_to(aud=[1]), LoginWord.UNTRUSTED),
    "no end": (without("exp"), LoginWord.UNTRUSTED),
    "an end that is no time": (set_to(exp="soon"), LoginWord.UNTRUSTED),
    "an end of another kind": (set_to(exp=[]), LoginWord.UNTRUSTED),
    "an end without an end": (set_to(exp=float("inf")), LoginWord.UNTRUSTED),
    "made at a time of another kind": (set_to(iat={}), LoginWord.UNTRUSTED),
    "made never": (set_to(iat=float("nan")), LoginWord.UNTRUSTED),
    "ended": (moved(-HOUR, "exp"), LoginWord.CLOCKS),
    "from the future": (moved(HOUR, "iat", "exp"), LoginWord.CLOCKS),
    "not good yet": (lambda token: token.update(nbf=token["iat"] + HOUR), LoginWord.CLOCKS),
    "from before the trip": (moved(-HOUR, "iat"), LoginWord.CLOCKS),
    "made at no time": (without("iat"), LoginWord.UNTRUSTED),
    "asked in the future": (moved(HOUR, "auth_time"), LoginWord.CLOCKS),
    "no subject": (without("sub"), LoginWord.UNTRUSTED),
    "an empty subject": (set_to(sub=""), LoginWord.UNTRUSTED),
    "a subject that is a number": (set_to(sub=7), LoginWord.UNTRUSTED),
    "a subject that is too long": (set_to(sub="x" * 256), LoginWord.UNTRUSTED),
    "a subject of control characters": (set_to(sub="a\x1b]0;b"), LoginWord.UNTRUSTED),
}


def unsigned(claims: Claims, key: SigningKey) -> str:
    """Signed by nobody."""
    return jwt.encode(claims, "", algorithm="none", headers={"kid": key.published["kid"]})


def with_public_key_as_secret(claims: Claims, key: SigningKey) -> str:
    """Signed by HS256 with the public key, as if it were a secret."""
    return by_hand(claims, {"alg": "HS256", "kid": key.published["kid"]}, key.published["n"])


def with_client_secret(claims: Claims, key: SigningKey) -> str:
    """Signed by HS256 with our own secret."""
    return by_hand(claims, {"alg": "HS256"}, SECRET)


def by_hand(claims: Claims, header: Claims, secret: str) -> str:
    """A token by HS256, made without the library, which would refuse the key."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=")
        for each in (header, claims)
    ]
    mac = hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def changed_afterwards(claims: Claims, key: SigningKey) -> str:
    """Signed, and then made another person's."""
    head, _, tail = sign(claims, key).split(".")
    body = json.dumps({**claims, "sub": "another"}).encode()
    return f"{head}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{tail}"


WRITTEN: dict[str, Callable[[Claims, SigningKey], str]] = {
    "unsigned": unsigned,
    "unsigned, in capitals": lambda claims, key: unsigned(claims, key).replace(
        "eyJhbGciOiJub25lIi", "eyJhbGciOiJOT05FIi"
    ),
    "HS256 by the public key": with_public_key_as_secret,
    "HS256 by our secret": with_client_secret,
    "changed afterwards": changed_afterwards,
    "by another key of the same name": lambda claims, key: sign(
        claims, rsa_key("stolen"), kid="first"
    ),
    "by a key that is not published": lambda claims, key: sign(claims, rsa_key("stolen")),
    "by a key that comes along": lambda claims, key: sign(
        claims, rsa_key("stolen"), jwk=rsa_key("stolen").published
    ),
    "by RS512": lambda claims, key: jwt.encode(
        claims, key.private, algorithm="RS512", headers={"kid": "first"}
    ),
    "no token": lambda claims, key: "not.a.token",
    "no text at all": lambda claims, key: "",
}


def test_a_token_that_says_something_else_opens_nothing(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for name, (bend, word) in CLAIMS.items():
        provider.bend = bend
        arrival = travel(company, provider, visitor=Visitor(name))  # so that nobody has to wait
        opened = arrival.entrance.secret + arrival.entrance.half
        assert (name, arrival.word, opened) == (name, word, "")
    assert [line[1] for line in told(company)[1:]] == ["company login refused"] * len(CLAIMS)


def test_a_token_that_nobody_who_may_has_signed_opens_nothing(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for name, provider.write in WRITTEN.items():
        arrival = travel(company, provider)
        assert (name, arrival.word) == (name, LoginWord.UNTRUSTED)
        assert not arrival.entrance
    provider.write = sign
    assert travel(company, provider).entrance, "and as it should be it opens"


PUBLISHED: tuple[Claims, ...] = (
    {"use": "enc"},
    {"alg": "RS512"},
    {"kty": "oct", "k": "AAAA"},
    {"n": "AQAB"},
    {"n": None},
    {"n": 7},
    {"n": {}, "e": []},
)


def test_a_key_that_is_not_for_this_is_not_used(
    company: Installation, provider: StandIn, kari: str
) -> None:
    key = rsa_key()
    provider.write = lambda claims, _: sign(claims, key)
    for published in PUBLISHED:
        provider_at.cache_clear()
        provider.keys = [SigningKey(key.private, {**key.published, **published})]
        assert (published, travel(company, provider).word) == (published, LoginWord.UNTRUSTED)


def test_a_key_whose_private_half_everybody_has_is_not_used(
    company: Installation, provider: StandIn, kari: str
) -> None:
    key = rsa_key()
    private = json.loads(RSAAlgorithm.to_jwk(key.private))
    provider.keys = [SigningKey(key.private, {**key.published, **private})]
    assert travel(company, provider).word == LoginWord.UNTRUSTED
    assert "gives its private key to everybody" in told(company)[-1][2]


def test_a_short_key_is_not_trusted(company: Installation, provider: StandIn, kari: str) -> None:
    provider.keys = [rsa_key("short", 1024)]
    with pytest.warns(match="below the minimum"):
        assert travel(company, provider).word == LoginWord.UNTRUSTED


def test_a_token_for_others_too_is_ours_where_it_says_that_we_have_asked(
    company: Installation, provider: StandIn, kari: str
) -> None:
    provider.bend = set_to(aud=[CLIENT, "another"], azp=CLIENT)
    assert travel(company, provider).entrance


def test_clocks_may_be_half_a_minute_apart(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for seconds in (-30, 30):
        provider.bend = moved(seconds, "iat", "auth_time")
        assert travel(company, provider).entrance


def test_keys_are_changed_without_anybody_noticing_and_are_not_asked_for_each_time(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for keys in (
        [rsa_key()],
        [rsa_key(), rsa_key("next")],
        [rsa_key("next"), curve_key()],
    ):
        provider.keys = keys
        assert [bool(travel(company, provider).entrance) for _ in range(2)] == [True, True]
    assert provider.asked.count("/keys") == 3
    assert provider.asked.count(DOCUMENT) == 1
    provider.keys = [rsa_key("last")]  # those that were given up open nothing
    provider.write = lambda claims, _: sign(claims, rsa_key("next"))
    assert travel(company, provider).entrance, "kept for some minutes"
    provider_at.cache_clear()
    assert travel(company, provider).word == LoginWord.UNTRUSTED


def test_a_key_without_a_name_is_taken_where_it_is_the_only_one(
    company: Installation, provider: StandIn, kari: str
) -> None:
    key = rsa_key()
    nameless = {name: value for name, value in key.published.items() if name != "kid"}
    provider.keys = [SigningKey(key.private, nameless)]
    provider.write = lambda claims, _: sign(claims, key, kid=None)
    assert travel(company, provider).entrance
    other = {name: v for name, v in rsa_key("next").published.items() if name != "kid"}
    provider.keys = [*provider.keys, SigningKey(key.private, other)]
    provider_at.cache_clear()
    assert travel(company, provider).word == LoginWord.UNTRUSTED


ANSWERS: tuple[tuple[dict[str, str | None], LoginWord], ...] = (
    ({"error": "access_denied"}, LoginWord.DENIED),
    ({"error": "login_required"}, LoginWord.DENIED),
    ({"error": "temporarily_unavailable"}, LoginWord.SILENT),
    ({"error": "\x1b]0;invented"}, LoginWord.UNTRUSTED),
    ({"iss": "https://evil.example"}, LoginWord.UNTRUSTED),
    ({"iss": None}, LoginWord.UNTRUSTED),
    ({"code": None}, LoginWord.UNTRUSTED),
    ({"code": "x" * 5000}, LoginWord.UNTRUSTED),
    ({"code": "made-up"}, LoginWord.NOT_BEGUN_HERE),
    ({"state": "another"}, LoginWord.NOT_BEGUN_HERE),
    ({"state": None}, LoginWord.NOT_BEGUN_HERE),
)


def test_an_answer_that_is_bent_on_the_way_opens_nothing(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for answer, word in ANSWERS:

        def bend(given: dict[str, str], answer: dict[str, str | None] = answer) -> None:
            bent = {**given, **answer}
            given.clear()
            given.update({name: value for name, value in bent.items() if value is not None})

        assert (answer, travel(company, provider, bend=bend).word) == (answer, word)
    assert "\x1b" not in str(told(company))


HUGE = json.dumps({"keys": ["x" * 300_000]})


FAULTS: tuple[tuple[str, tuple[int, str], LoginWord], ...] = (
    (DOCUMENT, (500, "{}"), LoginWord.SILENT),
    (DOCUMENT, (302, ""), LoginWord.SILENT),
    (DOCUMENT, (200, "<html>"), LoginWord.UNTRUSTED),
    (DOCUMENT, (200, "[" * 9999), LoginWord.UNTRUSTED),
    (DOCUMENT, (200, HUGE), LoginWord.SILENT),
    ("/keys", (503, ""), LoginWord.SILENT),
    ("/keys", (200, "{}"), LoginWord.UNTRUSTED),
    ("/keys", (200, '{"keys": [1, null, {}]}'), LoginWord.UNTRUSTED),
    ("/token", (500, "Traceback: secret"), LoginWord.SILENT),
    ("/token", (400, "no JSON"), LoginWord.UNTRUSTED),
    ("/token", (200, "{}"), LoginWord.UNTRUSTED),
    ("/token", (200, '{"id_token": {}}'), LoginWord.UNTRUSTED),
    ("/token", (307, ""), LoginWord.UNTRUSTED),
)


def test_a_provider_that_is_out_of_order_is_a_word_and_nothing_of_it_is_told(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for path, fault, word in FAULTS:
        provider_at.cache_clear()
        provider.broken = {path: fault}
        assert (path, fault, travel(company, provider).word) == (path, fault, word)
        assert told(company)[-1][:2] == ("somebody", "company login refused")
    assert "secret" not in str(told(company))


@pytest.mark.parametrize("path", [DOCUMENT, "/token"])
def test_nobody_waits_longer_for_a_provider_than_he_has_to(
    company: Installation,
    provider: StandIn,
    kari: str,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
) -> None:
    shorten_calls(monkeypatch, 0.3)
    provider.broken = {path: SILENT_SECONDS}
    began = time.monotonic()
    assert travel(company, provider).word == LoginWord.SILENT
    assert time.monotonic() - began < SILENT_SECONDS


def test_a_silent_provider_is_not_asked_again_by_each_who_presses_the_button(
    company: Installation, provider: StandIn, kari: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.broken[DOCUMENT] = (503, "")
    assert {travel(company, provider).word for _ in range(5)} == {LoginWord.SILENT}
    assert len(provider.asked) == 1
    provider.broken.clear()
    monkeypatch.setattr(provider_module, "SILENCE_SECONDS", -1.0)
    assert travel(company, provider).entrance


ELSEWHERE: tuple[Claims, ...] = (
    {"issuer": "https://evil.example"},
    {"issuer": None},
    {"token_endpoint": "http://evil.example/token"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": "http://[::1"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "https://login.example.com/#"},
    {"authorization_endpoint": "https://login.example.com/\r\nSet-Cookie: a=b"},
    {"authorization_endpoint": None},
)


def test_a_provider_that_leads_elsewhere_is_not_followed(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for provider.document in ELSEWHERE:
        provider_at.cache_clear()
        assert travel(company, provider).word == LoginWord.UNTRUSTED
    assert set(provider.asked) == {DOCUMENT}


def test_a_provider_that_is_encrypted_leads_to_nothing_that_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issuer = "https://login.example.com"
    said = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": "http://127.0.0.1:8080/token",
        "jwks_uri": f"{issuer}/keys",
    }
    answer = WebAnswer(200, json.dumps(said).encode())
    monkeypatch.setattr(provider_module, "make_call", lambda *_: answer)
    with pytest.raises(CompanyLoginRefused) as refused:
        provider_module.Provider(issuer).document()
    assert refused.value.reason == "the provider's token_endpoint is no https address"


def test_the_secret_goes_where_the_provider_wants_it(
    company: Installation, provider: StandIn, kari: str
) -> None:
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert travel(company, provider).entrance


def test_neither_secret_nor_code_nor_token_is_in_a_word_a_log_or_the_audit_trail(
    company: Installation,
    provider: StandIn,
    kari: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    seen: list[str] = []
    provider.bend = lambda claims: seen.append(claims["nonce"])
    travel(company, provider, bend=lambda answer: seen.extend((answer["code"], answer["state"])))
    provider.write = unsigned
    travel(company, provider, bend=lambda answer: seen.extend((answer["code"], answer["state"])))
    everything = f"{caplog.text} {told(company)} {company.settings!r}"
    assert [each for each in (*seen, SECRET) if each in everything] == []
