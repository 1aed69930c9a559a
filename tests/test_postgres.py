"""The tests' own PostgreSQL: quick to give databases, and nothing of it is ever left behind."""

from __future__ import annotations

import socket
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Cluster
from tests.recovery.processes import await_truth, clean, first_line, kill, running

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]
PROGRAM = """
from tests.postgres import Cluster, find_postgres
with Cluster(find_postgres()) as cluster:
    print(cluster.port, cluster.folder, flush=True)
    input()
"""


def answers(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def count_tables(url: str) -> int:
    """How many tables so24 and its engine have in this database."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return len(connection.execute(tables).fetchall())


@pytest.mark.parametrize("killed", [False, True])
def test_nothing_is_left_when_the_tests_end_in_whatever_way(
    cluster: Cluster, tmp_path: Path, killed: bool
) -> None:
    with running("-c", PROGRAM, environment=clean(), log=tmp_path / "log") as process:
        port, folder = first_line(process).split(" ", 1)
        assert answers(int(port))
        if killed:
            kill(process)
        else:
            process.communicate("\n")
        await_truth(lambda: not answers(int(port)), "the server ends")
        await_truth(lambda: not Path(folder).exists(), "its folder is removed")


def test_databases_are_fresh_and_know_nothing_of_each_other(cluster: Cluster) -> None:
    first, second = cluster.create_database(), cluster.create_database(migrated=False)
    assert count_tables(first) > 20
    assert count_tables(second) == 0
    for url in (first, second):
        cluster.drop_database(url)
