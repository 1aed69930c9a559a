"""Starting the app: what cannot be used is said in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, START_SECONDS, free_port

pytestmark = pytest.mark.slow

# other settings of the same kind: one start shows what becomes of it, tests/test_settings.py shows
# the sentence of each
long = partial(pytest.param, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SO24_MODE": "live"}, "live mode needs SO24_SECRET_KEYS and SO24_COOKIE_KEY"),
        long({"SO24_MODE": "production"}, "SO24_MODE"),
        long({"SO24_COOKIE_KEY": "short"}, "SO24_COOKIE_KEY is shorter than 32 characters"),
        long({"SO24_OFFICE_URL": "http://office.invalid"}, "must be an https address"),
        long(
            {"SO24_DATABASE_URL": "postgresql+psycopg://so24:word@127.0.0.1:1/so24"},
            "The database cannot be used: connection failed",
        ),
        long({"SO24_DATA_DIR": "/proc/so24"}, "The data folder cannot be used"),
    ],
)
def test_unusable_settings_end_the_start_with_one_sentence_and_code_2(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
        cwd=ROOT,
        env={**kept, "SO24_DATA_DIR": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
