"""An installation, an office in a process of its own, and sixty documents over two keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from so24.installation import Installation, open_installation
from so24.people.desk import Desk
from so24.sandbox.books.seed import BERGEN
from so24.sandbox.runner import Control
from so24.settings import Settings
from so24.store.history.verification import verify_history
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from tests.recovery.processes import await_truth, clean, first_line, running
from tests.transfer.world import ADMIN, World, booked_by_reference, drafts_left, make_world

DOCUMENTS = 30  # for each of the two keys
CHANGES: dict[str, object] = {
    "batch_size": 5,  # so that a lane makes some twenty calls, and each may be the last one
    "settle_seconds": 0.3,
    "patience_seconds": 30.0,
    "login_pause_seconds": 0.0,
    "pace_per_second": 1000.0,
    "pace_burst": 1000,
}


@dataclass(frozen=True)
class Site:
    """The installation, its documents, and how processes of it are begun."""

    world: World
    ids: list[int]
    environment: dict[str, str]
    log: Path

    @property
    def installation(self) -> Installation:
        """The installation as this process has it open."""
        return self.world.installation

    @property
    def office(self) -> Control:
        """The office's switches, counts and books."""
        return self.world.control

    def press(self) -> str:
        """Press the button for all documents; nobody in this process does the work."""
        self.office.reset_calls()
        return start_run(Desk(self.installation, ADMIN), self.ids, job_enqueuer(self.installation))

    def is_finished(self, run: str) -> bool:
        """Whether nothing of the run is in transfer."""
        return read_receipt(Desk(self.installation, ADMIN), run).tally.finished

    def has_arrived(self, run: str) -> bool:
        """Whether everything of the run is transferred."""
        tally = read_receipt(Desk(self.installation, ADMIN), run).tally
        return tally.transferred == tally.documents

    def make_due(self) -> None:
        """Let the time of every planned retry come."""
        with self.installation.db.writing() as session:
            planned = sa.update(Transfer).where(col(Transfer.retry_at).is_not(None))
            session.execute(planned.values(retry_at=now()))

    def await_end(self, run: str) -> None:
        """Wait until nothing of the run is in transfer."""
        await_truth(lambda: self.is_finished(run), "the end of the run")

    def await_last_look(self, run: str) -> None:
        """Wait until a worker has looked once more after writes that lost their answer."""

        def is_looked_after() -> bool:
            with self.installation.db.reading() as session:
                waiting = [row for row in transfers_of_run(session, run) if row.look_again_at]
            return not waiting and self.drafts_left() == 0

        await_truth(is_looked_after, "no draft is left behind")

    def drafts_left(self) -> int:
        """Drafts in the office's own books."""
        return sum(drafts_left(self.world, client) for client in self.office.books())

    def check_all_arrived_once(self, run: str) -> None:
        """The run's transfers, the office's own books and the history tell the same."""
        with self.installation.db.reading() as session:
            transfers = transfers_of_run(session, run)
            verdict = verify_history(session)
        assert {row.state for row in transfers} == {State.TRANSFERRED}
        assert verdict.breaks == ()
        assert verdict.chains == len(self.ids) == len(transfers)
        organizations = {row.organization_id for row in transfers if row.organization_id}
        booked = Counter[str]()
        for organization in organizations:
            booked.update(booked_by_reference(self.world, organization))
        assert list(booked.values()) == [1] * len(self.ids)
        assert self.drafts_left() == 0
        numbers = {(row.organization_id, row.office_invoice_id) for row in transfers}
        assert len(numbers) == len(self.ids)


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Iterator[Site]:
    """Everything in place, and nobody at work."""
    log = tmp_path / "processes.log"
    with running("-m", "tests.recovery.office", environment=clean(), log=log) as office:
        address = first_line(office)
        changed = settings.model_copy(update={**CHANGES, "office_url": address})
        installation = open_installation(changed)
        world = make_world(installation, address)
        oslo, bergen = world.add_department("10"), world.add_department("20")
        world.add_key([oslo])
        world.add_key([bergen], account="bergen", client=BERGEN)
        ids = world.add_invoices(oslo, DOCUMENTS, first=1001)
        ids += world.add_invoices(bergen, DOCUMENTS, first=2001)
        yield Site(world, ids, clean() | variables(changed), log)
        installation.close()


def variables(settings: Settings) -> dict[str, str]:
    """The settings as another process is given them."""
    return {
        "SO24_DATA_DIR": str(settings.data_dir),
        "SO24_OFFICE_URL": settings.office_url,
        "SO24_SECRET_KEYS": settings.secret_keys.get_secret_value(),
        "SO24_COOKIE_KEY": settings.cookie_key.get_secret_value(),
        "SO24_DEMO": "false",
        **{f"SO24_{name.upper()}": str(value) for name, value in CHANGES.items()},
    }
