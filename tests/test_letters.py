"""Which names are the same, and in which order they stand: by Norwegian letters, in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from so24.letters import fold, fold_for_search, norwegian_order
from so24.store.tables.schema import METADATA

ROOT = Path(__file__).resolve().parents[1] / "so24"
FUNCTIONS = {"lower", "upper", "initcap", "casefold"}
OPERATORS = {"ilike", "not_ilike", "icontains", "istartswith", "iendswith", "collate"}
SPOKEN = {each for name in FUNCTIONS for each in (f"{name}(", f"{name.upper()}(")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Østfold", "ØSTFOLD"),
        ("Ærfugl Ås", "ÆRFUGL ÅS"),
        ("Ås", "A\u030as"),  # the ring by itself, as a Mac writes it
        ("Café", "CAFE\u0301"),
        ("Müller", "MÜLLER"),
        ("Straße", "STRASSE"),
        ("Đorđe Łukasz", "ĐORĐE ŁUKASZ"),
        ("Oslo", "Ｏｓｌｏ"),
        ("So\u00adft", "soft"),
        ("  Nordvik \t AS ", "nordvik as"),
        ("Nordvik\u00a0AS", "Nordvik AS"),
    ],
)
def test_what_reads_alike_is_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ø", "o"), ("æ", "ae"), ("å", "aa"), ("é", "e")])
def test_other_letters_stay_other_letters(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("cafe", "Café"),
        ("Malmo", "Malmö"),
        ("MUELLER", "Mueller"),
        ("muller", "Müller"),
        ("Dorde Lukasz", "Đorđe Łukasz"),
        ("café", "CAFE\u0301"),
        ("ærø ås", "Ærø A\u030as"),
    ],
)
def test_a_name_is_searched_for_without_accents(typed: str, name: str) -> None:
    assert fold_for_search(typed) == fold_for_search(name)


@pytest.mark.parametrize(("one", "other"), [("ø", "o"), ("æ", "ae"), ("å", "a"), ("å", "aa")])
def test_norwegian_letters_are_searched_for_as_letters_of_their_own(one: str, other: str) -> None:
    assert fold_for_search(one) != fold_for_search(other)


@given(st.text())
def test_what_is_folded_for_a_search_stays_as_it_is(text: str) -> None:
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_list_ends_with_æ_ø_å() -> None:
    order = ["10", "Aamodt", "andre", "André", "andre B", "Mylius", "Müller", "Zahl", "ärlig",
             "Ærø", "Øst", "Östersund", "ØSTFOLD", "Åmot", "Ås"]  # fmt: skip
    assert sorted(sorted(order), key=norwegian_order) == order


def test_no_sql_is_asked_about_letters() -> None:
    asked = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path, node in all_nodes(ROOT)
        if (isinstance(node, ast.Attribute) and speaks_of_letters(node))
        or (
            isinstance(node, ast.Constant) and any(f"{each}(" in str(node.value) for each in SPOKEN)
        )
    ]
    assert asked == []


def speaks_of_letters(node: ast.Attribute) -> bool:
    """Whether it is SQL's function, or SQLAlchemy's operator, for the case of letters."""
    if node.attr in OPERATORS:
        return True
    return node.attr in FUNCTIONS and ast.unparse(node.value).endswith("func")


def test_no_database_puts_texts_in_order() -> None:
    """Its order of letters is its own; numbers, dates and truths have but one.

    An ``id`` that is a text only parts what is equal otherwise.
    """
    texts = {
        column.name
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(getattr(column.type, "impl_instance", column.type), sa.String)
    } - {"id", "version"}  # the version of the engine's tables is a number
    ordered = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path, node in all_nodes(ROOT / "store")
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"order_by", "min", "max"}
        and any(name in texts for each in node.args for name in read_columns(each))
    ]
    assert ordered == []


def read_columns(node: ast.AST) -> Iterator[str]:
    """The attributes whose values are the expression's, not those it only compares."""
    if isinstance(node, ast.Compare) or (
        isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".in_", "among"))
    ):
        return
    if isinstance(node, ast.Attribute):
        yield node.attr
    for part in ast.iter_child_nodes(node):
        yield from read_columns(part)


@cache
def all_nodes(folder: Path) -> tuple[tuple[Path, ast.AST], ...]:
    """Every node of every module below the folder, but for the migrations, with its file."""
    return tuple(
        (path, node)
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
    )
