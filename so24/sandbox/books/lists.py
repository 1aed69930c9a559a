"""Products, and the lists that a client has set up: all that an order may refer to by a number.

ProductService. Documented: name and category are mandatory for a new product; the longest texts; an
empty search lists everything. ``No`` is not unique. Assumed: a search by number ignores case, so
that more than one product may come back.

ClientService, AccountService, ProjectService. Documented: the lists and their fields; a department,
project or employee that an order names must exist; a row's TaxSettings override the product's VAT.
Assumed: a row's TaxCode is the TaxNo of the list, and the rate of a code decides unless the row
states one; a currency without an entry in the client's table is refused.
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
from so24.sandbox.wire.refusals import DATABASE, MISSING, ItemRefused

DEPARTMENT, EMPLOYEE, PROJECT, CURRENCY, TAX_CODE = (
    "department", "employee", "project", "currency", "tax code",
)  # fmt: skip
# How each client of the demo world is set up; whoever wants it otherwise edits the lists.
_DEPARTMENTS = ((1, "Administration"), (2, "Oslo"), (3, "Bergen"), (4, "Stavanger"))
_EMPLOYEES = ((11, "Kari Nordmann"), (12, "Ola Hansen"))
_PROJECTS = ((101, "P-101 Bemanning havn"), (102, "P-102 Vikarer helse"))
_CURRENCIES = (("NOK", "1", 1), ("EUR", "11.75", 1), ("SEK", "102.40", 100), ("USD", "10.35", 1))
_TAX_CODES = (
    (3, "Output VAT, high rate", "25"),
    (31, "Output VAT, medium rate", "15"),
    (33, "Output VAT, low rate", "12"),
    (5, "No output VAT, zero rate", "0"),
)


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


def add_lists(books: Books, client: int) -> None:
    """Set up a client's lists, unless it has some: books may be older than their lists."""
    if books.row("select 1 from listed where client = ?", client) is not None:
        return
    for number, name in _DEPARTMENTS:
        put_listed(books, client, DEPARTMENT, number, {"Id": number, "Name": name})
    for number, name in _EMPLOYEES:
        user = {"ContactId": number, "Name": name, "EmployeeId": number}
        put_listed(books, client, EMPLOYEE, number, user)
    for number, name in _PROJECTS:
        put_listed(books, client, PROJECT, number, project(number, name))
    for number, (symbol, rate, unit) in enumerate(_CURRENCIES, 1):
        entry = {"Symbol": symbol, "Id": number, "Rate": Decimal(rate), "Unit": unit}
        put_listed(books, client, CURRENCY, number, entry)
    for number, (code, name, rate) in enumerate(_TAX_CODES, 1):
        entry = {"TaxId": number, "TaxNo": str(code), "TaxName": name, "TaxRate": Decimal(rate)}
        put_listed(books, client, TAX_CODE, number, entry)


def project(number: int, name: str) -> Fields:
    """An open project of that name."""
    plain = {"NameDisplay": "Plain", "TimeReg": "WorkType"}
    return {"Id": number, "Enabled": True, "Name": name, "RawName": name} | plain


def put_listed(books: Books, client: int, kind: str, number: int, record: Fields) -> None:
    """Put an entry into a client's list, in place of the one of that number."""
    sql = "insert or replace into listed values(?, ?, ?, ?)"
    books.change(sql, client, kind, number, pack(record))


def drop_listed(books: Books, client: int, kind: str, number: int) -> bool:
    """Remove an entry; whether there was one."""
    sql = "delete from listed where client = ? and kind = ? and id = ?"
    return bool(books.change(sql, client, kind, number))


def get_department_list(call: Call, _parameters: Fields) -> Fields:
    """All departments."""
    return {"Department": _listed(call, DEPARTMENT)}


def get_currency_list(call: Call, _parameters: Fields) -> Fields:
    """All currencies with their rates."""
    return {"Currency": _listed(call, CURRENCY)}


def get_users(call: Call, _parameters: Fields) -> Fields:
    """All users of the client."""
    return {"User": _listed(call, EMPLOYEE)}


def get_tax_code_list(call: Call, _parameters: Fields) -> Fields:
    """All tax codes."""
    return {"TaxCodeElement": _listed(call, TAX_CODE)}


def get_project_list(call: Call, parameters: Fields) -> Fields:
    """The projects of the ids asked for; open ones only, where that is asked for."""
    search = parameters.get("Ps") or {}
    wanted = values(search.get("ProjectIds"), "int")
    return {
        "Project": [
            each
            for each in _listed(call, PROJECT)
            if (not wanted or each["Id"] in wanted)
            and (each["Enabled"] or not search.get("AllOpenProjects"))
        ]
    }


def tax_rate(books: Books, client: int, settings: Fields) -> Decimal | None:
    """The rate by which a row's TaxSettings replace the product's; None where they do not.

    Raises :class:`ItemRefused` for a code that the client does not have.
    """
    stated: Decimal | None = settings.get("TaxRate")
    code = settings.get("TaxCode")
    if code is None:
        return stated
    for record in _records(books, client, TAX_CODE):
        if record["TaxNo"] == str(code):
            return record["TaxRate"] if stated is None else stated
    raise refuse_unknown("TaxCode", code)


def check_listed(books: Books, client: int, order: Fields) -> None:
    """Raise :class:`ItemRefused` where an order names something that its client does not have."""
    for field, kind in (
        ("DepartmentId", DEPARTMENT), ("ProjectId", PROJECT), ("OurReference", EMPLOYEE),
    ):  # fmt: skip
        number = order.get(field)
        sql = "select 1 from listed where client = ? and kind = ? and id = ?"
        if number is not None and books.row(sql, client, kind, number) is None:
            raise refuse_unknown(field.removesuffix("Id"), number)
    currency = order.get("Currency") or {}
    symbols = {each["Symbol"] for each in _records(books, client, CURRENCY)} if currency else set()
    if currency and currency.get("Symbol") not in symbols:
        raise ItemRefused(DATABASE, f"Currency {currency.get('Symbol')} does not exist")


def _listed(call: Call, kind: str) -> list[Fields]:
    return _records(call.books, call.client, kind)


def _records(books: Books, client: int, kind: str) -> list[Fields]:
    sql = "select record from listed where client = ? and kind = ? order by id"
    return [unpack(row[0]) for row in books.rows(sql, client, kind)]
