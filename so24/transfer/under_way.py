"""The runs that are under way now, for *Today*, the badge on every page and the titles of tabs."""

from __future__ import annotations

from sqlmodel import Session

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.transfers import tallies
from so24.transfer.progress import RunUnderWay, measure_progress


def read_runs_under_way(desk: Desk) -> list[RunUnderWay]:
    """The runs of which something is in transfer, the oldest first."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return runs_under_way(session)


def runs_under_way(session: Session) -> list[RunUnderWay]:
    """The same in a session that is open."""
    return [
        RunUnderWay(
            run_id=each.run_id,
            started_at=each.created_at,
            started_by=each.created_by,
            progress=measure_progress(each.counts),
            waiting=each.waiting,
            stopping=each.stopping,
            again=each.again,
        )
        for each in tallies.open_runs(session)
    ]
