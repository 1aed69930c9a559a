"""A key whose documents are in transfer keeps the rules under which they were sent off."""

from __future__ import annotations

from sqlmodel import Session

from so24.errors import WrongUse
from so24.store.keys import keys as store
from so24.store.tables.key_tables import Key
from so24.store.transfers.runs import lock_submissions


def idle_key(session: Session, key_id: int) -> Key:
    """The key, to be given other rules; no run can begin by it before the session's end.

    Raises :class:`WrongUse` while documents are in transfer by it: people have confirmed what
    becomes of them.
    """
    lock_submissions(session)
    key = store.known_key(session, key_id)
    count = store.open_transfers(session, key_id)
    if count:
        raise WrongUse(
            f"Key “{key.name}” is in use: {count} of its documents are in transfer and go as was "
            "confirmed. Wait for their end, or stop their run; then change the key."
        )
    return key
