"""A small provider of OpenID Connect over real HTTP, with a key of its own, that can be bent.

It does what the standard asks of a provider (authorization code with PKCE, each code once), and
whatever a test wants otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT, SECRET = "so24 at work", "a secret: 100 % of it"
KARI = {"sub": "subject-of-kari", "email": "Kari@example.com", "email_verified": True}
Claims = dict[str, Any]


@dataclass(frozen=True)
class SigningKey:
    """A key with which tokens are signed, and its public half as it is published."""

    private: Any
    published: dict[str, Any]

    @property
    def algorithm(self) -> str:
        """What it signs by."""
        return str(self.published["alg"])


@cache
def rsa_key(name: str = "first", bits: int = 2048) -> SigningKey:
    """An RSA key with this name; the same one each time."""
    private = rsa.generate_private_key(65537, bits)
    published = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    return SigningKey(private, {**published, "kid": name, "use": "sig", "alg": "RS256"})


@cache
def curve_key(name: str = "curve") -> SigningKey:
    """A key on the curve P-256."""
    private = ec.generate_private_key(ec.SECP256R1())
    published = json.loads(ECAlgorithm.to_jwk(private.public_key()))
    return SigningKey(private, {**published, "kid": name, "use": "sig", "alg": "ES256"})


def sign(claims: Claims, key: SigningKey, **header: Any) -> str:
    """A token, with what is changed in its header."""
    named = {"kid": key.published["kid"], **header}
    kept = {name: value for name, value in named.items() if value is not None}
    return jwt.encode(claims, key.private, algorithm=key.algorithm, headers=kept)


@dataclass
class StandIn:
    """The provider: who signs in there now, and in what it is bent.

    ``bend`` changes the claims of a token, ``write`` makes the token of them, ``answer`` changes
    what the browser brings back. ``broken`` has what a path does instead of its work: the body and
    the status, or seconds of silence. ``asked`` are the paths that were asked for.
    """

    issuer: str = ""
    person: Claims = field(default_factory=lambda: dict(KARI))
    keys: list[SigningKey] = field(default_factory=lambda: [rsa_key()])
    document: Claims = field(default_factory=dict)
    bend: Callable[[Claims], object] = lambda claims: None
    write: Callable[[Claims, SigningKey], str] = sign
    broken: dict[str, tuple[int, str] | float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    signed_in_at: float = 0.0
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser that was led here brings back, when the person has signed in."""
        assert address.startswith(f"{self.issuer}/authorize?")
        asked = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        if asked.get("prompt") == "login" or not self.signed_in_at:
            self.signed_in_at = time.time()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def token_for(self, given: Mapping[str, str], pair: tuple[str, str]) -> tuple[int, Claims]:
        """What the token's address answers to this form, by whoever gives this name and secret."""
        asked = self.codes.pop(given.get("code", ""), None)
        if pair != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or given.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        moment = int(time.time())
        claims: Claims = {
            **self.person, "iss": self.issuer, "aud": CLIENT, "nonce": asked["nonce"],
            "iat": moment, "exp": moment + 300, "auth_time": int(self.signed_in_at),
        }  # fmt: skip
        self.bend(claims)
        token = self.write(claims, self.keys[-1])
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}

    def describe(self) -> Claims:
        """What it says of itself."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }
        return {name: value for name, value in said.items() if value is not None}


class _Handler(BaseHTTPRequestHandler):
    provider: StandIn

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self._is_broken(path):
            return
        if path == "/.well-known/openid-configuration":
            self._answer(200, self.provider.describe())
        elif path == "/keys":
            self._answer(200, {"keys": [each.published for each in self.provider.keys]})
        elif path == "/authorize":
            self._show_page()
        elif path == "/done":
            self._send_back()
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_broken(self.path):
            return
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        pair = (form.get("client_id", ""), form.get("client_secret", ""))
        if (given := self.headers.get("Authorization", "")).startswith("Basic "):
            name, _, secret = base64.b64decode(given[6:]).decode().partition(":")
            pair = (unquote_plus(name), unquote_plus(secret))
        self._answer(*self.provider.token_for(form, pair))

    def _show_page(self) -> None:
        """The page on which a person signs in, or refuses to."""
        query = urlsplit(self.path).query
        links = f'<a href="/done?{query}">I am Kari</a> <a href="/done?{query}&no=1">Cancel</a>'
        self._send(200, "text/html", f"<title>Provider</title>{links}".encode())

    def _send_back(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        refused = query.pop("no", "")
        answer = self.provider.authorize(f"{self.provider.issuer}/authorize?{urlencode(query)}")
        if refused:
            answer = {**answer, "error": "access_denied"}
            del answer["code"]
        self.send_response(303)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(answer)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_broken(self, path: str) -> bool:
        self.provider.asked.append(path)
        fault = self.provider.broken.get(path)
        if isinstance(fault, float):
            self.provider.closed.wait(fault)
            self.close_connection = True
        elif fault is not None:
            self._send(fault[0], "application/json", fault[1].encode())
        return fault is not None

    def _answer(self, status: int, content: Claims) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status in (301, 302, 307):
            self.send_header("Location", "/keys")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's word
        """Say nothing."""


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[StandIn]:
    """Serve a provider on a free port until the end."""
    provider = StandIn()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.issuer = f"http://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()
