"""Tables of people: users, their login sessions, the audit trail, the activation."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import SaidWords, Stored, Table, enum_column, now

LONGEST_SUBJECT = 255  # characters, by OpenID Connect
LONGEST_SOURCE = 64
LONGEST_LOGIN = 16
LONGEST_BROWSER = 64
LONGEST_LANGUAGE = 8


class Role(enum.StrEnum):
    """What a user may do; the permissions of each are in :mod:`so24.people.roles`."""

    ADMIN = "admin"
    FINANCE = "finance"
    ANALYST = "analyst"


class User(Stored, table=True):
    """One person who may sign in; never deleted, so that the history keeps its names.

    ``password_until``: when a one-time password ends, None for one that its user has chosen.
    ``second_factor_step``: the half minute of the last code that was taken, for none is good twice.
    ``password_off``: only the company login lets this user in; there is an identity to come by.
    ``list_filters``: what was chosen to be seen on lists, as JSON: page, filter, values.
    ``language``: in which texts are told to this user; None: the installation's, or the browser's.
    """

    __tablename__ = "user_account"

    name: str = Field(unique=True, max_length=64)
    role: Role = Field(sa_type=enum_column(Role))
    password_hash: str
    must_change: bool = True
    active: bool = True
    demo: bool = False
    password_until: dt.datetime | None = None
    password_off: bool = False
    second_factor_sealed: str = ""
    second_factor_step: int = 0
    list_filters: str = "{}"
    language: str | None = Field(default=None, max_length=LONGEST_LANGUAGE)
    created_at: dt.datetime = Field(default_factory=now)
    last_login_at: dt.datetime | None = None


class ListView(Stored, table=True):
    """Filters of a page under a name of their user's; ``choices`` as JSON: filter, values."""

    __tablename__ = "list_view"
    __table_args__ = (sa.UniqueConstraint("user_id", "page", "name"),)

    user_id: int = Field(foreign_key="user_account.id")
    page: str = Field(max_length=32)
    name: str = Field(max_length=40)
    choices: str


class TickedDocuments(Stored, table=True):
    """What a user has ticked in one tab of a browser; ``invoice_ids`` as JSON."""

    __tablename__ = "ticked_documents"
    __table_args__ = (sa.UniqueConstraint("user_id", "tab"),)

    user_id: int = Field(foreign_key="user_account.id")
    tab: str = Field(max_length=32)
    invoice_ids: str
    at: dt.datetime = Field(default_factory=now, index=True)


class LoginSession(Stored, table=True):
    """One browser's login; the cookie holds the secret, this row only its hash.

    ``proved_at``: when its user last proved who it is, by the password or, where it was opened
    ``by_company``, at the company's provider; ``company_second_factor`` says that the provider has
    asked for a second factor as well. ``source`` and ``browser`` say where it was opened, for its
    owner to know it again.
    """

    __tablename__ = "login_session"

    id_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    created_at: dt.datetime = Field(default_factory=now)
    expires_at: dt.datetime
    last_seen: dt.datetime = Field(default_factory=now)
    proved_at: dt.datetime = Field(default_factory=now)
    source: str = Field(default="", max_length=LONGEST_SOURCE)
    browser: str = Field(default="", max_length=LONGEST_BROWSER)
    by_company: bool = False
    company_second_factor: bool = False
    revoked_at: dt.datetime | None = None


class CompanyIdentity(Stored, table=True):
    """Which person of the company's provider a user is: an issuer, and a subject there.

    Before the first sign-in it may be only the e-mail by which that one is known, ``awaited``; the
    subject takes its place for good, for an address may be given to somebody else.
    """

    __tablename__ = "company_identity"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("issuer", "awaited"),
    )

    user_id: int = Field(foreign_key="user_account.id", unique=True)
    issuer: str = Field(max_length=500)
    subject: str | None = Field(default=None, max_length=LONGEST_SUBJECT)
    awaited: str | None = Field(default=None, max_length=254)
    linked_at: dt.datetime = Field(default_factory=now)
    linked_by: str = Field(max_length=96)
    bound_at: dt.datetime | None = None


class UsedCompanyAnswer(Stored, table=True):
    """An answer of the company's provider that has been taken; the row has only a hash of it."""

    __tablename__ = "used_company_answer"

    state_hash: str = Field(unique=True, max_length=64)
    at: dt.datetime = Field(default_factory=now, index=True)


class RecoveryCode(Stored, table=True):
    """One of the codes that stand in for a lost second factor, once; the row has only its hash."""

    __tablename__ = "recovery_code"

    user_id: int = Field(foreign_key="user_account.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: dt.datetime | None = None


class FailureTally(Stored, table=True):
    """How often in a row something was not proved, and when last, by whom and from where.

    ``key_hash`` tells these apart and names nobody: people type passwords into the wrong field.
    ``user_id`` is there where the user exists, so that a new password makes a new start.
    """

    __tablename__ = "failure_tally"

    key_hash: str = Field(unique=True, max_length=64)
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    failures: int
    last_at: dt.datetime = Field(index=True)


class AuditEvent(Stored, table=True):
    """One thing that somebody did or was refused; append-only.

    ``source``, ``login`` and ``browser`` are a :class:`so24.store.people.origins.Origin`, and empty
    in lines from before they were kept. The heads of days cover the English words of ``detail``,
    not what they were made of, which counts only where it gives these very words.
    ``head_id`` is the head of a day that covers it, as soon as there is one.
    """

    __tablename__ = "audit_event"

    at: dt.datetime = Field(default_factory=now, index=True)
    actor: str = Field(max_length=96)
    action: str = Field(max_length=64)
    subject: str = Field(default="", max_length=200)
    detail: str = Field(default="", sa_type=SaidWords)
    source: str = Field(default="", max_length=LONGEST_SOURCE)
    login: str = Field(default="", max_length=LONGEST_LOGIN)
    browser: str = Field(default="", max_length=LONGEST_BROWSER)
    head_id: int | None = Field(default=None, index=True)


class Activation(Table, table=True):
    """Whether the integration is activated in the Marketplace; at most one row."""

    __tablename__ = "activation"

    id: int = Field(default=1, primary_key=True)
    active: bool = False
    changed_at: dt.datetime = Field(default_factory=now)
    changed_by: str = Field(default="", max_length=96)
    price: str = ""
