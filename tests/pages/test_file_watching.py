"""The private part of Streamlit by which the app ends the watch over Streamlit's own settings."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.watcher.polling_path_watcher import PollingPathWatcher
from streamlit.web import bootstrap


def test_a_file_is_looked_at_again_only_where_that_is_scheduled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled: list[PollingPathWatcher] = []
    monkeypatch.setattr(PollingPathWatcher, "_schedule", lambda each: scheduled.append(each))
    monkeypatch.setattr(ThreadPoolExecutor, "submit", lambda *_: pytest.fail("it is polled"))
    file = tmp_path / "config.toml"
    file.touch()
    watcher = PollingPathWatcher(str(file), lambda _path: None)
    watcher._check_if_path_changed()
    assert scheduled == [watcher, watcher]


def test_the_settings_are_watched_by_polling_whatever_the_settings_say() -> None:
    source = inspect.getsource(bootstrap._install_config_watchers)
    assert 'watcher_type="poll"' in source, "else the app need not end it any more"
