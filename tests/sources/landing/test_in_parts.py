"""What an import leaves behind does not depend on how much of a file is looked at at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from so24.errors import UnreadableFile
from so24.installation import open_installation
from so24.people.roles import Actor
from so24.settings import Settings
from so24.sources import intake
from so24.sources.documents import spool
from tests.conftest import put_database
from tests.sources.any_reports import import_all, make_files, sort_warnings

ALL = 1_000_000
FEW, MANY = 3, 200


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "seeds", [range(FEW), pytest.param(range(FEW, MANY), marks=pytest.mark.long)]
)
def test_any_file_lands_alike_by_one_by_two_by_seven_and_all_at_once(
    settings: Settings,
    finance: Actor,
    migrated_file: bytes,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    seeds: range,
) -> None:
    for seed in seeds:
        files = make_files(seed)
        came: dict[int, Any] = {}
        for at_once in (ALL, 1, 2, 7):
            monkeypatch.setattr(intake, "CHUNK", at_once)  # documents of one transaction
            monkeypatch.setattr(spool, "_BATCH", min(at_once, 128))  # rows that are read together
            monkeypatch.setattr(spool, "_BUFFER", 10 * at_once)
            folder = tmp_path / f"{seed} by {at_once}"
            put_database(folder, migrated_file)
            installation = open_installation(settings.model_copy(update={"data_dir": folder}))
            try:
                came[at_once] = sort_warnings(import_all(installation, finance, files))
            except UnreadableFile as error:
                came[at_once] = str(error)
            finally:
                installation.close()
        for at_once in (1, 2, 7):
            assert came[at_once] == came[ALL], f"seed {seed}, {at_once} at once"
