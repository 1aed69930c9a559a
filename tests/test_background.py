"""What works behind the pages survives any error; ``/so24/ready`` tells when it does not work."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from so24 import background
from so24.background import Background
from so24.transfer.jobs import housekeeping
from so24.transfer.jobs import worker as jobs_worker
from tests.conftest import wait_until
from tests.sources.report_files import as_report, line
from tests.transfer.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def behind(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Background]:
    """What works behind the pages, not begun yet; it tries again soon."""
    monkeypatch.setattr(background, "RETRY_SECONDS", 0.02)
    monkeypatch.setattr(jobs_worker, "HOUSEKEEPING_SECONDS", 0.02)
    made = Background(world.installation)
    yield made
    made.stop()


def test_the_lock_is_tried_again_after_any_error_and_ready_tells_meanwhile(
    behind: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Exception] = []
    tries: list[bool] = []
    begin = behind.worker.start

    def try_to_begin() -> bool:
        tries.append(True)
        if len(tries) == 1:
            return False  # another process has the lock
        if troubles:
            raise troubles[0]
        return begin()

    monkeypatch.setattr(behind.worker, "start", try_to_begin)
    troubles.append(OSError(errno.EMFILE, "Too many open files"))
    behind.start()
    for trouble in (PermissionError("worker.lock"), RuntimeError("of the engine")):
        wait_until(lambda: not behind.ready()[0])
        assert "so24-keeper fails" in behind.ready()[1]
        troubles[:] = [trouble]
    assert not behind.worker.running
    troubles.clear()
    wait_until(lambda: behind.ready() == (True, "runs jobs"))
    assert behind.worker.running


def test_ready_tells_while_housekeeping_fails(
    behind: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind.start()
    assert behind.ready() == (True, "runs jobs")
    keep_house = housekeeping.keep_house
    monkeypatch.setattr(housekeeping, "keep_house", lambda *_: 1 / 0)
    monkeypatch.setattr(housekeeping, "IDLE_HOUSEKEEPING_SECONDS", 0.02)
    wait_until(lambda: not behind.ready()[0])
    assert "so24-housekeeping fails (ZeroDivisionError)" in behind.ready()[1]
    monkeypatch.setattr(housekeeping, "keep_house", keep_house)
    wait_until(lambda: behind.ready()[0])


def test_the_drop_folder_is_watched_where_the_jobs_are_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "STANDBY_SECONDS", 0.02)
    folder = tmp_path / "inbox"
    settings = world.installation.settings.model_copy(
        update={"inbox": folder, "inbox_seconds": 0.05}
    )
    behind = Background(replace(world.installation, settings=settings))
    behind.start()
    folder.mkdir()  # a share that is mounted later than so24 starts
    (folder / "lines.xlsx").write_bytes(as_report(line()))
    wait_until(lambda: (folder / "done" / "1 lines.xlsx").exists())
    behind.stop()
