"""What is ticked in one tab of a browser is kept, for when its page is loaded anew.

A tab is known by a mark that it has given itself. Ticks are their user's: the mark of another
user's tab is of no use.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.database.wakeups import hush
from so24.store.people import own_lists as store
from so24.store.people.people import user_named
from so24.store.tables.ground import now
from so24.store.transfers.transfers import live_transfers

KEPT = dt.timedelta(days=2)


@dataclass(frozen=True)
class RecalledTicks:
    """The documents whose ticks still mean something.

    ``sent`` are in transfer or transferred by now and ``missing`` are not there any more: so many
    have lost their ticks.
    """

    ids: frozenset[int] = frozenset()
    sent: int = 0
    missing: int = 0


def keep_ticks(desk: Desk, tab: str, ids: Collection[int]) -> None:
    """Keep what is ticked in this tab now, and forget what any tab had two days ago.

    Raises :class:`NotAllowed`.
    """
    with desk.writing(Permission.SEE_INVOICES) as session:
        hush(session)
        store.delete_ticks(session, before=now() - KEPT)
        user = user_named(session, desk.actor.name)
        if user is not None:
            store.keep_ticks(session, user.row_id, tab, json.dumps(sorted(ids)))


def recall_ticks(desk: Desk, tab: str) -> RecalledTicks:
    """What was ticked in this tab of the user's and can be sent still; raises as above."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        user = user_named(session, desk.actor.name)
        kept = store.ticks_of(session, user.row_id, tab, since=now() - KEPT) if user else None
        ids = frozenset(json.loads(kept)) if kept else frozenset()
        return _without_gone(session, ids)


def review_ticks(desk: Desk, ids: frozenset[int]) -> RecalledTicks:
    """Which of these documents, ticked a while ago, can be sent still; raises as above."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return _without_gone(session, ids)


def _without_gone(session: Session, ids: frozenset[int]) -> RecalledTicks:
    if not ids:
        return RecalledTicks()
    there = store.existing_documents(session, ids)
    sent = there.intersection(live_transfers(session, there))
    return RecalledTicks(there - sent, len(sent), len(ids) - len(there))
