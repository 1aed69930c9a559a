"""A drop folder of a test's own, and looks into it that do not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from so24.installation import Installation
from so24.sources.inbox.watch import Inbox

Look = Callable[..., list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to drop files into."""
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def troubles() -> list[str]:
    """What was told of files that are left."""
    return []


@pytest.fixture
def inbox(installation: Installation, folder: Path, troubles: list[str]) -> Iterator[Inbox]:
    """The folder, watched."""
    watched = Inbox(installation, folder, tell_trouble=troubles.append)
    yield watched
    watched.close()


def drop(folder: Path, name: str, content: bytes) -> Path:
    """Put a file into the folder."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def placed(folder: Path) -> list[str]:
    """What lies in ``done`` and ``refused``, notes aside."""
    return sorted(
        path.relative_to(folder).as_posix()
        for name in ("done", "refused")
        for path in (folder / name).iterdir()
        if path.suffix != ".txt"
    )


def left(folder: Path) -> list[str]:
    """The files that lie in the folder still."""
    return sorted(path.name for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
