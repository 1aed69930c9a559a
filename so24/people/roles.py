"""Who may do what: the three roles, their permissions, and the check that services call."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field

from so24.errors import NotAllowed, PasswordNeeded
from so24.store.people.origins import UNKNOWN, Origin
from so24.store.tables.people_tables import Role

PROOF_LASTS = dt.timedelta(minutes=5)


class Permission(enum.StrEnum):
    """One thing that a role may do; the value completes the sentence "You may not …"."""

    SEE_INVOICES = "see invoices"
    IMPORT = "import invoices"
    SEE_IMPORTS = "see what was imported"
    GET_ORIGINALS = "get the original files of imports"
    PURGE_ORIGINALS = "purge original files"
    GET_EVIDENCE = "make an evidence pack"
    EXPORT = "export invoices"
    SEE_RECEIPTS = "see receipts and the transfer history"
    SEE_LEDGER = "look inside 24SevenOffice"
    SEE_MARKETPLACE = "see the Marketplace"
    ACTIVATE = "activate or deactivate the integration"
    MANAGE_KEYS = "manage credentials"
    MANAGE_RECMAN = "manage the RecMan connection"
    MANAGE_USERS = "manage users"
    SEE_AUDIT = "see the audit trail"
    SEE_METRICS = "see the figures for those who run so24"
    SEE_KEPT = "see all that is kept about a customer or a user"
    PURGE_DETAILS = "purge details whose time is over"


_ANALYST = {
    Permission.SEE_IMPORTS,
    Permission.SEE_RECEIPTS,
    Permission.SEE_LEDGER,
    Permission.SEE_MARKETPLACE,
}
_FINANCE = _ANALYST | {
    Permission.SEE_INVOICES,
    Permission.IMPORT,
    Permission.GET_ORIGINALS,
    Permission.GET_EVIDENCE,
    Permission.EXPORT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.FINANCE: frozenset(_FINANCE),
    Role.ANALYST: frozenset(_ANALYST),
}

# whoever changes something by these has given the password a moment ago: they open a way in, or
# what they take away does not come back
DANGEROUS = frozenset(
    {
        Permission.MANAGE_KEYS,
        Permission.MANAGE_RECMAN,
        Permission.MANAGE_USERS,
        Permission.PURGE_ORIGINALS,
        Permission.PURGE_DETAILS,
    }
)

ROLE_NAMES = {
    Role.ADMIN: "System Administrator",
    Role.FINANCE: "Finance",
    Role.ANALYST: "Analyst",
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in user, or the operating-system user of the command line.

    ``proved_at``: when the user last gave the password in this login, or showed at the company's
    provider who it is (aware UTC); None for who has no login, such as the operating-system user, of
    whom no password is asked. ``origin``: from where this comes.
    """

    name: str
    role: Role
    proved_at: dt.datetime | None = field(default=None, compare=False)
    origin: Origin = field(default=UNKNOWN, compare=False)

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role permits this."""
        return permission in PERMISSIONS.get(self.role, frozenset())


def require(actor: Actor, permission: Permission) -> None:
    """Raise :class:`NotAllowed` unless the actor's role permits this."""
    if not actor.may(permission):
        allowed = " or ".join(ROLE_NAMES[role] for role in Role if permission in PERMISSIONS[role])
        raise NotAllowed(f"You may not {permission.value}. Ask a {allowed}.")


def require_proof(actor: Actor, permission: Permission, moment: dt.datetime) -> None:
    """Raise :class:`PasswordNeeded` where the password was given too long ago to change this.

    Nothing is asked of who has no login: the command line's user owns the key material anyway.
    """
    if permission in DANGEROUS and not is_proved(actor, moment):
        raise PasswordNeeded(
            f"You may {permission.value}, but you have shown who you are more than "
            f"{PROOF_LASTS.seconds // 60} minutes ago. Confirm it at the top of the page; "
            "nothing was changed."
        )


def is_proved(actor: Actor, moment: dt.datetime) -> bool:
    """Whether the actor has given the password a moment ago, or has no login."""
    return actor.proved_at is None or moment - actor.proved_at < PROOF_LASTS
