"""Whatever kills so24 at whichever place: each file comes in once, and lies at its place once."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from so24 import crashpoints
from so24.crashpoints import INBOX_POINTS
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.inbox.watch import Inbox
from so24.sources.originals.finding import list_import_files
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.original_tables import InboxFile, OriginalFile
from tests.recovery.processes import ROOT, clean
from tests.sources.ehf.bills import Sample, pack
from tests.sources.inbox.conftest import drop, left, placed
from tests.sources.report_files import as_report, customer, line

pytestmark = pytest.mark.slow

TIMES = (1, 2)
# what lies in the folder: reports that belong together, EHF files alone and packed, one refused
FILES = {
    "lines.xlsx": as_report(line(number="1001"), line(number="1002")),
    "customers.xlsx": as_report(customer()),
    "wages.xlsx": b"no workbook",
    "department 10/one.xml": Sample(number="2001").content,
    "department 10/two.xml": Sample(number="2002").content,
    "department 10/more.zip": pack(("x.xml", Sample(number="2003").content)),
}


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def disarmed() -> Iterator[None]:
    """Nothing strikes after the test."""
    yield
    crashpoints.arm(None)


def fill(folder: Path) -> None:
    """Drop all files."""
    for name, content in FILES.items():
        drop(folder, name, content)


def check_once(installation: Installation, actor: Actor, folder: Path) -> None:
    """Every file is at its place once, with a note, and its documents came in by one import."""
    lying = placed(folder)
    contents = [(folder / each).read_bytes() for each in lying]
    assert sorted(contents) == sorted(FILES.values())
    assert left(folder) == []
    assert [*(folder / "department 10").iterdir()] == []
    assert all((folder / f"{each}.txt").read_text() for each in lying)
    assert [each.split()[-1] for each in lying if each.startswith("refused")] == ["wages.xlsx"]
    with installation.db.reading() as session:
        ended = session.exec(select(Import.id).where(Import.remarks != None)).all()  # noqa: E711
        documents = sorted(session.exec(select(Invoice.number)))
        originals = {each.sha256 for each in session.exec(select(OriginalFile))}
        assert session.exec(select(InboxFile.id)).all() == []
    assert documents == ["1001", "1002", "2001", "2002", "2003"]
    assert originals == {hashlib.sha256(each).hexdigest() for each in FILES.values()}
    files = list_import_files(Desk(installation, actor), [each for each in ended if each])
    names = [file.name for each in files.values() for file in each]
    assert sorted(names) == sorted(name.rpartition("/")[2] for name in FILES)


@pytest.mark.parametrize("point", INBOX_POINTS)
def test_each_file_comes_in_once_whatever_stops_it_where(
    installation: Installation, finance: Actor, folder: Path, disarmed: None, point: str
) -> None:
    fill(folder)
    struck = 0

    def strike(reached: str, _key: int | None) -> None:
        nonlocal struck
        if reached == point and struck < len(TIMES):
            struck += 1
            raise Killed

    crashpoints.arm(strike)
    for _ in range(len(TIMES) + 1):
        process = Inbox(installation, folder)
        try:
            for _ in range(4):
                process.look()
        except Killed:
            pass
        process.close()
    assert struck == len(TIMES)
    check_once(installation, finance, folder)


def run(installation: Installation, folder: Path, place: str, time: int) -> int:
    """Watch the folder in a process of its own; how it ended."""
    settings = installation.settings
    environment = {
        **clean(),
        "SO24_DATA_DIR": str(settings.data_dir),
        "SO24_DATABASE_URL": settings.database_url,
        "SO24_SECRET_KEYS": settings.secret_keys.get_secret_value(),
        "SO24_COOKIE_KEY": settings.cookie_key.get_secret_value(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.sources.inbox.victim", str(folder), place, str(time)],
        cwd=ROOT, env=environment, check=False,
    )  # fmt: skip
    return done.returncode


def kill_and_begin_again(
    installation: Installation, actor: Actor, folder: Path, point: str, time: int
) -> None:
    """One process is killed at the point, another one comes to the end."""
    fill(folder)
    assert run(installation, folder, point, time) == -signal.SIGKILL
    assert run(installation, folder, "", 0) == 0
    check_once(installation, actor, folder)


def test_a_process_that_is_killed_between_import_and_move_imports_nothing_twice(
    installation: Installation, finance: Actor, folder: Path
) -> None:
    kill_and_begin_again(installation, finance, folder, "inbox landed", 1)


@pytest.mark.long
@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("point", INBOX_POINTS)
def test_a_process_that_is_killed_anywhere_is_followed_by_one_that_ends_it(
    installation: Installation, finance: Actor, folder: Path, point: str, time: int
) -> None:
    kill_and_begin_again(installation, finance, folder, point, time)
