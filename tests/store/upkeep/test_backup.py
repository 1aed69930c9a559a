"""A back-up shows one moment, is whole or not there at all, and only whole ones are put back."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from so24.errors import ConfigurationError, WrongUse
from so24.store.database.engine import Database
from so24.store.database.migrate import newest_revision, upgrade
from so24.store.upkeep.backup import Backup, back_up, fresh_file, put_back, read_backup

pytestmark = pytest.mark.slow

PAGE = 4096


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A SQLite database with our tables."""
    url = f"sqlite:///{tmp_path / 'so24.db'}"
    upgrade(url, tmp_path)
    return url


@pytest.fixture
def whole(source: str, tmp_path: Path) -> Backup:
    """A back-up of it."""
    return back_up(source, tmp_path / "copy.bak")


def test_a_backup_says_what_it_holds(whole: Backup) -> None:
    assert (whole.kind, whole.revision) == ("sqlite", newest_revision())
    assert whole.size == whole.file.stat().st_size
    assert read_backup(whole.file) == whole


def test_a_backup_taken_while_others_write_shows_one_moment(source: str, tmp_path: Path) -> None:
    with busy_writer(source) as wrote:
        wrote.wait(10)
        files = [tmp_path / f"{number}.bak" for number in range(5)]
        for file in files:
            back_up(source, file)
    counts = [pairs_in(file) for file in files]
    assert all(left == right for left, right in counts)
    assert counts[-1] > counts[0] > (0, 0)


def test_a_backup_is_one_file_that_may_be_read_where_nothing_can_be_written(
    whole: Backup,
) -> None:
    with closing(sqlite3.connect(f"{whole.file.as_uri()}?immutable=1", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not list(whole.file.parent.glob("copy.bak-*"))


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "copy.bak"

    def fail(part: Path) -> None:
        part.write_text("half")
        raise OSError(28, "disk is full")

    with pytest.raises(WrongUse, match="disk is full"):
        write_with(fail, target)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_was_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "copy.bak"

    def be_late(part: Path) -> None:
        part.write_text("mine")
        target.write_text("theirs")

    with pytest.raises(WrongUse, match="exists already"):
        write_with(be_late, target)
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_not_there_cannot_be_backed_up(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="nothing to back up"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.bak")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(source: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be written"):
        back_up(source, tmp_path / "nowhere" / "copy.bak")


def write_with(write: Callable[[Path], None], target: Path) -> None:
    """Write a fresh file by this function."""
    with fresh_file(target, overwrite=False) as part:
        write(part)


def cut(content: bytes) -> bytes:
    """Only the first half of it."""
    return content[: len(content) // 2]


def overwrite_pages(content: bytes) -> bytes:
    """Some pages in the middle overwritten."""
    middle = len(content) // PAGE // 2 * PAGE
    return content[:middle] + b"\xff" * PAGE * 3 + content[middle + PAGE * 3 :]


@pytest.mark.parametrize("damage", [cut, overwrite_pages])
def test_a_damaged_backup_is_refused(whole: Backup, damage: Callable[[bytes], bytes]) -> None:
    whole.file.write_bytes(damage(whole.file.read_bytes()))
    with pytest.raises(WrongUse, match="damaged"):
        read_backup(whole.file)


def test_a_file_of_anything_else_is_refused(tmp_path: Path) -> None:
    text, other = tmp_path / "text", tmp_path / "other"
    text.write_text("Dear reader,")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipe (name)")
    for file in (text, other):
        with pytest.raises(WrongUse, match="not a back-up of so24"):
            read_backup(file)
    with pytest.raises(WrongUse, match="cannot be read"):
        read_backup(tmp_path / "missing")


def test_a_backup_of_a_newer_version_is_refused_and_so_is_its_database(whole: Backup) -> None:
    with closing(sqlite3.connect(whole.file)) as copy, copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WrongUse, match="newer so24"):
        read_backup(whole.file)
    with pytest.raises(ConfigurationError, match="newer so24"):
        upgrade(f"sqlite:///{whole.file}", whole.file.parent)


def test_those_who_have_the_database_open_see_the_restored_one(source: str, whole: Backup) -> None:
    database = Database(source)
    try:
        with database.reading() as session:
            session.connection().exec_driver_sql("SELECT count(*) FROM run")
        with database.writing() as session:
            session.connection().exec_driver_sql("CREATE TABLE later (x)")
        put_back(source, whole, whole.file.parent)
        with database.reading() as session:
            names = session.connection().exec_driver_sql("SELECT name FROM sqlite_master")
            assert ("later",) not in names.all()
    finally:
        database.dispose()


def test_a_database_whose_last_changes_lie_alone_is_not_buried(
    tmp_path: Path, whole: Backup
) -> None:
    lonely = tmp_path / "other" / "so24.db-wal"
    lonely.parent.mkdir()
    lonely.touch()
    with pytest.raises(WrongUse, match="last changes"):
        put_back(f"sqlite:///{lonely.parent / 'so24.db'}", whole, tmp_path)


@contextmanager
def busy_writer(url: str) -> Iterator[threading.Event]:
    """Somebody who writes two rows in each transaction, as fast as they can."""
    database, begun, done = Database(url), threading.Event(), threading.Event()
    run(database, "CREATE TABLE left_side (x)", "CREATE TABLE right_side (x)")

    def write() -> None:
        while not done.is_set():
            run(database, "INSERT INTO left_side VALUES (1)", "INSERT INTO right_side VALUES (1)")
            begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield begun
    finally:
        done.set()
        thread.join()
        database.dispose()


def run(database: Database, *statements: str) -> None:
    """These statements in one transaction."""
    with database.writing() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def pairs_in(file: Path) -> tuple[int, int]:
    """How many rows each side has in this back-up."""
    with closing(sqlite3.connect(file)) as copy:
        [left] = copy.execute("SELECT count(*) FROM left_side").fetchone()
        [right] = copy.execute("SELECT count(*) FROM right_side").fetchone()
    return left, right
