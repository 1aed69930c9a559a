"""ProductService: products and the categories that decide their VAT.

Documented: name and category are mandatory for a new product; the longest texts; an empty search
lists everything. ``No`` is not unique. Assumed: a search by number ignores case, so that more
than one product may come back.
"""

from __future__ import annotations

from decimal import Decimal

from so24.sandbox.books.books import Books, Call, as_list, micros, pack, unpack
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import (
    asked_columns,
    check_lengths,
    given,
    items,
    matches,
    pick,
    refuse_unknown,
    save_each,
    values,
)
from so24.sandbox.wire.refusals import MISSING, ItemRefused


def add_category(books: Books, client: int, number: int, name: str, vat: Decimal) -> None:
    """Give a client a product category; ``vat`` in per cent."""
    sql = "insert or replace into category values(?, ?, ?, ?)"
    books.change(sql, client, number, name, str(vat))


def vat_rate(books: Books, client: int, category: object) -> Decimal | None:
    """The per cent of VAT of a category's products; None when there is no such category."""
    row = books.row("select vat from category where client = ? and id = ?", client, category)
    return Decimal(row[0]) if row else None


def find_product(books: Books, client: int, number: object) -> Fields | None:
    """The product of that id with its ``TaxRate``, or None."""
    row = books.row(
        "select p.record, c.vat from product p join category c on c.client = p.client "
        "and c.id = json_extract(p.record, '$.CategoryId') where p.client = ? and p.id = ?",
        client, number,
    )  # fmt: skip
    return unpack(row[0]) | {"TaxRate": Decimal(row[1])} if row else None


def get_categories(call: Call, parameters: Fields) -> Fields:
    """All categories, with the columns asked for; their VAT is not among them."""
    columns = asked_columns("ProductService", "Category", parameters.get("returnProperties"))
    rows = call.books.rows(
        "select id, name from category where client = ? order by id", call.client
    )
    categories = ({"Id": number, "Name": name, "No": str(number)} for number, name in rows)
    return {"Category": [pick(category, columns) for category in categories]}


def get_products(call: Call, parameters: Fields) -> Fields:
    """The products that fit all search parameters, all of them when there is none."""
    search = given(parameters.get("searchParams"))
    columns = asked_columns("ProductService", "Product", parameters.get("returnProperties"))
    changed = micros(search["DateChanged"]) if "DateChanged" in search else None
    chosen = values(search["ProductIds"], "int") if "ProductIds" in search else None
    rows = call.books.rows(
        "select p.record, c.vat from product p join category c on c.client = p.client "
        "and c.id = json_extract(p.record, '$.CategoryId') "
        "where p.client = ? and (? is null or p.changed > ?) "
        "and (? is null or p.id in (select value from json_each(?))) order by p.id",
        call.client, changed, changed, None if chosen is None else 1, as_list(chosen or ()),
    )  # fmt: skip
    products = (unpack(record) | {"TaxRate": Decimal(vat)} for record, vat in rows)
    return {"Product": [pick(one, columns) for one in products if _fits(one, search)]}


def _fits(product: Fields, search: Fields) -> bool:
    exact = ("Id", "CategoryId", "EAN1", "Price")
    return all(product.get(name) == search[name] for name in exact if name in search) and all(
        matches(search.get(name), product.get(name)) for name in ("No", "Name")
    )


def save_products(call: Call, parameters: Fields) -> Fields:
    """Create and change products one by one; each answers with its Id or its exception."""
    sent = items(parameters.get("products"), "Product")
    return {"Product": save_each(sent, lambda product: save_product(call, product))}


def save_product(call: Call, sent: Fields) -> Fields:
    """Save one product; the sent fields with ``Id`` and ``No``. Raises :class:`ItemRefused`."""
    check_lengths("Product", sent)
    number = sent.get("Id")
    old = None if number is None else find_product(call.books, call.client, number)
    if old is None and number is not None:
        raise refuse_unknown("Product", number)
    read_only = ("APIException", "TaxRate", "DateChanged")
    changes = {k: v for k, v in sent.items() if v is not None and k not in read_only}
    record = {"StatusId": 1, **(old or {}), **changes, "DateChanged": call.now}
    for name in ("Name", "CategoryId"):
        if record.get(name) in (None, ""):
            raise ItemRefused(MISSING, f"{name} is required to save a product")
    if vat_rate(call.books, call.client, record["CategoryId"]) is None:
        raise refuse_unknown("Category", record["CategoryId"])
    if number is None:
        number = call.books.next_number(call.client, "product")
    record |= {"Id": number, "No": record.get("No") or str(number)}
    record.pop("TaxRate", None)
    call.books.change(
        "insert or replace into product values(?, ?, ?, ?, ?)",
        call.client, number, record["No"], micros(call.now), pack(record),
    )  # fmt: skip
    return sent | {"Id": number, "No": record["No"]}
