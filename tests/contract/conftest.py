"""A live installation whose 24SevenOffice is the independent peer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from so24.demo import DEMO_FILES
from so24.installation import Installation, open_installation
from so24.invoices.overview import read_overview
from so24.keys.activation import activate
from so24.keys.credentials import AddedKey, NewKey, add_key
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.settings import Settings
from so24.sources.intake import import_files
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.people_tables import Role
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from so24.vault import new_cookie_key, new_secret_key
from tests.conftest import put_database, wait_until
from tests.contract import vendor
from tests.contract.doorkeeper import Account, Membership
from tests.contract.peer import Peer
from tests.contract.wire import Manners, Record
from tests.sources.report_files import as_grid, as_workbook, customer, line

APPLICATION = "5d0f3a52-8f0e-4f4e-9a55-2b1d6d1c7f10"
USER, PASSWORD = "export@selskap.example", "hemmelig & <lang> æøå"
CLIENT, OTHER = 770011, 770012
ADMIN = Actor("ada", Role.ADMIN)


@dataclass(frozen=True)
class Live:
    """A live installation and the peer that it talks to."""

    installation: Installation
    peer: Peer

    def add_key(self, organization_id: int = CLIENT, password: str = PASSWORD) -> AddedKey:
        """A key for all departments, tested against the peer."""
        new = NewKey(
            name="Hovedbok",
            organization_id=organization_id,
            username=USER,
            password=password,
            all_departments=True,
            category="Tjenester",
        )
        return add_key(Desk(self.installation, ADMIN), new)

    def load_documents(self) -> list[int]:
        """The demo's documents by way of the intake; their ids."""
        files = [(path.name, path.read_bytes()) for path in DEMO_FILES]
        import_files(Desk(self.installation, ADMIN), files)
        return [
            row.id for row in read_overview(Desk(self.installation, ADMIN), InvoiceFilter()).rows
        ]

    def load_one(self) -> list[int]:
        """One document of customer 5001; its id."""
        grids = {"Lines": as_grid([line({"Invoice date": "18.11.2026"})]),
                 "Customers": as_grid([customer()])}  # fmt: skip
        import_files(Desk(self.installation, ADMIN), [("one.xlsx", as_workbook(grids))])
        [row] = read_overview(Desk(self.installation, ADMIN), InvoiceFilter()).rows
        return [row.id]

    def orders(self, client: int = CLIENT) -> list[Record]:
        """What stands in the peer's own books of a company."""
        return list(self.peer.books.companies[client].orders.values())

    def export(self, ids: list[int]) -> tuple[ReceiptLine, ...]:
        """Press the button and let a worker bring the run to its end; the receipt's lines."""
        run = start_run(Desk(self.installation, ADMIN), ids, job_enqueuer(self.installation))
        worker = JobWorker(self.installation)
        assert worker.start()
        try:
            wait_until(lambda: read_receipt(Desk(self.installation, ADMIN), run).tally.finished)
        finally:
            worker.stop()
        return read_receipt(Desk(self.installation, ADMIN), run).lines


Begin = Callable[..., Live]


@pytest.fixture(autouse=True)
def _needs_the_vendors_files() -> None:
    if not vendor.is_at_hand():
        pytest.skip(f"the vendor's interface files are not in {vendor.FOLDER}")


@pytest.fixture
def begin(tmp_path: Path, migrated_file: bytes) -> Iterator[Begin]:
    """Begins a live installation against a peer with these manners and memberships."""
    with ExitStack() as stack:

        def begin_live(manners: Manners, *clients: int) -> Live:
            members = tuple(Membership(each, f"Selskap {each} AS") for each in clients or (CLIENT,))
            peer = Peer(Account(USER, PASSWORD, members), APPLICATION, manners)
            stack.enter_context(peer)
            put_database(tmp_path / "data", migrated_file)
            installation = open_installation(live_settings(tmp_path / "data", peer.address))
            stack.callback(installation.close)
            activate(Desk(installation, ADMIN))
            return Live(installation, peer)

        yield begin_live


def live_settings(data_dir: Path, address: str) -> Settings:
    """Live mode as it is, but without the waits that only spare the real service."""
    return Settings(
        _env_file=None,
        mode="live",
        data_dir=data_dir,
        office_url=address,
        application_id=APPLICATION,
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        database_url="",
        login_pause_seconds=0,
        patience_seconds=5,
        settle_seconds=0.1,
        pace_per_second=1000,
    )
