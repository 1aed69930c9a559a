"""Who may do what: the three roles, their permissions, and the check that services call."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from so24.errors import NotAllowed
from so24.store.tables.people_tables import Role


class Permission(enum.StrEnum):
    """One thing that a role may do; the value completes the sentence "You may not …"."""

    SEE_INVOICES = "see invoices"
    IMPORT = "import invoices"
    SEE_IMPORTS = "see what was imported"
    GET_ORIGINALS = "get the original files of imports"
    PURGE_ORIGINALS = "purge original files"
    EXPORT = "export invoices"
    SEE_RECEIPTS = "see receipts and the transfer history"
    SEE_LEDGER = "look inside 24SevenOffice"
    SEE_MARKETPLACE = "see the Marketplace"
    ACTIVATE = "activate or deactivate the integration"
    MANAGE_KEYS = "manage credentials"
    MANAGE_RECMAN = "manage the RecMan connection"
    MANAGE_USERS = "manage users"
    SEE_AUDIT = "see the audit trail"


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
    Permission.EXPORT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.FINANCE: frozenset(_FINANCE),
    Role.ANALYST: frozenset(_ANALYST),
}

ROLE_NAMES = {
    Role.ADMIN: "System Administrator",
    Role.FINANCE: "Finance",
    Role.ANALYST: "Analyst",
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in user, or the operating-system user of the command line."""

    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role permits this."""
        return permission in PERMISSIONS.get(self.role, frozenset())


def require(actor: Actor, permission: Permission) -> None:
    """Raise :class:`NotAllowed` unless the actor's role permits this."""
    if not actor.may(permission):
        allowed = " or ".join(ROLE_NAMES[role] for role in Role if permission in PERMISSIONS[role])
        raise NotAllowed(f"You may not {permission.value}. Ask a {allowed}.")
