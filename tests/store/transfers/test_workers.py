"""Workers that have fallen silent are cut off the database, and nobody else is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from so24.store.database.engine import Database, session_name
from so24.store.transfers.workers import cut_off


@pytest.mark.postgresql
def test_the_sessions_of_a_silent_worker_are_ended_and_no_others(postgres_url: str) -> None:
    database = Database(postgres_url)
    url = sa.make_url(postgres_url)
    gone, other = (
        sa.create_engine(url, connect_args={"application_name": name})
        for name in ("so24 lost:1:abc", session_name())
    )
    with gone.connect() as lost, other.connect() as kept:
        for each in (lost, kept):
            assert each.execute(sa.text("select 1")).scalar_one() == 1
        with database.lane_writing() as session:
            cut_off(session, {"so24 lost:1:abc/0f0f0f"})
        with pytest.raises(OperationalError):
            lost.execute(sa.text("select 1"))
        assert kept.execute(sa.text("select 1")).scalar_one() == 1
        lost.invalidate()
    gone.dispose()
    other.dispose()
    database.dispose()
