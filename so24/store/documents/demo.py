"""Whether a store is still untouched, so that the demo may be loaded into it, or holds it."""

from __future__ import annotations

from sqlmodel import Session, select

from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Activation


def is_untouched(session: Session) -> bool:
    """Whether nobody has imported, added a key or pressed the activation button yet."""
    return not any(
        session.exec(select(column).limit(1)).first()
        for column in (Invoice.id, Key.id, Activation.id)
    )


def is_filled_by(session: Session, actor: str) -> bool:
    """Whether everything that was imported was by this actor, and the activation was decided."""
    actors = set(session.exec(select(Import.actor).distinct()))
    return actors == {actor} and session.exec(select(Activation.id)).first() is not None
