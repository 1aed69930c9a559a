"""Authenticate: logins, sessions, and the identities by which a user reaches clients.

Documented: a refused login answers an empty string, the session travels in the cookie
``ASP.NET_SessionId``, without ``IdentityId`` the default identity is taken. Assumed: a session
lives on with every call, and logging in with a foreign identity is refused like a wrong password.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import uuid
from dataclasses import dataclass

from so24.sandbox.books.books import Books, Call, micros
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.refusals import UNPROCESSED, CallFault

COOKIE = "ASP.NET_SessionId"
_NOBODY = str(uuid.UUID(int=0))


@dataclass(frozen=True)
class Session:
    """An authenticated session and the identity it works under."""

    id: str
    identity: str
    username: str
    client: int


def add_account(books: Books, username: str, password: str, clients: list[int]) -> None:
    """Let a user reach ``clients``, the first of them by default.

    The password is kept as given: it belongs to an invented account and is published.
    """
    books.change("insert or replace into account values(?, ?)", username, password)
    for client in clients:
        books.change(
            "insert or replace into identity values(?, ?, ?, ?, 0)",
            identity_of(username, client), username, client, client == clients[0],
        )  # fmt: skip


def identity_of(username: str, client: int) -> str:
    """The guid of a user's membership in a client; the same in every sandbox."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{username}/{client}"))


def find_session(
    books: Books, cookie: str | None, now: dt.datetime, seconds: int
) -> Session | None:
    """The living session of a cookie, its life prolonged by ``seconds``; None when it is gone."""
    row = books.row(
        "select s.id, s.identity, i.username, i.client from session s "
        "join identity i on i.id = s.identity where s.id = ? and s.expires > ?",
        cookie or "", micros(now),
    )  # fmt: skip
    if row is None:
        return None
    expires = micros(now + dt.timedelta(seconds=seconds))
    books.change("update session set expires = ? where id = ?", expires, cookie)
    return Session(*row)


def expire_sessions(books: Books) -> None:
    """End every session."""
    books.change("delete from session")


def move_session(call: Call) -> None:
    """Let the session work under another identity of its user, as another login may do."""
    session = call.current()
    call.books.change(
        "update session set identity = (select id from identity where username = ? and id <> ? "
        "and not is_disabled order by client limit 1) where id = ? and exists (select 1 from "
        "identity where username = ? and id <> ? and not is_disabled)",
        session.username, session.identity, session.id, session.username, session.identity,
    )  # fmt: skip


def login(call: Call, parameters: Fields) -> str:
    """A new session id, or an empty string when the credentials are refused."""
    credential = parameters.get("credential") or {}
    username = credential.get("Username") or ""
    if call.logins is not None:
        call.logins.count(username, call.now)
    row = call.books.row("select password from account where username = ?", username)
    known = row is not None and hmac.compare_digest(
        row[0].encode(), (credential.get("Password") or "").encode()
    )
    if not known or credential["ApplicationId"] == _NOBODY:
        return ""
    identity = _chosen_identity(call.books, username, credential.get("IdentityId"))
    if identity is None:
        return ""
    call.cookie = secrets.token_hex(16)
    expires = micros(call.now + dt.timedelta(seconds=call.session_seconds))
    call.books.change("insert into session values(?, ?, ?)", call.cookie, identity, expires)
    return call.cookie


def _chosen_identity(books: Books, username: str, wanted: str | None) -> str | None:
    named = wanted.lower() if wanted and wanted != _NOBODY else None
    row = books.row(
        "select id, is_disabled from identity where username = ? "
        "and (id = ? or (? is null and is_default))",
        username, named, named,
    )  # fmt: skip
    if row is None:
        return None
    if row[1]:
        raise CallFault(f"{UNPROCESSED}Provided IdentityId is blocked")
    return str(row[0])


def has_session(call: Call, parameters: Fields) -> bool:
    """Whether the cookie belongs to a living session; never a fault."""
    return call.session is not None


def get_identity(call: Call, parameters: Fields) -> Fields:
    """The identity that the session works under."""
    session = call.current()
    return next(i for i in _identities(call, session) if i["Id"] == session.identity)


def get_identities(call: Call, parameters: Fields) -> Fields:
    """All identities of the session's user."""
    return {"Identity": _identities(call, call.current())}


def set_identity_by_id(call: Call, parameters: Fields) -> bool:
    """Let the session work under another identity of its user; False where that is refused."""
    session = call.current()
    changed = call.books.change(
        "update session set identity = i.id from identity i where session.id = ? "
        "and i.id = ? and i.username = ? and not i.is_disabled",
        session.id, parameters["identityId"].lower(), session.username,
    )  # fmt: skip
    return changed == 1


def _identities(call: Call, session: Session) -> list[Fields]:
    rows = call.books.rows(
        "select i.id, i.client, c.name, i.is_default, i.is_disabled from identity i "
        "join client c on c.id = i.client where i.username = ? order by i.client",
        session.username,
    )
    user = {
        "ContactId": 1,
        "Id": str(uuid.uuid5(uuid.NAMESPACE_URL, session.username)),
        "Name": session.username.partition("@")[0].title(),
        "EmployeeId": 1,
    }
    return [
        {
            "Id": identity,
            "User": user,
            "Client": {"Id": client, "Name": name},
            "IsCurrent": identity == session.identity,
            "IsDefault": bool(is_default),
            "IsProtected": False,
            "IsDisabled": bool(is_disabled),
        }
        for identity, client, name, is_default, is_disabled in rows
    ]
