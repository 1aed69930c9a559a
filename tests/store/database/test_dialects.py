"""Conditions with lists of any length, on both databases."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from so24.installation import Installation
from so24.store.database.dialects import among, among_given, listed
from so24.store.documents.documents import without_zeros
from so24.store.tables.document_tables import Customer, Product

STORE = Path(__file__).resolve().parents[3] / "so24" / "store"
# more than one statement of PostgreSQL's protocol takes as parameters
MANY = 70_000
REST = ["2", "3", "007"]  # of the products, without the first


@pytest.fixture
def products(installation: Installation) -> Installation:
    """Products 1, 2, 3 and 007."""
    with installation.db.writing() as session:
        session.add_all(Product(tenant="recman", number=each) for each in ("1", "2", "3", "007"))
    return installation


def numbers(installation: Installation, condition: sa.ColumnElement[bool]) -> list[str]:
    """The numbers of the products that the condition holds for, in the order they came in."""
    with installation.db.reading() as session:
        return list(session.exec(select(Product.number).where(condition).order_by(col(Product.id))))


def test_what_is_among_many_is_found_by_number_or_text(products: Installation) -> None:
    assert numbers(products, among(Product.id, range(2, MANY))) == ["2", "3", "007"]
    assert numbers(products, among(Product.number, map(str, range(2, MANY)))) == ["2", "3"]
    assert numbers(products, among(without_zeros(Product.number), ["7", "3"])) == ["3", "007"]


def test_what_is_not_among_many_is_found(products: Installation) -> None:
    assert numbers(products, ~among(Product.id, range(2, MANY))) == ["1"]
    assert numbers(products, ~among(Product.number, ["1", "3", None])) == ["2", "007"]


@pytest.mark.both
def test_a_statement_that_is_made_once_is_given_its_lists(products: Installation) -> None:
    by_id = select(Product.number).where(among_given(Product.id, "ids")).order_by(col(Product.id))
    by_number = select(Product.id).where(among_given(Product.number, "numbers"))
    with products.db.reading() as session:
        for wanted, found in (
            ([2, 1, 2], ["1", "2"]),
            ([], []),
            (range(2, MANY), ["2", "3", "007"]),
        ):
            assert list(session.exec(by_id, params={"ids": listed(wanted)})) == found
        assert list(session.exec(by_number, params={"numbers": listed(["7", "3", None])})) == [3]


@pytest.mark.both
def test_a_column_of_which_nothing_is_known_is_compared_as_its_values_are(
    products: Installation,
) -> None:
    number: sa.ColumnElement[str] = sa.literal_column("product.number")
    row_id: sa.ColumnElement[int] = sa.literal_column("product.id")
    assert numbers(products, among(number, ["2", "007"])) == ["2", "007"]
    assert numbers(products, among(row_id, [2, 3])) == ["2", "3"]


def test_nothing_is_among_nothing(products: Installation) -> None:
    for column in (Product.id, Product.number, without_zeros(Product.number)):
        assert numbers(products, among(column, [])) == []
        assert len(numbers(products, ~among(column, []))) == 4


def test_texts_keep_their_letters(products: Installation) -> None:
    odd = ["Østfold", "a,b", '{"x"}', "it's", "back\\slash", "%", "null", ""]
    with products.db.writing() as session:
        session.add_all(Customer(tenant="recman", number=each) for each in odd)
    with products.db.reading() as session:
        found = session.exec(select(Customer.number).where(among(Customer.number, odd)))
        assert sorted(found) == sorted(odd)


def test_two_lists_in_one_statement_are_told_apart(products: Installation) -> None:
    both = sa.and_(among(Product.id, [1, 2]), among(Product.number, ["2", "3"]))
    assert numbers(products, both) == ["2"]


def test_rows_among_many_are_changed_and_deleted(products: Installation) -> None:
    with products.db.writing() as session:
        session.execute(
            sa.update(Product).where(among(Product.id, range(3, MANY))).values(name="changed")
        )
        session.execute(sa.delete(Product).where(among(Product.number, ["1", "007"])))
    with products.db.reading() as session:
        rows = session.exec(select(Product).order_by(col(Product.id)))
        assert [(row.number, row.name) for row in rows] == [("2", ""), ("3", "changed")]


def test_nothing_in_the_store_says_in_of_a_list_that_may_be_long() -> None:
    """What is told by a constant, or by a set of an enum's members, cannot be long."""
    spoken = [
        f"{path.relative_to(STORE)}: {ast.unparse(node)}"
        for path in sorted(STORE.rglob("*.py"))
        if path.name != "dialects.py" and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("in_", "not_in", "notin_")
        and not all(map(is_short, node.args))
    ]
    assert spoken == []


def is_short(values: ast.expr) -> bool:
    """Whether it is a constant, members of an enum, or another query."""
    if isinstance(values, ast.Name):
        return values.id.isupper() or values.id in {"states", "found"}
    if isinstance(values, ast.Tuple):
        return all(isinstance(each, ast.Attribute) for each in values.elts)
    if isinstance(values, ast.Attribute):
        return values.attr in {"states", "kinds"}
    return any(name in {"select", "having"} for name in called(values))


def called(values: ast.expr) -> Iterator[str]:
    """The names of the functions that are called in an expression."""
    for node in ast.walk(values):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
