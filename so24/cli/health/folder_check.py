"""The data folder as `so24 check` sees it: whether files can be made there, and how much fits."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from so24.cli.health.finding import HealthFinding
from so24.settings import Settings

MEGABYTE = 2**20
PROBE = MEGABYTE
# a nightly back-up of a year's invoices is some ten megabytes; a full disk stops every write
LITTLE_SPACE = 500 * MEGABYTE
NO_SPACE = 20 * MEGABYTE


def look_at_folder(settings: Settings) -> HealthFinding:
    """Whether the data folder, or what it would be made in, takes a file; nothing stays of it."""
    folder = settings.data_dir
    trouble = obstacle(folder)
    if trouble:
        words = f"{folder} cannot be used: {trouble}; set SO24_DATA_DIR to another folder"
        return HealthFinding("data folder", "fault", words)
    if not folder.exists():
        return HealthFinding("data folder", "note", f"{folder} does not exist yet; it can be made")
    return judge_space(folder, shutil.disk_usage(folder).free)


def judge_space(folder: Path, free: int) -> HealthFinding:
    """A fault where next to nothing fits any more, a warning where it will soon be so."""
    words = f"{folder} can be written, {free / MEGABYTE:,.0f} MB are free"
    if free < NO_SPACE:
        return HealthFinding(
            "data folder", "fault", f"{words}: make room before anything is exported"
        )
    return HealthFinding("data folder", "warning" if free < LITTLE_SPACE else "ok", words)


def obstacle(folder: Path) -> str:
    """Why no file can be made in the folder, or the folder itself; empty where it can.

    A file without a name is written to the disk and forgotten.
    """
    standing = next(each for each in (folder, *folder.absolute().parents) if os.path.exists(each))
    try:
        with tempfile.TemporaryFile(dir=standing) as probe:
            probe.write(os.urandom(PROBE))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
