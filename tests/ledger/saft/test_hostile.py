"""Whatever is given as an export ends in one sentence, at a cost that is bounded."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from decimal import Decimal

import pytest

from so24.errors import UnreadableFile
from so24.ledger.saft.files import GivenFile, SaftExport, read_export, read_heads
from tests.ledger.saft.writer import (
    NAMESPACE,
    Entries,
    Export,
    payment,
    sale,
    write_saft,
)

NET, VAT = Decimal("1000.00"), Decimal("250.00")
PLAIN = write_saft(Export([sale("1", 5001, NET, VAT)], customers={"7": "923609016"}))


def read(*contents: bytes) -> SaftExport:
    """Read it as the service does: heads first."""
    files = [GivenFile(f"{place}.xml", each) for place, each in enumerate(contents)]
    read_heads(files)
    return read_export(files, lambda _number, _references: True)


def packed(*members: bytes, names: tuple[str, ...] = ()) -> bytes:
    """The contents as a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, each in enumerate(members):
            archive.writestr(names[place] if names else f"{place}.xml", each)
    return target.getvalue()


def changed(old: str, new: str) -> bytes:
    """The file with a text in it changed; it must be there."""
    assert old in PLAIN.decode()
    return PLAIN.decode().replace(old, new, 1).encode()


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    f'<AuditFile xmlns="{NAMESPACE}"><Header><AuditFileVersion>&b;</AuditFileVersion></Header>'
    "</AuditFile>"
)
OUTSIDE = (
    f'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><AuditFile xmlns="{NAMESPACE}"/>'
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB.encode(), "declares a document type or entities"),
        (OUTSIDE.encode(), "declares a document type or entities"),
        (b"", "neither XML nor a zip archive"),
        (b"%PDF-1.7", "neither XML nor a zip archive"),
        (b"Fakturanr;Dato\r\n1;2", "neither XML nor a zip archive"),
        (PLAIN[:-20], "is no well-formed XML"),
        (PLAIN[: len(PLAIN) // 2], "is no well-formed XML"),
        (b"<html><body>Logg inn</body></html>", "is no SAF-T file: its outermost element is"),
        (changed(NAMESPACE, "urn:OECD:StandardAuditFile-Tax:PT_1.04_01"), "its namespace is"),
        (changed(NAMESPACE, "urn:StandardAuditFile-Taxation-CashRegister:NO"), "its namespace is"),
        (changed(f' xmlns="{NAMESPACE}"', ""), "its namespace is “”"),
        (f'<AuditFile xmlns="{NAMESPACE}"/>'.encode(), "has no head"),
        (changed("<Name>Nordic Staffing AS</Name>", "<Name>" + "x" * 300 + "</Name>"),
         "longer than the standard allows"),
        (changed("<Name>Nordic Staffing AS</Name>", "<Name>a</Name><Name>b</Name>"),
         "states Name twice"),
        (changed("</Company>", "</Company><Company><RegistrationNumber>974760673"
                 "</RegistrationNumber></Company>"), "states RegistrationNumber twice"),
        (changed("<SelectionStartDate>2026-11-01", "<SelectionStartDate>2026-11-31"),
         "has a date that is none"),
        (changed("<SelectionEndDate>2026-11-30", "<SelectionEndDate>2026-10-30"),
         "ends its period before it begins"),
        (changed("<SelectionStartDate>2026-11-01</SelectionStartDate>", ""),
         "does not say for which period"),
        (changed("<Amount>1250.00</Amount>", "<Amount>1.250,00</Amount>"), "has an amount that is"),
        (changed("<Amount>1250.00</Amount>", "<Amount>1e9</Amount>"), "has an amount that is"),
        (changed("<Amount>1250.00</Amount>", "<Amount>NaN</Amount>"), "has an amount that is"),
        (changed("<DebitAmount><Amount>1250.00</Amount></DebitAmount>", ""), "is not of one side"),
        (changed("<DebitAmount><Amount>1250.00</Amount></DebitAmount>",
                 "<DebitAmount><Amount>1</Amount></DebitAmount>"
                 "<CreditAmount><Amount>1</Amount></CreditAmount>"), "is not of one side"),
        (changed("<CustomerID>7</CustomerID><Description>",
                 "<CustomerID>7</CustomerID><CustomerID>8</CustomerID><Description>"),
         "states CustomerID twice"),
        (changed("<TransactionDate>2026-11-10", "<TransactionDate>10.11.2026"), "has a date that"),
        (packed(), "an archive without any file"),
        (packed(b"hei", names=("les.txt",)), "is no well-formed XML"),
        (packed(packed(PLAIN), names=("inner.zip",)), "is no well-formed XML"),
        (packed(PLAIN, names=("../export.xml",)), "leads out of the archive"),
        (packed(PLAIN)[:-30], "neither XML nor a zip archive"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as refused:
        read(content)
    assert "0.xml" in str(refused.value)


def test_what_unfolds_to_much_is_refused_in_one_sentence() -> None:
    with pytest.raises(UnreadableFile, match="times its size") as refused:
        read(packed(b"<a>" + b" " * 60_000_000, names=("export.xml",)))
    assert "0.xml" in str(refused.value)


def test_a_damaged_member_of_an_archive_is_told() -> None:
    content = bytearray(packed(PLAIN))
    for place in range(60, 160):
        content[place] ^= 0xFF
    with pytest.raises(UnreadableFile):
        read(bytes(content))


def test_two_companies_are_not_one_export() -> None:
    other = write_saft(Export([], company="974760673", name="Annen AS"))
    with pytest.raises(UnreadableFile, match="of another company than the file before it: Annen"):
        read(PLAIN, other)


def test_the_same_file_twice_and_a_voucher_in_two_files_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="is the same file as"):
        read(PLAIN, PLAIN)
    again = write_saft(Export([sale("1", 5001, NET, VAT), sale("2", 5002, NET, VAT)]))
    with pytest.raises(UnreadableFile, match=r"Voucher 1 is in 0\.xml too"):
        read(PLAIN, again)


def test_deep_elements_end_the_reading() -> None:
    with pytest.raises(UnreadableFile, match="more than any program writes"):
        read(changed("<TaxAccountingBasis>", "<x>" * 90 + "</x>" * 90 + "<TaxAccountingBasis>"))


def test_one_tag_that_never_ends_is_not_gathered() -> None:
    with pytest.raises(UnreadableFile, match="more than any program writes"):
        read(changed("<MasterFiles>", "<MasterFiles><Note a='" + "x" * 3_000_000 + "'/>"))


def test_long_texts_that_are_not_read_cost_nothing() -> None:
    long = changed("<Description>Faktura<", "<Description>" + "x" * 5_000_000 + "<")
    tracemalloc.start()
    try:
        assert len(read(long).postings) == 1
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_what_is_not_wanted_does_not_grow_with_the_file() -> None:
    vouchers: list[Entries] = []
    for number in range(10_000, 14_000):
        vouchers.append(sale(str(number), number, NET, VAT))
        vouchers.append(payment(f"p{number}", number, NET + VAT))
    files = [GivenFile("a.zip", packed(write_saft(Export(vouchers))))]
    tracemalloc.start()
    try:
        found = read_export(files, lambda _number, _references: False)
        assert (found.vouchers, found.postings) == (8_000, ())
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
