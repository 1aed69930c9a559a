"""Every command of README and help is one that the program, or the checkout, knows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from so24.language.reader import LANGUAGES
from so24.settings import Settings
from so24.ui.help.library import HELP
from tests.help.commands import INLINE, calls_of, fault_of, lines_of, refusal_of

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "README.md", *sorted(HELP.rglob("*.md"))]
IDS = [str(path.relative_to(ROOT)) for path in FILES]
# programs of others, with what they are asked for here
OTHERS = re.compile(
    r"export |set -a|\.( |$)|cd |createdb |curl |kill|python3 -m (venv|zipfile) |"
    r"python3 verify\.py|\.venv/bin/(pip|pytest|ruff|mypy|streamlit) |\.ci/run"
)
MODULE = re.compile(r"python -m (tests(?:\.\w+)+)")


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_each_line_of_a_block_is_read_by_the_program_as_it_stands(path: Path) -> None:
    for line in lines_of(path.read_text(encoding="utf-8")):
        calls = list(calls_of(line))
        assert [refusal_of(each) for each in calls if each != ["COMMAND", "--help"]] == [""] * len(
            calls
        )
        if not calls and line.strip():
            assert OTHERS.search(line) or MODULE.search(line), line


def test_options_that_the_command_refuses_together_are_noticed() -> None:
    schedule = ["schedules", "set", "mon-fri 06:30", "--key", "Oslo", "--most-documents", "200"]
    assert "--most-amount" in refusal_of(schedule)
    assert refusal_of([*schedule, "--most-amount", "2000000"]) == ""
    assert "one or the other" in refusal_of(["export", "--all", "--dry-run", "--confirm", "ab"])
    assert "not both" in refusal_of(["export"])


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_each_command_within_a_sentence_exists_with_its_options(path: Path) -> None:
    for quoted in INLINE.findall(path.read_text(encoding="utf-8")):
        for words in calls_of(" ".join(quoted.split())):
            assert fault_of(words) == "", quoted


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_each_module_that_is_to_be_run_can_be(path: Path) -> None:
    for name in MODULE.findall(path.read_text(encoding="utf-8")):
        found = importlib.util.find_spec(name)
        assert found is not None, name
        if found.submodule_search_locations:
            assert importlib.util.find_spec(f"{name}.__main__"), name


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_each_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bSO24_([A-Z_]+)\b", path.read_text(encoding="utf-8")))
    of_tests = {"TEST_POSTGRES", "LONG"}
    assert named - of_tests <= {each.upper() for each in Settings.model_fields}


def test_the_same_settings_are_explained_in_each_language() -> None:
    english, *others = (
        re.findall(r"`(SO24_[A-Z_]+)`", (HELP / each / "settings.md").read_text(encoding="utf-8"))
        for each in LANGUAGES
    )
    assert len(english) > 50
    assert all(set(each) == set(english) for each in others)
