"""The packs that were made, each with the seal that so24 told of it: for whoever compares one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.people.audit import TrailFilter, latest_events

PACK_MADE = say("evidence pack made")
MOST_LISTED = 200


@dataclass(frozen=True)
class MadePack:
    """A pack: of which company and month, made by whom, and its seal with what it held."""

    at: dt.datetime
    actor: str
    subject: str
    detail: str


def list_packs(desk: Desk) -> list[MadePack]:
    """The newest packs first, as the audit trail has them; raises :class:`NotAllowed`.

    Whoever sees the transfer history may know them: a seal shows nothing of what it seals.
    """
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        wanted = TrailFilter(kinds=frozenset({str(PACK_MADE)}))
        events = latest_events(session, wanted, limit=MOST_LISTED)
        return [MadePack(each.at, each.actor, each.subject, each.detail) for each in events]
