"""What README and help tell people to type one line after the other does what it says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from so24.language.reader import ENGLISH, LANGUAGES
from so24.ui.help.library import HELP, PAGES
from tests.help.commands import BLOCK, STEPS

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "README.md", *(HELP / ENGLISH / f"{name}.md" for name in PAGES)]
FOUND = [
    pytest.param(script, id=f"{path.relative_to(ROOT)}-{kind}")
    for path in FILES
    for kind, script in STEPS.findall(path.read_text(encoding="utf-8"))
]
PORT = "8024"
AS_THERE = ".venv/bin/so24"


def test_steps_are_found_in_the_help_and_in_the_readme() -> None:
    assert len(FOUND) == 3


@pytest.mark.parametrize("name", PAGES)
def test_each_language_has_the_same_commands(name: str) -> None:
    english, *others = (
        [
            line.partition(" #")[0].rstrip()
            for block in BLOCK.finditer((HELP / each / f"{name}.md").read_text(encoding="utf-8"))
            for line in block[2].splitlines()
        ]
        for each in LANGUAGES
    )
    assert others == [english] * len(others)


@pytest.mark.slow
@pytest.mark.parametrize("script", FOUND)
def test_the_steps_can_be_gone_as_they_stand(script: str, tmp_path: Path) -> None:
    """In an empty folder, on a port that is free; the shell stops at the first that fails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    program = tmp_path / "bin" / "so24"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from so24.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24")}
    environment = kept | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "SO24": str(ROOT),
        "SO24_DATA_DIR": str(tmp_path / "data"),
        "SO24_PATIENCE_SECONDS": "1",  # one company of the demo does not answer at all
    }
    begun = subprocess.Popen(
        ["/bin/bash", "-euo", "pipefail", "-c", script_of(script, port)],
        cwd=tmp_path, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = begun.communicate()
    finally:
        end_group(begun.pid)
    assert begun.returncode == 0, out
    assert "Traceback" not in out
    assert "whole" in out


def script_of(script: str, port: str) -> str:
    """The lines as they stand, but for the port and for where the program is."""
    told = script.replace(AS_THERE, "so24").replace(PORT, port)
    first, _, rest = told.partition("&  ")
    if not rest:
        return told
    # the sandbox stays behind and says its address when it answers; a person has read it by then
    return f"{first} > started 2>&1 &\nuntil grep -q http started; do sleep 0.1; done\n#{rest}"


def end_group(pid: int) -> None:
    """End what the shell has left behind it, which is the sandbox."""
    try:
        os.killpg(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
