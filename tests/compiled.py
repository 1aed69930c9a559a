"""One process compiles each SQL statement once, though every test has a database of its own.

SQLAlchemy keeps the compiled text of a statement by engine, and each test opens a new one: a third
of a test's time went into compiling what the test before it had compiled. The databases, their
connections and all that is executed stay the tests' own.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

import sqlalchemy as sa
from sqlmodel import create_engine

from so24.store.database import engine as database_engine

_MOST_STATEMENTS = 5_000


def share_compiled_statements() -> None:
    """From here on, the engines of this process that speak one dialect share what is compiled."""
    shared: dict[str, sa.Engine] = {}

    def make_sharing(url: str, **options: Any) -> sa.Engine:
        engine = create_engine(url, query_cache_size=_MOST_STATEMENTS, **options)
        name = engine.dialect.name
        if name in shared:
            # what is compiled belongs to the dialect that has compiled it
            engine.dialect = engine.pool._dialect = shared[name].dialect
            engine._compiled_cache = shared[name]._compiled_cache
        else:  # a dialect knows its server from the first connection on
            sa.event.listen(engine, "connect", lambda *_: shared.setdefault(name, engine))
        return engine

    mock.patch.object(database_engine, "create_engine", make_sharing).start()
