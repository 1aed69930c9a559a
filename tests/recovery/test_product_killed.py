"""The product as people run it - the app, the command line - killed in the middle of a run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.recovery.conftest import Site
from tests.recovery.processes import (
    ROOT,
    await_calls,
    await_truth,
    free_port,
    is_ready,
    kill,
    running,
)

pytestmark = pytest.mark.slow

EXPORT = ("-m", "so24.cli", "export", "--all", "--wait", "--json")


@contextmanager
def app(site: Site) -> Iterator[subprocess.Popen[str]]:
    """``streamlit run app.py``, ready, without anybody who opens a page."""
    port = free_port()
    command = ("-m", "streamlit", "run", "app.py", "--server.port", str(port))
    with running(*command, environment=site.environment, log=site.log) as process:
        await_truth(lambda: is_ready(port) or process.poll() is not None, "the app is ready")
        assert process.poll() is None, site.log.read_text()
        yield process


def export(site: Site) -> subprocess.CompletedProcess[str]:
    """``so24 export --all --wait --json`` from beginning to end."""
    return subprocess.run(
        [sys.executable, *EXPORT],
        cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.long
def test_a_killed_app_goes_on_when_it_is_started_again(site: Site) -> None:
    run = site.press()
    with app(site) as process:
        await_calls(site.office, 20)
        kill(process)
    assert not site.is_finished(run)
    with app(site):
        site.await_end(run)
        site.check_all_arrived_once(run)
        done = export(site)
    assert done.returncode == 0, done.stderr
    assert Counter(each["state"] for each in json.loads(done.stdout)) == {"transferred": 60}


@pytest.mark.long
def test_a_killed_command_is_taken_up_by_the_next_one(site: Site) -> None:
    site.office.reset_calls()
    with running(*EXPORT, environment=site.environment, log=site.log) as process:
        await_calls(site.office, 20)
        kill(process)
    done = export(site)
    assert done.returncode == 0, done.stderr
    lines = json.loads(done.stdout)
    assert Counter(each["state"] for each in lines) == {"transferred": 60}
    [run] = {each["run"] for each in lines}
    site.check_all_arrived_once(run)
