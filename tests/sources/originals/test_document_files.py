"""An EHF document's own XML and what is attached to it come back bit by bit."""

from __future__ import annotations

import base64

import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.sources.originals.document_files import (
    DocumentFile,
    find_attachments,
    read_attachments,
    read_own_file,
)
from tests.sources.acts import bring, stored
from tests.sources.ehf.bills import Sample, pack
from tests.sources.report_files import line

PDF = b"%PDF-1.4\n\x00\xff" * 500


def attached(*parts: tuple[str, str, bytes]) -> bytes:
    """An EHF file with these attachments: attributes, id and content."""
    references = "".join(
        f"<cac:AdditionalDocumentReference><cbc:ID>{name}</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject {attributes}>\n"
        f"{base64.encodebytes(content).decode()}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
        for attributes, name, content in parts
    )
    return Sample(changes={"<cac:ProjectReference>": f"{references}<cac:ProjectReference>"}).content


TIMESHEET = attached(
    ('mimeCode="application/pdf" filename="timer.pdf"', "T1", PDF),
    ('mimeCode="text/csv" filename="../../timer.pdf"', "T2", b"1;2\n"),
    ('mimeCode="image/png"', "Bilde 3", b"\x89PNG"),
)


def own(installation: Installation, actor: Actor, number: str, import_id: int = 0) -> DocumentFile:
    """The XML of the document with this number."""
    document = stored(installation, number).invoice_id
    return read_own_file(Desk(installation, actor), document, number, import_id)


@pytest.mark.parametrize("way", ["alone", "several", "archive"])
def test_a_document_gives_back_its_own_xml_however_it_came(
    installation: Installation, finance: Actor, way: str
) -> None:
    contents = {number: Sample(number=number).content for number in ("1001", "1002")}
    files = [(f"{number}.xml", content) for number, content in contents.items()]
    given = {
        "alone": files[:1],
        "several": [("x.xml", content) for _, content in files],
        "archive": [("e.zip", pack(("a/x.xml", files[0][1]), ("b/x.xml", files[1][1])))],
    }[way]
    import_files(Desk(installation, finance), given, department="10", new_department=True)
    for number in ["1001"] if way == "alone" else contents:
        assert own(installation, finance, number).content == contents[number]


def test_the_file_of_an_earlier_import_comes_back_by_its_number(
    installation: Installation, finance: Actor
) -> None:
    first, second = Sample().content, Sample(changes={"Takk for": "Takk igjen for"}).content
    for content in (first, second):
        desk = Desk(installation, finance)
        import_files(desk, [("a.xml", content)], department="10", new_department=True)
    assert own(installation, finance, "1001").content == second
    assert own(installation, finance, "1001", import_id=1).content == first


def test_a_document_that_came_by_a_report_has_no_xml(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    with pytest.raises(WrongUse, match="did not come as an EHF file"):
        own(installation, finance, "1001")


def test_what_is_attached_comes_back_with_names_that_are_safe_and_differ(
    installation: Installation, finance: Actor
) -> None:
    desk = Desk(installation, finance)
    import_files(desk, [("a.xml", TIMESHEET)], department="10", new_department=True)
    found = read_attachments(desk, stored(installation).invoice_id, "1001")
    assert [(each.name, each.content) for each in found] == [
        ("timer.pdf", PDF),
        ("timer (2).pdf", b"1;2\n"),
        ("Bilde 3.png", b"\x89PNG"),
    ]


def test_an_attachment_that_is_no_base64_is_told(
    installation: Installation, finance: Actor
) -> None:
    broken = TIMESHEET.replace(base64.b64encode(b"1;2\n"), b"%%%%")
    assert broken != TIMESHEET
    first, second, third = find_attachments(DocumentFile("a.xml", broken))
    assert (first.content, first.problem, third.problem) == (PDF, "", "")
    assert "a.xml: what is attached as “timer (2).pdf” is no base64" in second.problem
