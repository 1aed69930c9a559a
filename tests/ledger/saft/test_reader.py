"""Files of the standard are read, each element for what it is, and nothing else is."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from so24.errors import UnreadableFile
from so24.ledger.saft.files import GivenFile, SaftExport, read_export, read_heads
from so24.ledger.saft.postings import SaftPosting
from tests.ledger.saft.writer import (
    FIRST,
    LAST,
    LEDGER,
    OWN,
    SALES,
    Entries,
    Entry,
    Export,
    payment,
    sale,
    write_saft,
)

SCHEMA = os.environ.get("SO24_SAFT_SCHEMA", "")  # the standard's own, which is not ours to keep
NET, VAT = Decimal("1000.00"), Decimal("250.00")


def read(*exports: Export, name: str = "export") -> SaftExport:
    """All that the files say."""
    files = [GivenFile(f"{name}{i}.xml", write_saft(each)) for i, each in enumerate(exports)]
    read_heads(files)
    return read_export(files, lambda _number, _references: True)


def only(export: SaftExport) -> SaftPosting:
    [posting] = export.postings
    return posting


@pytest.mark.skipif(not SCHEMA, reason="SO24_SAFT_SCHEMA names no copy of the standard's schema")
@pytest.mark.parametrize("months", [False, True])
def test_the_files_of_these_tests_are_valid_by_the_schema_of_the_standard(months: bool) -> None:
    vouchers = [
        sale("1", 5001, NET, VAT, reference="RM-10-1001"), sale("2", 5002, -NET, -VAT),
        payment("3", 5001, NET + VAT),
        Entries("4", (
            Entry(LEDGER, Decimal(1150), customer="7", reference="5003", currency="EUR",
                  foreign=Decimal(100)),
            Entry(SALES, Decimal(-1150), tax=Decimal(0), currency="EUR", foreign=Decimal(-100),
                  foreign_tax=Decimal(0)),
        )),
    ]  # fmt: skip
    file = write_saft(Export(vouchers, customers={"7": OWN, "8": ""}, months=months))
    schema = etree.XMLSchema(etree.parse(Path(SCHEMA)))
    schema.assertValid(etree.fromstring(file))


def test_an_invoice_is_read_with_number_customer_total_and_vat() -> None:
    posting = only(read(Export([sale("17", 5001, NET, VAT, reference="RM-10-1001")])))
    assert (posting.number, posting.customer_id, posting.voucher) == (5001, "7", "17")
    assert (posting.total, posting.vat) == (Decimal(1250), Decimal(250))
    assert posting.references == ("5001", "RM-10-1001")
    assert posting.date == dt.date(2026, 11, 10)


def test_a_credit_note_is_negative() -> None:
    posting = only(read(Export([sale("1", 5002, -NET, -VAT)])))
    assert (posting.total, posting.vat) == (Decimal(-1250), Decimal(-250))


def test_a_payment_under_an_invoices_number_is_no_second_invoice() -> None:
    found = read(Export([sale("1", 5001, NET, VAT), payment("2", 5001, NET + VAT)]))
    assert only(found).voucher == "1"
    assert found.vouchers == 2


def test_a_sale_without_vat_is_known_by_its_account_of_income() -> None:
    lines = (
        Entry(LEDGER, NET, customer="7", reference="5001"),
        Entry(SALES, -NET, reference="5001"),
    )
    posting = only(read(Export([Entries("1", lines)])))
    assert (posting.total, posting.vat) == (NET, None)


def test_release_1_20_is_read_with_the_vat_of_its_lines_side_and_a_word_about_that() -> None:
    vouchers = [sale("1", 5001, NET, VAT), sale("2", 5002, -NET, -VAT)]
    found = read(Export(vouchers, version="1.20"))
    assert [each.vat for each in found.postings] == [VAT, -VAT]
    assert [each.total for each in found.postings] == [NET + VAT, -NET - VAT]
    assert any("1.20" in each for each in found.remarks)


@pytest.mark.parametrize("version", ["1.10", "1.00", "1.40", "2.00", "", "1.3.0", "1,30", "x" * 99])
def test_another_release_is_refused_by_its_name(version: str) -> None:
    with pytest.raises(UnreadableFile, match=r"so24 reads 1\.30"):
        read(Export([], version=version))


def test_two_documents_of_one_voucher_have_the_vat_that_carries_their_number() -> None:
    first, second = sale("1", 5001, NET, VAT), sale("1", 5002, NET * 2, VAT * 2, customer="8")
    found = read(Export([Entries("1", first.lines + second.lines)]))
    told = {each.number: (each.total, each.vat) for each in found.postings}
    assert told == {5001: (NET + VAT, VAT), 5002: (2 * (NET + VAT), 2 * VAT)}


def test_vat_that_carries_no_number_in_a_voucher_of_several_is_nobodys() -> None:
    lines = (
        Entry(LEDGER, Decimal(1250), customer="7", reference="5001"),
        Entry(LEDGER, Decimal(1250), customer="8", reference="5002"),
        Entry(SALES, Decimal(-2000), tax=Decimal(500)),
    )
    assert [each.vat for each in read(Export([Entries("1", lines)])).postings] == [None, None]


def test_another_currency_is_read_beside_the_files_own() -> None:
    lines = (
        Entry(LEDGER, Decimal(1150), customer="7", reference="5003", currency="EUR",
              foreign=Decimal(100)),
        Entry(SALES, Decimal(-1150), tax=Decimal(0), currency="EUR", foreign=Decimal(-100),
              foreign_tax=Decimal(0)),
    )  # fmt: skip
    posting = only(read(Export([Entries("1", lines)])))
    assert (posting.total, posting.currency) == (Decimal(1150), "EUR")
    assert posting.foreign == Decimal(100)
    assert posting.foreign_vat == 0


@pytest.mark.parametrize("number", ["05001", "5001.0", "5 001", "+5001", "50010000000", "５００１"])
def test_what_is_not_written_as_a_number_is_none(number: str) -> None:
    assert only(read(Export([sale("1", number, NET, VAT)]))).number is None


def test_a_persons_number_is_not_taken_as_a_firms() -> None:
    found = read(Export([], customers={"7": OWN, "8": "01019012345"}))
    assert found.firms == {"7": OWN}


def test_the_period_may_be_told_in_months() -> None:
    export = Export([], months=True, first=dt.date(2026, 2, 1), last=dt.date(2026, 2, 28))
    [head] = read_heads([GivenFile("a.xml", write_saft(export))])
    assert (head.first, head.last) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    [head] = read_heads([GivenFile("a.xml", write_saft(Export([])))])
    assert (head.first, head.last) == (FIRST, LAST)


def test_prefixes_of_the_namespace_and_other_encodings_make_no_difference() -> None:
    plain = write_saft(Export([sale("1", 5001, NET, VAT)])).decode()
    again = etree.fromstring(plain.encode())
    for encoding in ("UTF-8", "UTF-16", "ISO-8859-1"):
        content = bytes(etree.tostring(again, encoding=encoding, xml_declaration=True))  # type: ignore[arg-type] # untyped stub
        files = [GivenFile("a.xml", content)]
        assert only(read_export(files, lambda *_: True)).number == 5001
    mapped = plain.replace("<", "<n1:").replace("<n1:/", "</n1:").replace("<n1:?xml", "<?xml")
    mapped = mapped.replace("xmlns=", "xmlns:n1=")
    assert only(read_export([GivenFile("a.xml", mapped.encode())], lambda *_: True)).number == 5001


def test_a_zip_archive_of_several_files_is_one_export() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in (5001, 5002):
            file = write_saft(Export([sale(str(number), number, NET, VAT)]))
            archive.writestr(f"part-{number}.xml", file)
    files = [GivenFile("export.zip", packed.getvalue())]
    assert len(read_heads(files)) == 2
    assert [each.number for each in read_export(files, lambda *_: True).postings] == [5001, 5002]


def test_only_what_is_wanted_is_kept() -> None:
    file = write_saft(Export([sale(str(i), i, NET, VAT) for i in range(5001, 5010)]))
    found = read_export([GivenFile("a.xml", file)], lambda number, _references: number == 5003)
    assert only(found).number == 5003
    assert found.vouchers == 9


def test_a_count_that_the_file_does_not_hold_is_told() -> None:
    found = read(Export(iter([sale("1", 5001, NET, VAT)]), count=7))
    assert found.remarks == ("export0.xml says that it has 7 vouchers, and has 1.",)
