"""Back-up and restore on PostgreSQL, by its own client tools."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from so24.errors import ConfigurationError
from so24.store.tables.transfer_tables import State
from so24.store.upkeep.postgres_archive import load
from tests.cli.conftest import CommandLine
from tests.postgres import Cluster
from tests.sources.report_files import line
from tests.transfer.world import World, booked_by_reference

HIDDEN = "hidden-word"
TOOLS = ("pg_dump", "pg_restore", "psql")

pytestmark = [
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)),
        reason="PostgreSQL's client tools are not installed (Debian: postgresql-client)",
    ),
    pytest.mark.slow,
]


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """The world of these tests is on PostgreSQL; its URL has a password, which nothing may show."""
    return postgres_url.replace("so24@", f"so24:{HIDDEN}@")


@pytest.fixture
def shell(so24: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line for that world."""
    settings = world.installation.settings
    monkeypatch.setenv("SO24_DATABASE_URL", settings.database)
    monkeypatch.setenv("SO24_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SO24_SECRET_KEYS", settings.secret_keys.get_secret_value())
    monkeypatch.setenv("SO24_OFFICE_URL", world.address)
    return so24


def states(world: World, ids: list[int]) -> list[State]:
    """What an export of these documents ends as."""
    return [transfer.state for transfer in world.export(ids)]


def restore(world: World, shell: CommandLine, file: str = "copy.bak") -> str:
    """Restore with nobody else connected; returns what was said."""
    world.installation.close()
    return shell.well("db", "restore", file).err


@pytest.mark.long
def test_what_was_exported_after_the_backup_is_recognised_and_never_booked_twice(
    world: World, shell: CommandLine
) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 6)
    assert set(states(world, ids[:2])) == {State.TRANSFERRED}
    queued = world.start(ids[4:])
    shell.well("db", "backup", "copy.bak")
    assert set(states(world, ids[2:4])) == {State.TRANSFERRED}
    world.work(queued)
    once = booked_by_reference(world)
    assert sorted(once.values()) == [1] * 6

    said = restore(world, shell)
    assert "1 runs that were under way are stopped" in said
    assert "its history is whole" in said
    world.work(queued)  # finds what was sent after the back-up, and sends nothing
    assert states(world, ids[2:4]) == [State.EXISTS] * 2
    assert booked_by_reference(world) == once


@pytest.mark.long
def test_a_restored_back_up_gives_an_original_back_bit_by_bit(
    world: World, shell: CommandLine
) -> None:
    content = Path(shell.write_report(line())).read_bytes()
    shell.well("import", "report.xlsx")
    shell.well("db", "backup", "copy.bak")
    shell.well("originals", "purge", "--yes")
    restore(world, shell)
    shell.well("imports", "1", "--original", str(shell.folder / "out"))
    assert (shell.folder / "out" / "report.xlsx").read_bytes() == content


@pytest.mark.long
def test_a_stopped_run_that_was_never_sent_is_sent_when_it_is_exported_again(
    world: World, shell: CommandLine
) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    queued = world.start(ids)
    shell.well("db", "backup", "copy.bak")
    restore(world, shell)
    assert {each.state for each in world.work(queued)} == {State.CANCELLED}
    assert booked_by_reference(world) == {}
    assert states(world, ids) == [State.TRANSFERRED] * 2


def test_the_backup_holds_the_engines_tables_and_is_for_its_owner_only(
    world: World, shell: CommandLine
) -> None:
    said = shell.well("db", "backup", "copy.bak").err
    file = shell.folder / "copy.bak"
    assert "PostgreSQL database at revision" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    connect(world, "DROP SCHEMA dbos CASCADE")
    restore(world, shell)
    assert connect(world, "SELECT count(*) FROM dbos.dbos_migrations") == 1
    assert "--force" in shell.refused("db", "backup", "copy.bak")


@pytest.mark.long
def test_what_is_replaced_is_kept(world: World, shell: CommandLine) -> None:
    shell.well("db", "backup", "copy.bak")
    world.add_department("77")
    restore(world, shell)
    [kept] = world.installation.settings.data_dir.glob("so24.dump.before-*")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert connect(world, "SELECT count(*) FROM department") == 0
    restore(world, shell, str(kept))
    assert connect(world, "SELECT count(*) FROM department") == 1


@pytest.mark.long
def test_a_backup_goes_into_an_empty_database(
    world: World, shell: CommandLine, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_department("77")
    shell.well("db", "backup", "copy.bak")
    empty = cluster.create_database(migrated=False)
    monkeypatch.setenv("SO24_DATABASE_URL", empty)
    shell.well("db", "restore", "copy.bak")
    with psycopg.connect(empty.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT number FROM department").fetchone() == ("77",)
    cluster.drop_database(empty)


def test_nobody_restores_beside_other_connections_or_other_tables(
    world: World, shell: CommandLine
) -> None:
    shell.well("db", "backup", "copy.bak")
    world.installation.close()
    with psycopg.connect(address(world)):
        assert "other connection" in shell.refused("db", "restore", "copy.bak")
        with pytest.raises(ConfigurationError, match="another process has connected"):
            load(world.installation.db.url, shell.folder / "copy.bak")
    connect(world, "CREATE TABLE recipe (name text)")
    assert "recipe" in shell.refused("db", "restore", "copy.bak")


@pytest.mark.parametrize("part", [3, 100])
def test_a_damaged_archive_is_refused(world: World, shell: CommandLine, part: int) -> None:
    shell.well("db", "backup", "copy.bak")
    world.installation.close()
    file = shell.folder / "copy.bak"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * part // 100 - 1])
    assert "damaged" in shell.refused("db", "restore", "copy.bak")


def test_what_breaks_off_in_the_middle_changes_nothing(
    world: World, shell: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add_department("77")
    shell.well("db", "backup", "copy.bak")
    world.add_department("78")
    world.installation.close()
    real = shutil.which("pg_restore")
    stand_in(
        shell.folder, monkeypatch, "pg_restore",
        f'case "$*" in *--no-owner*) {real} "$@" | head -n 2000; exit 1;; esac; exec {real} "$@"',
    )  # fmt: skip
    said = shell("db", "restore", "copy.bak")
    assert said.code == 2
    assert "nothing was restored" in said.err
    assert connect(world, "SELECT count(*) FROM department") == 2


def test_the_password_is_in_no_command_line_and_no_sentence(
    world: World, shell: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = shutil.which("pg_dump"), shell.folder / "seen"
    stand_in(
        shell.folder, monkeypatch, "pg_dump",
        f'echo "$* | $PGPASSWORD | $SO24_SECRET_KEYS" >> {seen}; exec {real} "$@"',
    )  # fmt: skip
    shell.well("db", "backup", "copy.bak")
    command_line, password, key_material = seen.read_text().splitlines()[-1].split("|")
    assert HIDDEN not in command_line
    assert password.strip() == HIDDEN
    assert not key_material.strip()
    name = make_url(world.installation.db.url).database
    gone = world.installation.db.url.replace(str(name), "not_there")
    monkeypatch.setenv("SO24_DATABASE_URL", gone)
    assert HIDDEN not in shell.refused("db", "backup", "second.bak")


def test_missing_and_old_tools_are_told_with_what_to_install(
    world: World, shell: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(shell.folder, monkeypatch, "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    assert "of PostgreSQL 9" in shell.refused("db", "backup", "copy.bak")
    monkeypatch.setenv("PATH", str(shell.folder / "empty"))
    assert "postgresql-client" in shell.refused("db", "backup", "copy.bak")
    assert not list(shell.folder.glob("*copy.bak*"))


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Put a program of this name before the real one."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def address(world: World) -> str:
    """The database as libpq takes it."""
    return world.installation.db.url.replace("+psycopg", "")


def connect(world: World, statement: str) -> object:
    """Run one statement by a connection of its own; returns the first value, if there is any."""
    with psycopg.connect(address(world)) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None
