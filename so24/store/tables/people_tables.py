"""Tables of people: users, their login sessions, the audit trail, the activation."""

from __future__ import annotations

import datetime as dt
import enum

from sqlmodel import Field

from so24.store.tables.ground import Stored, Table, enum_column, now


class Role(enum.StrEnum):
    """What a user may do; the permissions of each are in :mod:`so24.people.roles`."""

    ADMIN = "admin"
    FINANCE = "finance"
    ANALYST = "analyst"


class User(Stored, table=True):
    """One person who may sign in; never deleted, so that the history keeps its names."""

    __tablename__ = "user_account"

    name: str = Field(unique=True, max_length=64)
    role: Role = Field(sa_type=enum_column(Role))
    password_hash: str
    must_change: bool = True
    active: bool = True
    demo: bool = False
    failed_attempts: int = 0
    locked_until: dt.datetime | None = None
    created_at: dt.datetime = Field(default_factory=now)
    last_login_at: dt.datetime | None = None


class LoginSession(Stored, table=True):
    """One browser's login; the cookie holds the secret, this row only its hash."""

    __tablename__ = "login_session"

    id_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    created_at: dt.datetime = Field(default_factory=now)
    expires_at: dt.datetime
    last_seen: dt.datetime = Field(default_factory=now)
    revoked_at: dt.datetime | None = None


class AuditEvent(Stored, table=True):
    """One thing that somebody did or was refused; append-only.

    ``head_id`` is the head of a day that covers it, as soon as there is one.
    """

    __tablename__ = "audit_event"

    at: dt.datetime = Field(default_factory=now, index=True)
    actor: str = Field(max_length=96)
    action: str = Field(max_length=64)
    subject: str = Field(default="", max_length=200)
    detail: str = ""
    head_id: int | None = Field(default=None, index=True)


class Activation(Table, table=True):
    """Whether the integration is activated in the Marketplace; at most one row."""

    __tablename__ = "activation"

    id: int = Field(default=1, primary_key=True)
    active: bool = False
    changed_at: dt.datetime = Field(default_factory=now)
    changed_by: str = Field(default="", max_length=96)
    price: str = ""
