"""``python -m tests.machines.office [LATENCY]``: a sandbox with many companies, till input ends."""

from __future__ import annotations

import sys

from so24.keys.credentials import NewKey, add_key
from so24.people.desk import Desk
from so24.sandbox.books.identities import add_account
from so24.sandbox.books.seed import add_client
from so24.sandbox.runner import SandboxServer
from so24.sandbox.wire.quota import Limits
from tests.transfer.world import ADMIN, World

COMPANIES = 8
FIRST = 10_000_101
LATENCY_MILLISECONDS = 30.0


def add_company_key(world: World, number: int) -> int:
    """A department with a key for this company; returns the department's id."""
    department = world.add_department(f"{number + 1}0")
    username, password = account(number)
    new = NewKey(
        name=f"key {number}",
        organization_id=FIRST + number,
        username=username,
        password=password,
        department_ids=(department,),
        category=1,
    )
    add_key(Desk(world.installation, ADMIN), new)
    return department


def account(number: int) -> tuple[str, str]:
    """The user name and the password of the account of this company, published ones."""
    return f"company{number}@sandbox.example", f"sandbox-company{number}"


def main() -> None:
    """Serve fresh books in memory; the first line printed is the address."""
    latency = float(sys.argv[1]) if len(sys.argv) > 1 else LATENCY_MILLISECONDS
    limits = Limits(requests_per_hour=10**7, logins_per_minute=10**6)
    with SandboxServer(world=None, latency_ms=latency, limits=limits) as server:
        books = server.sandbox.books
        with books.transaction():
            for number in range(COMPANIES):
                add_client(books, FIRST + number, f"Company {number} AS")
                add_account(books, *account(number), [FIRST + number])
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
