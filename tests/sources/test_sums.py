"""Whatever is imported, in whichever writing: the store holds the source's sums to the øre."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.documents import load_documents
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import Invoice
from tests.sources.acts import counts
from tests.sources.report_files import (
    as_csv,
    as_grid,
    as_workbook,
    line,
    with_shared_texts,
)

Parts = list[tuple[Decimal, Decimal, str]]
LINES = st.tuples(
    st.decimals(Decimal("0.01"), 5000, places=2),  # quantity
    st.decimals(Decimal("0.01"), 20_000, places=3),  # price
    st.sampled_from(["25", "15", "12", "11,11", "0"]),
)
WRITINGS: dict[str, Callable[[Decimal], Any]] = {
    "english workbook": lambda amount: amount,
    "norwegian text": lambda amount: str(amount).replace(".", ","),
    "grouped text": lambda amount: f"{amount:,}".replace(",", "\u00a0").replace(".", ","),
}
SPELLINGS: dict[str, Callable[[Decimal], str]] = {
    "norwegian": lambda amount: f"{amount:f}".replace(".", ","),
    "norwegian, grouped": lambda amount: f"{amount:,f}".translate(str.maketrans(",.", "\u00a0,")),
    "norwegian, narrow groups": lambda amount: f"{amount:,f}".translate(
        str.maketrans(",.", "\u202f,")
    ),
    "norwegian, points": lambda amount: f"{amount:,f}".translate(str.maketrans(",.", ".,")),
    "norwegian, minus sign": lambda amount: f"{amount:f}".translate(str.maketrans(".-", ",\u2212")),
    "english": lambda amount: f"{amount:f}",
    "english, grouped": lambda amount: f"{amount:,f}",
}
EXACT = st.tuples(
    st.decimals(Decimal(-9_999), 9_999, places=2),  # quantity
    st.decimals(Decimal("-999999.9999"), Decimal("999999.9999"), places=4),  # price
    st.decimals(-(10**9), 10**9, places=2),  # net, which need not be their product
)
SERIES = itertools.count(1)


def write_out(
    documents: list[Parts], series: str, writing: str, *, as_text: bool
) -> tuple[list[dict[str, Any]], dict[str, tuple[int, int]]]:
    """The report's rows, and net and VAT of each document in øre, reckoned in whole numbers."""
    write = WRITINGS[writing]
    rows, expected = [], {}
    for number, parts in enumerate(documents, 1):
        ore: dict[Decimal, int] = {}
        for quantity, price, rate in parts:
            net = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
            percent = Decimal(rate.replace(",", "."))
            ore[percent] = ore.get(percent, 0) + int(net * 100)
            amounts = {"Quantity": quantity, "Price": price, "Sum excl. VAT": net}
            written = {name: write(amount) for name, amount in amounts.items()}
            if as_text:  # three decimals could also be thousands
                written["Price"] = str(price).replace(".", ",") + "0"
            other = {"VAT %": rate, "Department no.": series}
            rows.append(line(written | other, number=str(number)))
        vat = sum((net * int(rate * 100) + 5000) // 10_000 for rate, net in ore.items())
        expected[str(number)] = (sum(ore.values()), vat)
    return rows, expected


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=5),
    writing=st.sampled_from(sorted(WRITINGS)),
    file_kind=st.sampled_from(["three sheets", "one sheet", "csv"]),
)
def test_the_sums_in_the_store_are_the_sources_to_the_ore(
    installation: Installation,
    finance: Actor,
    documents: list[Parts],
    writing: str,
    file_kind: str,
) -> None:
    series = f"S{next(SERIES)}"
    as_text = writing != "english workbook" or file_kind == "csv"
    rows, expected = write_out(documents, series, writing, as_text=as_text)
    grid = as_grid(rows)
    sheets = {"Both": grid, "Invoices": grid, "Credit notes": []}
    contents = {
        "three sheets": as_workbook(sheets),
        "one sheet": as_workbook({"Invoice lines": grid}),
        "csv": as_csv(grid, ";", "utf-8"),
    }
    content = contents[file_kind]
    first, again = (
        import_files(Desk(installation, finance), [("f", content)])[0] for _ in range(2)
    )
    assert first.refused == ()
    assert (counts(first), counts(again)) == (
        (len(documents), 0, 0, 0),
        (0, 0, len(documents), 0),
    )
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", expected)
        ours: list[Invoice] = [row for (owner, _), each in found.items() if owner == series
                               for row in each]  # fmt: skip
        loaded = load_documents(session, [row.id for row in ours if row.id])
    in_store = {
        each.invoice.number: (int(each.invoice.net * 100), int(each.invoice.vat * 100))
        for each in loaded
    }
    assert in_store == expected
    for document in loaded:
        assert sum(each.net for each in document.lines) == document.invoice.net
        assert document.invoice.net + document.invoice.vat == document.invoice.total
        wanted = [
            (quantity, price) for quantity, price, _ in documents[int(document.invoice.number) - 1]
        ]
        assert [(each.quantity, each.unit_price) for each in document.lines] == wanted


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(EXACT, min_size=1, max_size=12),
    spelling=st.sampled_from([*sorted(SPELLINGS), "numbers"]),
    file_kind=st.sampled_from(["xlsx", "xlsx of Excel", "csv ;", "csv ,", "csv tab", "utf-16"]),
)
def test_decimals_of_any_shape_in_any_spelling_come_in_to_the_last_digit(
    installation: Installation,
    finance: Actor,
    lines: list[tuple[Decimal, Decimal, Decimal]],
    spelling: str,
    file_kind: str,
) -> None:
    series = f"P{next(SERIES)}"
    in_text = file_kind.startswith(("csv", "utf"))
    spell: Callable[[Decimal], Any] = SPELLINGS.get(spelling, str if in_text else Decimal)
    rows = [
        line({"Quantity": spell(quantity), "Price": spell(price), "Sum excl. VAT": spell(net),
              "Department no.": series})
        for quantity, price, net in lines
    ]  # fmt: skip
    workbook = as_workbook({"Invoices": as_grid(rows)})
    separator = {"csv ,": ",", "csv tab": "\t"}.get(file_kind, ";")
    contents = {"xlsx": workbook, "xlsx of Excel": with_shared_texts(workbook)}
    encoding = "utf-16" if file_kind == "utf-16" else "utf-8"
    content = contents.get(file_kind) or as_csv(as_grid(rows), separator, encoding)
    (report,) = import_files(Desk(installation, finance), [("Invoices.csv", content)])
    assert (report.refused, report.added) == ((), 1)
    with installation.db.reading() as session:
        [row] = invoices_by_number(session, "recman", ["1001"])[series, "1001"]
        [document] = load_documents(session, [row.id or 0])
    assert [(each.quantity, each.unit_price, each.net) for each in document.lines] == lines
    assert document.invoice.net == sum(net for _, _, net in lines)
    ore = sum(int(net * 100) for _, _, net in lines)
    vat = (abs(ore) * 25 + 50) // 100 * (1 if ore >= 0 else -1)
    assert document.invoice.total * 100 == ore + vat
