"""Whether a store is still untouched, so that the demo may be loaded into it."""

from __future__ import annotations

from sqlmodel import Session, select

from so24.store.document_tables import Invoice
from so24.store.key_tables import Key
from so24.store.people_tables import Activation


def is_untouched(session: Session) -> bool:
    """Whether nobody has imported, added a key or pressed the activation button yet."""
    return not any(
        session.exec(select(column).limit(1)).first()
        for column in (Invoice.id, Key.id, Activation.id)
    )
