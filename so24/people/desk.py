"""Where a service works: an open installation, and the person who acts there.

Every service takes a desk and asks it for a session by the permission that the work needs, so that
the permission cannot be forgotten where the session is not.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from so24.errors import NotAllowed, PasswordNeeded, WrongUse
from so24.installation import Installation
from so24.people.roles import DANGEROUS, Actor, Permission, require, require_proof
from so24.settings import Settings
from so24.store.people import audit
from so24.store.people.audit import CHANGE_REFUSED
from so24.store.tables.ground import now
from so24.vault import Vault


def process_user() -> str:
    """The name of the operating-system user that this process runs as; in containers a number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())


@dataclass(frozen=True)
class Desk:
    """An installation and the actor whose role decides what may be done there."""

    installation: Installation
    actor: Actor

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self.installation.settings

    @property
    def vault(self) -> Vault:
        """What encrypts and decrypts the installation's secrets."""
        return self.installation.vault

    def require(self, permission: Permission) -> None:
        """Raise :class:`so24.errors.NotAllowed` unless the actor may change something by this.

        Raises :class:`so24.errors.PasswordNeeded` where that is dangerous, and the password was
        given too long ago. Either is noted. Never within a session that writes.
        """
        with self._noting_refusals(permission):
            self._require(permission)

    def _require(self, permission: Permission) -> None:
        require(self.actor, permission)
        require_proof(self.actor, permission, now())

    @contextmanager
    def _noting_refusals(self, permission: Permission) -> Iterator[None]:
        """Note who was refused a change and why; of a rule only where the change is dangerous.

        What is wrong in a list or an answer is told to who works with it: it would drown the rest.
        """
        try:
            yield
        except (NotAllowed, PasswordNeeded) as refusal:
            self.note(CHANGE_REFUSED, permission.value, refusal.words)
            raise
        except WrongUse as refusal:
            if permission in DANGEROUS:
                self.note(CHANGE_REFUSED, permission.value, refusal.words)
            raise

    def require_to_read(self, permission: Permission) -> None:
        """Raise :class:`so24.errors.NotAllowed` unless the actor may read what this permits."""
        require(self.actor, permission)

    @contextmanager
    def reading(self, permission: Permission) -> Iterator[Session]:
        """A session that reads, for an actor with this permission; else :class:`NotAllowed`."""
        self.require_to_read(permission)
        with self.installation.db.reading() as session:
            yield session

    @contextmanager
    def writing(self, permission: Permission) -> Iterator[Session]:
        """A session that is alone in writing, for an actor with this permission.

        It is committed at the end, and rolled back where an error leaves it.
        Raises :class:`so24.errors.NotAllowed` for anybody else, and
        :class:`so24.errors.PasswordNeeded` as :meth:`require` does. What is refused is noted.
        """
        with self._noting_refusals(permission):
            self._require(permission)
            with self.installation.db.writing() as session:
                yield session

    def record(self, session: Session, action: str, subject: str, detail: str = "") -> None:
        """Add what the actor does in this session to the audit trail, and where it comes from."""
        actor = self.actor
        audit.record(session, actor.name, action, subject, detail, origin=actor.origin)

    def note(self, action: str, subject: str, detail: str = "") -> None:
        """Add to the audit trail, by itself, what the actor has done or was refused."""
        with self.installation.db.lane_writing() as session:
            self.record(session, action, subject, detail)
