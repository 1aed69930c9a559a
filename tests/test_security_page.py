"""What the security page says is shown: its tests are there, each gap has its reason."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "so24" / "help" / "en" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(
    r"^\| (?P<item>\d[^|]*) \| (?P<is>[^|]+) \| (?P<how>[^|]+) \|(?P<by>[^|]*)\|$", re.MULTILINE
)
# the requirements that an assessor has looked at, and those that came with later parts
ASSESSED = (
    "2.3.3 2.3.4 2.4.1 3.3.1 3.4.1 3.4.3 3.5.x 5.2.x 5.3.2 6.1.1 6.3.1 6.2.1 6.2.3 6.2.4 6.2.5 "
    "6.2.9 6.3.2 6.3.3 6.3.8 6.4.1 6.4.6 7.2.x 7.3.1 7.3.2 7.4.1 7.5.1 8.2.1 8.2.2 8.3.1 8.3.2 "
    "8.4.1 11.3.x 11.4.2 12.x 13.2.2 13.3.1 13.4.2 14.2.1 14.2.6 14.3.x 14.3.2 15.2.1 16.2.1 "
    "16.3.x 16.2.5 16.4.1 16.5.x"
)


def named_tests() -> list[tuple[str, str]]:
    """File and name of each test that the page names, once."""
    return list(dict.fromkeys((file, name) for file, name in NAMED.findall(PAGE)))


@pytest.mark.parametrize("file", sorted({file for file, _ in named_tests()}))
def test_each_test_that_the_page_names_is_there(file: str) -> None:
    text = (ROOT / file).read_text() if (ROOT / file).exists() else ""
    assert [name for name in named_in(file) if f"def {name}(" not in text] == []
    assert [name for name in named_in(file) if is_long(ast.parse(text), name)] == []


def test_each_change_is_held_against_the_slow_list_as_a_whole() -> None:
    run = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"^\S+pytest .*-m .*$", run, re.MULTILINE) == [
        ".venv/bin/pytest -q -n auto -m 'slow and not long'"
    ]


def named_in(file: str) -> set[str]:
    """The tests of a file that the page names."""
    return {name for where, name in named_tests() if where == file}


def is_long(module: ast.Module, name: str) -> bool:
    """Whether a test is only in the long list, by itself or with its whole file."""
    marks: list[ast.expr] = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            marks += node.decorator_list
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            marks += node.value.elts if isinstance(node.value, ast.List) else [node.value]
    return "pytest.mark.long" in map(ast.unparse, marks)


def test_each_requirement_is_met_and_shown_or_says_why_not() -> None:
    rows = list(ROW.finditer(PAGE))
    assert len(rows) == len(re.findall(r"^\| \d+\.", PAGE, re.M))
    for row in rows:
        standing, shown = row["is"], NAMED.findall(row["by"])
        assert standing in ("met", "part", "n/a"), row["item"]
        assert bool(shown) == (standing != "n/a"), row["item"]
        assert ("Why part: " in row["how"]) == (standing == "part"), row["item"]


def test_each_requirement_that_was_assessed_has_a_row() -> None:
    items = " ".join(row["item"] for row in ROW.finditer(PAGE))
    assert [each for each in ASSESSED.split() if each not in items] == []


def test_every_setting_that_the_page_names_is_explained() -> None:
    told = (ROOT / "so24" / "help" / "en" / "settings.md").read_text()
    assert all(name in told for name in re.findall(r"SO24_[A-Z_]+", PAGE))


def test_the_page_in_bokmal_claims_the_same_by_the_same_tests() -> None:
    page = (ROOT / "so24" / "help" / "nb" / "security.md").read_text()
    assert NAMED.findall(page) == NAMED.findall(PAGE)
    told = {"met": "oppfylt", "part": "delvis", "n/a": "gjelder ikke"}
    assert [row["is"] for row in ROW.finditer(page)] == [
        told[row["is"]] for row in ROW.finditer(PAGE)
    ]
    assert page.count("Hvorfor delvis: ") == PAGE.count("Why part: ")


def test_the_readme_leads_to_the_page_and_it_comes_along_when_so24_is_installed() -> None:
    assert "(so24/help/en/security.md)" in (ROOT / "README.md").read_text()
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    assert "help/*/*.md" in tools["setuptools"]["package-data"]["so24"]


def test_pages_show_no_details_of_an_error() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["client"]["showErrorDetails"] == "none"
