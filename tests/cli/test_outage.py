"""PostgreSQL goes away while a command works: it waits, and says so once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_processes import started
from tests.conftest import wait_until
from tests.postgres import Cluster

LOST, BACK = "The database does not answer (", "The database answers again."


@pytest.fixture
def away(
    so24: CommandLine, postgres_url: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cluster]:
    """The server of the command line's database; it runs again afterwards."""
    monkeypatch.setenv("SO24_DATABASE_URL", postgres_url)
    so24.get_ready("1001")
    yield cluster
    cluster.start()


@pytest.mark.long
def test_a_worker_says_once_that_the_database_is_lost_and_once_that_it_is_back(
    so24: CommandLine, away: Cluster
) -> None:
    with started("worker") as process:
        assert process.stderr is not None
        said = [process.stderr.readline()]
        away.kill()
        said.append(process.stderr.readline())
        with pytest.raises(AssertionError, match="in time"):
            wait_until(lambda: False, seconds=3)  # several rounds of housekeeping and heartbeat
        away.start()
        said.append(process.stderr.readline())
        process.terminate()
        said += process.communicate(timeout=60)[1].splitlines(keepends=True)
    assert [line.partition(LOST)[1] for line in said] == ["", LOST, "", ""]
    assert BACK in said[2]
    assert said[3].startswith("Stopped")


@pytest.mark.long
def test_an_export_waits_for_the_database_and_for_its_documents(
    so24: CommandLine, away: Cluster
) -> None:
    so24.office.set(latency_ms=300)
    with started("export", "--all", "--wait", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        wait_until(lambda: so24.saves() >= 1)
        away.kill()
        assert LOST in process.stderr.readline()
        away.start()
        out, err = process.communicate(timeout=120)
    assert (process.returncode, '"state": "transferred"' in out) == (0, True), err
    assert "Traceback" not in err


@pytest.mark.long
def test_an_export_whose_time_is_up_in_an_outage_says_that_the_run_goes_on(
    so24: CommandLine, away: Cluster
) -> None:
    so24.office.set(latency_ms=2000)
    before = so24.office.calls()["requests"]
    with started("export", "--all", "--wait", "--timeout", "8") as process:
        wait_until(lambda: so24.office.calls()["requests"] > before)
        away.kill()
        _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "The run goes on when it does" in err
    assert "Traceback" not in err
