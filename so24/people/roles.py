"""Who may do what: the three roles, their permissions, and the check that services call."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from so24.errors import NotAllowed, PasswordNeeded
from so24.language.said import say
from so24.store.people.origins import UNKNOWN, Origin
from so24.store.tables.people_tables import Role

PROOF_LASTS = dt.timedelta(minutes=5)


class Permission(enum.StrEnum):
    """One thing that a role may do; the value completes the sentence "You may not …"."""

    SEE_INVOICES = say("see invoices")
    IMPORT = say("import invoices")
    SEE_IMPORTS = say("see what was imported")
    GET_ORIGINALS = say("get the original files of imports")
    PURGE_ORIGINALS = say("purge original files")
    GET_EVIDENCE = say("make an evidence pack")
    EXPORT = say("export invoices")
    SEE_RECEIPTS = say("see receipts and the transfer history")
    SEE_LEDGER = say("look inside 24SevenOffice")
    SEE_MARKETPLACE = say("see the Marketplace")
    ACTIVATE = say("activate or deactivate the integration")
    MANAGE_KEYS = say("manage credentials")
    MANAGE_RECMAN = say("manage the RecMan connection")
    MANAGE_USERS = say("manage users")
    SEE_AUDIT = say("see the audit trail")
    SEE_METRICS = say("see the figures for those who run so24")
    SEE_KEPT = say("see all that is kept about a customer or a user")
    PURGE_DETAILS = say("purge details whose time is over")


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
    Role.ADMIN: say("System Administrator"),
    Role.FINANCE: say("Finance"),
    Role.ANALYST: say("Analyst"),
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
        allowed = _either([ROLE_NAMES[role] for role in Role if permission in PERMISSIONS[role]])
        raise NotAllowed(
            say("You may not {what}. Ask a {allowed}.", what=say(permission.value), allowed=allowed)
        )


def _either(roles: Sequence[str]) -> str:
    """Any of these roles."""
    if len(roles) == 1:
        return roles[0]
    return say("{first} or {second}", first=_either(roles[:-1]), second=roles[-1])


def require_proof(actor: Actor, permission: Permission, moment: dt.datetime) -> None:
    """Raise :class:`PasswordNeeded` where the password was given too long ago to change this.

    Nothing is asked of who has no login: the command line's user owns the key material anyway.
    """
    if permission in DANGEROUS and not is_proved(actor, moment):
        raise PasswordNeeded(
            say(
                "You may {what}, but you have shown who you are more than {minutes} minutes "
                "ago. Confirm it at the top of the page; nothing was changed.",
                what=say(permission.value),
                minutes=PROOF_LASTS.seconds // 60,
            )
        )


def is_proved(actor: Actor, moment: dt.datetime) -> bool:
    """Whether the actor has given the password a moment ago, or has no login."""
    return actor.proved_at is None or moment - actor.proved_at < PROOF_LASTS
