"""Zip archives: what is in them comes in as if it came alone; what is hostile is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from so24.errors import UnreadableFile
from so24.sources.documents.documents import SourceFile
from so24.sources.sheets import archive
from tests.sources.ehf.bills import Item, Sample, pack, read_all
from tests.sources.report_files import as_csv, as_grid, as_report, customer, line

GOOD, OTHER = Sample().content, Sample(number="1002").content


def read_zip(*members: tuple[str, bytes]) -> list[SourceFile]:
    return read_all(("all.zip", pack(*members)))


def refused(*members: tuple[str, bytes]) -> list[tuple[str, str]]:
    """The refused files of an archive that also has one good document, with their reasons."""
    (source,) = read_zip(("good.xml", GOOD), *members)
    assert [each.number for each in source.documents] == ["1001"]
    return [(row.sheet, row.reason) for row in source.refused]


def sentence(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_all(("all.zip", content))
    return str(caught.value)


def test_documents_reports_and_lists_of_one_archive_all_come_in() -> None:
    sources = read_zip(
        ("sub/", b""),
        ("sub/a.xml", GOOD),
        ("lines.xlsx", as_report(line(number="7"))),
        ("b.xml", OTHER),
        ("kunder.csv", as_csv(as_grid([customer()]), ";", "utf-8")),
        ("faktura.pdf", b"%PDF-1.7 sent along"),
        ("__MACOSX/._a.xml", b"\0\1"),
        (".DS_Store", b"\0"),
    )
    assert [(each.filename, each.kind) for each in sources] == [
        ("all.zip", "EHF"),
        ("all.zip/lines.xlsx", "invoice lines"),
        ("all.zip/kunder.csv", "customers"),
    ]
    assert [each.number for each in sources[0].documents] == ["1001", "1002"]
    assert [each.refused for each in sources] == [(), (), ()]


def test_a_customer_list_in_the_archive_gives_the_documents_their_customer_numbers() -> None:
    nameless = Sample(customer="").content
    sources = read_zip(("a.xml", nameless), ("kunder.xlsx", as_report(customer())))
    assert sources[0].documents[0].customer_number == "5001"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.xml", b"<oops", "well-formed"),
        ("bad.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("notes.txt", b"buy milk", "no headings"),
        ("inner.zip", pack(("a.xml", OTHER)), "an archive within an archive"),
        ("../../etc/cron.d/x.xml", OTHER, "leads out of the archive"),
        ("/etc/x.xml", OTHER, "leads out of the archive"),
        ("..\\..\\x.xml", OTHER, "leads out of the archive"),
        ("C:\\x.xml", OTHER, "leads out of the archive"),
        ("bomb.xml", b"<a>" + b" " * 15_000_000, "more than 200 times its size"),
    ],
)
def test_a_bad_member_costs_only_itself(name: str, content: bytes, words: str) -> None:
    ((sheet, reason),) = refused((name, content))
    assert sheet == name.replace("\\", "/").split("/")[-1]
    assert words in reason


def test_a_document_that_breaks_a_rule_costs_only_itself() -> None:
    bad = Sample(number="1002", changes={">7.5<": ">7.6<"}).content
    ((sheet, reason),) = refused(("bad.xml", bad))
    assert sheet == "bad.xml"
    assert "1002: PEPPOL-EN16931-R120" in reason


def test_one_document_in_two_files_comes_in_once_or_not_at_all() -> None:
    (same,) = read_zip(("a.xml", GOOD), ("b.xml", GOOD))
    assert (len(same.documents), same.refused) == (1, ())
    other = Sample(items=[Item(quantity="8")]).content
    (contradicting,) = read_zip(("a.xml", GOOD), ("b.xml", other))
    assert contradicting.documents == ()
    assert [row.sheet for row in contradicting.refused] == ["a.xml", "b.xml"]


def test_an_archive_without_anything_to_import_is_refused() -> None:
    assert "without any file" in sentence(pack())
    assert "without any file" in sentence(pack(("__MACOSX/x", b"1")))
    assert "neither EHF files nor reports" in sentence(pack(("a.pdf", b"%PDF-1.7")))


@pytest.mark.slow
def test_an_archive_that_unfolds_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"\0" * 19_000_000
    bomb = pack(*((f"{number}.xml", zeros) for number in range(11)))
    assert len(bomb) < 300_000
    assert "unfolds to more data" in sentence(bomb)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert "more than 3 files" in sentence(pack(*((f"{n}.xml", GOOD) for n in range(4))))


def test_a_member_that_is_larger_than_a_file_may_be_is_refused() -> None:
    ((_, reason),) = refused(("large.csv", b"1" * 20_000_001))
    assert "more data than can be imported" in reason


def test_a_damaged_or_locked_member_is_refused() -> None:
    content = bytearray(pack(("good.xml", GOOD), ("bad.xml", OTHER)))
    middle = content.rindex(b"bad.xml", 0, content.index(b"PK\x01\x02")) + 60
    content[middle : middle + 8] = b"\xff" * 8
    (source,) = read_all(("all.zip", bytes(content)))
    assert "damaged within the archive" in source.refused[0].reason
    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as packed:
        packed.writestr("a.xml", GOOD)
    bits = bytearray(locked.getvalue())
    bits[bits.index(b"PK\x01\x02") + 8] |= 1
    (source,) = read_all(("all.zip", bytes(bits)))
    assert "password" in source.refused[0].reason


def test_files_that_come_by_themselves_share_one_report_and_a_bad_one_stops_all() -> None:
    (source,) = read_all(("a.xml", GOOD), ("b.xml", OTHER))
    assert [each.sheet for each in source.documents] == ["a.xml", "b.xml"]
    assert source.filename == "a.xml and 1 more"
    with pytest.raises(UnreadableFile, match=r"b\.xml cannot be imported\. .* Nothing of the"):
        read_all(("a.xml", GOOD), ("b.xml", b"<oops"))


@pytest.mark.parametrize("gone", [50, 100, 199])
def test_of_an_archive_whose_beginning_is_lost_the_file_there_is_refused(gone: int) -> None:
    """Its list then leads to a place before the file's beginning."""
    content = pack(("a.xml", GOOD), ("b.xml", OTHER))
    (source,) = read_all(("all.zip", b"PK\x03\x04" + content[4 + gone :]))
    assert [each.number for each in source.documents] == ["1002"]
    assert [(row.sheet, row.reason) for row in source.refused] == [
        ("a.xml", "the file cannot be imported. It is damaged within the archive.")
    ]
