"""A sentence that names an option is said by a command that has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from so24.cli.program import app
from so24.errors import WrongUse
from so24.evidence.pack import VERIFIER
from so24.store.upkeep.backup import fresh_file
from tests.help.commands import fault_of

ROOT = Path(__file__).resolve().parents[2] / "so24"
CALL = re.compile(r"so24 ([^.,;:()]*)")
# of an import whose department is not known; of the commands that make a password for somebody
OF_ONE_COMMAND = {"--new-department", "--password-stdin"}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def texts_of(path: Path) -> Iterator[str]:
    """The words that a module says."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("say"):
            words = (part for part in ast.walk(node) if isinstance(part, ast.Constant))
            yield from (part.value for part in words if isinstance(part.value, str))


def options_of(command: Any) -> Iterator[str]:
    """All options of a command and of those below it."""
    for option in command.params:
        yield from (*option.opts, *option.secondary_opts)
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from options_of(command.get_command(None, name))


def test_who_is_no_command_names_options_only_of_a_command_that_has_them() -> None:
    others = [path for path in ROOT.rglob("*.py") if "cli" not in path.relative_to(ROOT).parts]
    texts = [words for path in others for words in texts_of(path) if OPTION.search(words)]
    assert texts
    for words in texts:
        calls = CALL.findall(words)
        assert calls or set(OPTION.findall(words)) <= OF_ONE_COMMAND, words
        assert [fault_of(call.split()) for call in calls] == [""] * len(calls), words


def test_each_option_that_a_command_names_exists() -> None:
    known = {*options_of(typer.main.get_command(app)), "--seal", "--help"}
    assert '"--seal"' in VERIFIER.read_text()
    named = {
        option
        for path in (ROOT / "cli").rglob("*.py")
        for words in texts_of(path)
        for option in OPTION.findall(words)
    }
    assert named
    assert named - known == set()


@pytest.mark.parametrize("option", ["--force", "--overwrite", ""])
def test_a_name_that_is_taken_is_refused_with_the_option_of_the_command(
    tmp_path: Path, option: str
) -> None:
    taken = tmp_path / "there"
    taken.touch()
    with (
        pytest.raises(WrongUse) as refused,
        fresh_file(taken, overwrite=False, option=option),
    ):
        pass
    assert OPTION.findall(str(refused.value)) == [each for each in [option] if each]
