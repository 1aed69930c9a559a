"""Products and their categories."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.caller import Caller, Tree


def save(caller: Caller, *products: Tree) -> list[dict[str, Any]]:
    parameters = {"products": {"Product": list(products)}}
    return caller.call("ProductService", "SaveProducts", parameters).records("Product")


def search(caller: Caller, parameters: Tree, columns: str = "Name") -> list[dict[str, Any]]:
    given = {"searchParams": parameters, "returnProperties": {"string": columns.split()}}
    return caller.call("ProductService", "GetProducts", given).records("Product")


def test_the_categories_are_listed_without_their_vat(caller: Caller) -> None:
    given = {"returnProperties": {"string": ["Id", "Name"]}}
    categories = caller.call("ProductService", "GetCategories", given).records("Category")
    assert categories == [
        {"Id": "1", "Name": "Services 25 %"},
        {"Id": "2", "Name": "Food 15 %"},
        {"Id": "3", "Name": "Exempt 0 %"},
    ]


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ({"CategoryId": 1, "No": "1"}, "Name is required"),
        ({"Name": "Hours", "No": "1"}, "CategoryId is required"),
        ({"Name": "Hours", "CategoryId": 9}, "Category 9 does not exist"),
        ({"Name": "x" * 126, "CategoryId": 1}, "Name cannot be longer than 125"),
        ({"Name": "Hours", "CategoryId": 1, "No": "9" * 101}, "No cannot be longer than 100"),
        ({"Id": 77, "Name": "Hours"}, "Product 77 does not exist"),
    ],
)
def test_a_product_that_breaks_a_rule_gets_its_own_exception_and_the_rest_is_saved(
    caller: Caller, product: Tree, words: str
) -> None:
    bad, good = save(caller, product, {"Name": "Lunch", "CategoryId": 2})
    assert words in bad["APIException"]["Message"]
    assert good["Id"] == "501"
    assert search(caller, {}) == [{"Name": "Lunch"}]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["Hours", "Overtime", "Lunch"]),
        ({"No": "A1"}, ["Hours", "Overtime"]),
        ({"Name": "%time"}, ["Overtime"]),
        ({"CategoryId": 2}, ["Lunch"]),
        ({"Id": 503}, ["Lunch"]),
        ({"ProductIds": {"int": [501, 503]}}, ["Hours", "Lunch"]),
        ({"DateChanged": "1990-01-01T00:00:00"}, ["Hours", "Overtime", "Lunch"]),
        ({"DateChanged": "2990-01-01T00:00:00"}, []),
    ],
)
def test_products_are_found_by_every_documented_parameter(
    caller: Caller, parameters: Tree, found: list[str]
) -> None:
    save(
        caller,
        {"Name": "Hours", "CategoryId": 1, "No": "A1"},
        {"Name": "Overtime", "CategoryId": 1, "No": "a1"},
        {"Name": "Lunch", "CategoryId": 2, "No": "B1"},
    )
    assert [product["Name"] for product in search(caller, parameters)] == found


def test_the_category_decides_the_vat_and_an_update_may_change_it(caller: Caller) -> None:
    (created,) = save(caller, {"Name": "Hours", "CategoryId": 1, "No": "A1"})
    assert search(caller, {"No": "A1"}, "TaxRate") == [{"TaxRate": "25"}]
    save(caller, {"Id": created["Id"], "CategoryId": 3})
    (product,) = search(caller, {"No": "A1"}, "Name TaxRate StatusId")
    assert product == {"Name": "Hours", "TaxRate": "0", "StatusId": "1"}
