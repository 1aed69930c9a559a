"""Whatever an EHF file holds: the store has its sums to the øre, and so has the order to send."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.documents import Document, load_documents
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import DocumentKind
from so24.transfer.order.mapping import row_amount, row_price
from tests.sources.ehf.bills import Item, Sample, Tax, Whole, pack

TAXES: list[Tax] = [
    ("S", "25"), ("S", "15"), ("S", "12"), ("S", "11.11"), ("Z", "0"), ("E", "0"), ("AE", "0"),
    ("K", "0"), ("G", "0"), ("O", "0"), ("L", "7"),
]  # fmt: skip
AMOUNTS = st.decimals(Decimal("0.01"), 20_000, places=2).map(str)
ITEMS = st.builds(
    Item,
    quantity=st.decimals(-500, 500, places=2).filter(bool).map(str),
    price=st.one_of(AMOUNTS, st.decimals(Decimal("0.0001"), 900, places=4).map(str)),
    tax=st.sampled_from(TAXES),
    base=st.sampled_from(["1", "1", "2", "10", "3"]),
    off=st.integers(0, 5_000),
    on=st.integers(0, 5_000),
)
WHOLES = st.builds(Whole, st.integers(-90_000, 90_000).filter(bool), tax=st.sampled_from(TAXES))
NUMBERS = itertools.count(1)


def in_ore(amount: Decimal) -> int:
    assert amount * 100 == int(amount * 100)
    return int(amount * 100)


def load(installation: Installation, numbers: list[str]) -> dict[str, Document]:
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", numbers)
        ids = [row.id for rows in found.values() for row in rows if row.id]
        return {each.invoice.number: each for each in load_documents(session, ids)}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    samples=st.lists(
        st.builds(
            Sample,
            items=st.lists(ITEMS, min_size=1, max_size=5),
            wholes=st.lists(WHOLES, max_size=3),
            credit_note=st.booleans(),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_sums_in_the_store_are_the_files_to_the_ore(
    installation: Installation, finance: Actor, samples: list[Sample]
) -> None:
    named = {str(next(NUMBERS)): sample for sample in samples}
    files = [(f"{n}.xml", replace(sample, number=n).content) for n, sample in named.items()]
    (report,) = import_files(
        Desk(installation, finance), [("a.zip", pack(*files))], department="10", new_department=True
    )
    assert report.refused == ()
    documents = load(installation, list(named))
    assert documents.keys() == named.keys()
    for number, sample in named.items():
        document = documents[number]
        net, vat = sum(sample.nets().values()), sum(sample.vats().values())
        sign = -1 if sample.credit_note and net + vat > 0 else 1
        invoice = document.invoice
        assert (in_ore(invoice.net), in_ore(invoice.vat)) == (sign * net, sign * vat)
        assert invoice.total == invoice.stated_total
        assert invoice.vat == invoice.stated_vat
        assert sum((line.net for line in document.lines), Decimal(0)) == invoice.net
        if sample.credit_note or net + vat < 0:
            assert invoice.kind is DocumentKind.CREDIT_NOTE
        for line in document.lines:
            assert row_amount(line.quantity, row_price(line)) == line.net
