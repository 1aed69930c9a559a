"""What the product asks its store, answered from memory where the tables stand as they stood.

Building a question by SQLAlchemy and carrying it out takes most of a history's time, and most are
asked again and again while nothing changes. Only questions are remembered, never a write; an answer
holds as long as none of the tables that it was read from was written to, and where a history is at
its beginning in all histories that begin alike. A test holds that a history is the same, byte by
byte, without all this.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any
from unittest import mock

from sqlalchemy.orm.attributes import instance_state
from sqlmodel import Session

from so24.store.documents import documents
from so24.store.history import events
from so24.store.keys import keys
from so24.store.links import links, product_links
from so24.store.transfers import open_lanes, runs, transfers
from so24.store.transfers.transfers import LaneName
from tests.simulation.quick.memory import MemoryDatabase

PLAIN = (int, str, LaneName, type(None))  # of several values it is these, whatever holds them
DOCUMENTS = ("invoice", "invoice_line", "customer", "department")


@dataclass(frozen=True)
class Question:
    """A function of the store, the tables that it reads, and how an answer is handed out again.

    ``written``: it answers with a row that whoever asks may change, so that everybody has its own,
    and a session that writes reads it itself. All other rows are only looked at.
    """

    module: Any
    name: str
    tables: tuple[str, ...]
    written: bool = False
    again: Callable[[Any], Any] = lambda answer: answer


def _copy_row(row: Any) -> Any:
    """Another object of the same row, as a session hands it out when it has ended."""
    if row is None:
        return None
    state = instance_state(row)
    made = state.manager.new_instance()
    made.__dict__.update(
        {name: value for name, value in row.__dict__.items() if name != "_sa_instance_state"}
    )
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(made, name, copy.copy(getattr(row, name, None)))
    instance_state(made).key = state.key
    return made


QUESTIONS = (
    Question(runs, "is_cancelled", ("run",)),
    Question(links, "linked_cards", ("customer_link",), again=dict),
    Question(links, "denied_customers", ("customer_link",), again=set),
    Question(links, "customer_links", ("customer_link",), again=dict),
    Question(links, "bindings", ("order_link",), again=dict),
    Question(product_links, "linked_products", ("product_link",), again=dict),
    Question(product_links, "denied_products", ("product_link",), again=set),
    Question(keys, "mapped_departments", ("office_department",), again=dict),
    Question(documents, "load_documents", DOCUMENTS, again=list),
    Question(documents, "documents_by_ids", ("invoice",), again=dict),
    Question(events, "latest_anchor", ("history_anchor",)),
    Question(events, "much_waits", ("transfer_event",)),
    Question(open_lanes, "open_lanes", ("transfer",), again=list),
    Question(open_lanes, "lanes_at_rest", ("transfer", "invoice"), again=dict),
    Question(transfers, "known_orders", ("transfer",), again=dict),
    Question(keys, "activation_row", ("activation",)),
    Question(keys, "known_key", ("office_key",), written=True, again=_copy_row),
    Question(keys, "key_of_lane", ("office_key",)),
    Question(keys, "living_keys", ("office_key",), again=list),
    Question(keys, "served_departments", ("key_department",), again=list),
    Question(transfers, "open_of_lane", ("transfer",), again=list),
    Question(transfers, "transfers_by_ids", ("transfer",), again=list),
    Question(transfers, "waiting_transfers", ("transfer",), again=list),
    Question(transfers, "live_transfers", ("transfer",), again=dict),
)


@contextmanager
def remembered() -> Iterator[None]:
    """Answer from memory wherever the product's modules know these functions."""
    answering = {
        ask: _remember(question, ask)
        for question in QUESTIONS
        for ask in (getattr(question.module, question.name),)
    }
    with ExitStack() as patches:
        for name, module in list(sys.modules.items()):
            if not name.startswith("so24."):
                continue
            for known, value in list(vars(module).items()):
                if isinstance(value, FunctionType) and value in answering:
                    patches.enter_context(mock.patch.object(module, known, answering[value]))
        yield


def _remember(question: Question, ask: Callable[..., Any]) -> Callable[..., Any]:
    """The question's function, which asks the store only for what is not known."""
    tables, again, written = question.tables, question.again, question.written

    def answer(session: Session, *asked: Any, **more: Any) -> Any:
        database: MemoryDatabase | None = session.info.get("database")
        if database is None or (written and database.writes):
            return ask(session, *asked, **more)
        wanted = tuple([each if type(each) in PLAIN else tuple(each) for each in asked])
        kept, stand = database.answers_from(tables)
        known = (ask, wanted, stand, *more.items()) if more else (ask, wanted, stand)
        if known not in kept:
            kept[known] = again(ask(session, *wanted, **more))
        return again(kept[known])

    return answer
