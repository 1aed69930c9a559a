"""Other programs' files: told by what they hold, never by their name, in a sentence that helps."""

from __future__ import annotations

import io
import zipfile

import pytest

from so24.errors import UnreadableFile
from so24.sources.reading import read_files
from so24.sources.sheets.foreign import refuse_foreign
from tests.sources.ehf.bills import Sample, pack
from tests.sources.report_files import as_csv, as_grid, as_report, customer, line, read_file
from tests.sources.sheets.strangers import PAGES, STRANGERS, WEB_PAGE

NAMES = ("report.xlsx", "report.xls", "report.csv", "report.xml", "report")


def told(name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_files([(name, content)], megabytes=20)
    return str(caught.value)


@pytest.mark.parametrize("kind", STRANGERS)
def test_another_programs_file_gets_the_sentence_of_its_kind_whatever_its_name(kind: str) -> None:
    content, words = STRANGERS[kind]
    (sentence,) = {told(name, content).removeprefix(name) for name in NAMES}
    assert words in sentence
    assert sentence.startswith(" cannot be imported. It ")
    assert sentence.count(". ") == 1  # one that says what it is, after the one that it stays out
    assert (
        "export" in sentence or "save" in sentence or "unpack" in sentence or "download" in sentence
    )


@pytest.mark.parametrize("beginning", [b"", b"\n\r\n ", b"\xef\xbb\xbf \n"])
def test_a_web_page_is_one_whatever_blanks_stand_before_it(beginning: bytes) -> None:
    assert WEB_PAGE in told("x.xls", beginning + PAGES["only a table"])


def with_embedded(content: bytes) -> bytes:
    """The workbook with a text document and a presentation embedded in it, as their type says."""
    kinds = "".join(
        f'<Default Extension="{end}" ContentType="application/vnd.{kind}"/>'
        for end, kind in (
            ("docx", "openxmlformats-officedocument.wordprocessingml.document"),
            ("pptx", "openxmlformats-officedocument.presentationml.presentation"),
            ("xlsb", "ms-excel.sheet.binary.macroEnabled.12"),
        )
    )
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"</Types>", f"{kinds}</Types>".encode())
            new.writestr(name, data)
        new.writestr("xl/embeddings/one.docx", b"PK\x03\x04")
    return buffer.getvalue()


OWN = {
    "a workbook": as_report(line()),
    "a workbook with others in it": with_embedded(as_report(line())),
    "a list that begins with ID;P": b"ID;Postnr.;Kundenr.;Navn\nNO;0152;5001;Nordvik AS\n",
    "a list that begins with BM": b"BM;Kundenr.;Navn;Postnr.\n1;5001;Nordvik AS;0152\n",
    "a title in brackets": b"[Report]\nKundenr.;Navn;Postnr.\n5001;Nordvik AS;0152\n",
    "a title in braces": b"{report 2026}\nKundenr.;Navn;Postnr.\n5001;Nordvik AS;0152\n",
    "titles like a header": b"Date: x\nSubject: y\nKundenr.;Navn;Postnr.\n5001;Nordvik AS;0152\n",
    "a page in a text": as_csv(as_grid([line({"Article": "<html><table><tr>"})]), ";", "utf-8"),
    "UTF-16": as_csv(as_grid([customer()]), "\t", "utf-16"),
}


@pytest.mark.parametrize("kind", OWN)
def test_a_report_is_never_taken_for_another_programs_file(kind: str) -> None:
    source = read_file("x", OWN[kind])
    assert source.documents or source.customers


@pytest.mark.parametrize(
    "content",
    [
        Sample().content,
        b'<?xml version="1.0"?><section/>',
        b"<feed xmlns='x'/>",
        b"<a:b xmlns:a='c'/>",
    ],
)
def test_e_invoices_and_other_xml_are_left_to_their_reader(content: bytes) -> None:
    refuse_foreign(content)


def test_within_an_archive_it_costs_only_itself() -> None:
    content = pack(
        ("lines.xlsx", as_report(line())),
        ("page.xls", PAGES["UTF-16"]),
        ("terms.pdf", b"%PDF-1.7 sent along"),
    )
    sources = read_files([("all.zip", content)], megabytes=20)
    (refused,) = [row for each in sources for row in each.refused]
    assert (refused.sheet, WEB_PAGE in refused.reason) == ("page.xls", True)
    assert [len(each.documents) for each in sources] == [0, 1]
