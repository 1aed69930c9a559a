"""The peer's accounts and sessions: who may sign in, and in which company a session works."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.contract.wire import Manners, Record


class Refusal(Exception):
    """The peer refuses: a fault for the whole call, or an exception inside one item."""


@dataclass(frozen=True)
class Membership:
    """A user's access to one company."""

    client: int
    company: str
    identity: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Account:
    """Who may sign in; the first membership is the standard one."""

    username: str
    password: str
    memberships: tuple[Membership, ...]


class Doorkeeper:
    """Lets one account in; ``forgets_at`` names calls at which the session ends, each once."""

    def __init__(self, account: Account, application: str, manners: Manners) -> None:
        self.account = account
        self.application = application
        self.manners = manners
        self.sessions: dict[str, Membership] = {}
        self.forgets_at: list[str] = []

    def find_member(self, operation: str, session: str | None) -> Membership | None:
        """In which company the session works, or None where it is not known (any more)."""
        if self.forgets_at[:1] == [operation]:
            self.forgets_at.pop(0)
            self.sessions.clear()
        return self.sessions.get(session or "")

    def log_in(self, credential: Record) -> str | None:
        """A new session in the standard company; refuses as the manners say."""
        given = (credential["ApplicationId"], credential["Username"], credential["Password"])
        if given != (self.application, self.account.username, self.account.password):
            words = self.manners.login_refusal
            if words in ("empty", "absent"):
                return "" if words == "empty" else None
            raise Refusal(words)
        session = uuid.uuid4().hex
        self.sessions[session] = self.account.memberships[0]
        return session

    def switch(self, session: str, identity: str) -> bool:
        """Let the session work in another company of the account."""
        for each in self.account.memberships:
            if each.identity == identity.lower():
                self.sessions[session] = each
                return True
        return False

    def describe(self, member: Membership, current: Membership) -> Any:
        """An Identity."""
        return {
            "Id": member.identity,
            "Client": {"Id": member.client, "Name": member.company},
            "IsCurrent": member == current,
            "IsDefault": member == self.account.memberships[0],
            "IsProtected": False,
        }
