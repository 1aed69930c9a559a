"""Files that are meant to harm, or are only wrongly written: each is refused by one sentence."""

from __future__ import annotations

import codecs

import pytest

from so24.sources.ehf import markup
from tests.sources.ehf.bills import UBL, Sample, read_all, refusal, rules_broken

XML = Sample().xml
BODY = XML.split("?>", 1)[1]
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
BOMB = """<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
ENVELOPE = """<StandardBusinessDocument
 xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>
{}</StandardBusinessDocument>"""


def with_doctype(doctype: str, number: str) -> bytes:
    return (DECLARATION + doctype + BODY.replace(">1001<", f">{number}<")).encode()


def nested(deep: int) -> bytes:
    inner = "<cbc:X>" * deep + "1" + "</cbc:X>" * deep
    return XML.replace("<cbc:BuyerReference>", inner + "<cbc:BuyerReference>").encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_doctype(BOMB, "&d;"), "DOCTYPE"),
        (with_doctype('<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
         "DOCTYPE"),
        (with_doctype('<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">', "1001"), "DOCTYPE"),
        (with_doctype('<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]>', "1"),
         "DOCTYPE"),
        (XML.replace(">1001<", ">&unknown;<").encode(), "no well-formed XML"),
        (nested(100), "nested more than 50 deep"),
        (XML.encode()[:-30], "no well-formed XML"),
        (XML.encode() + b"<more/>", "no well-formed XML"),
        (XML.encode("latin-1"), "no well-formed XML"),  # but it says UTF-8
        (XML.replace("UTF-8", "klingon").encode(), "encoding"),
        (XML.replace("UTF-8", "ISO-8859-1").encode(), "lost letters by a wrong encoding"),
        (b"<html><body>Log in</body></html>", "It is a web page"),
        (XML.replace("Invoice-2", "Order-2").encode(),
         "Its “Invoice” is of the namespace “urn:oasis:names:specification:ubl:schema:xsd:Ord"),
        (XML.replace(f' xmlns="{UBL}Invoice-2"', "").encode(),
         "Its “Invoice” is of no namespace and not of UBL 2.1, so it is not an invoice"),
        (b'<Invoice xmlns="a}b"><x xmlns="u"/></Invoice>',
         "Its “Invoice” is of the namespace “a}b”"),
        (b'<Facturae xmlns="a}b"><x xmlns="u"/></Facturae>', "It is a Spanish Facturae"),
        (ENVELOPE.format("").encode(), "envelope (SBDH) holds no invoice"),
        (ENVELOPE.format(BODY * 2).encode(), "envelope (SBDH) holds no invoice"),
        (b"<" + b"\0" * 100, "no well-formed XML"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_file_is_refused_by_one_sentence(content: bytes, words: str) -> None:
    sentence = refusal(content)
    assert sentence.startswith("a.xml cannot be imported. ")
    assert words in sentence


def test_a_bomb_is_refused_before_any_of_it_unfolds() -> None:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "x" * 1000}">' for n in range(20)
    )
    attribute = f'<cbc:ID schemeID="&e19;">{1001}</cbc:ID>'
    content = with_doctype(f"<!DOCTYPE Invoice [{entities}]>", "1001")
    assert "DOCTYPE" in refusal(content.replace(b"<cbc:ID>1001</cbc:ID>", attribute.encode()))


def test_too_many_elements_or_attachments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 40)
    assert "more than 40 elements" in refusal(XML.encode())
    monkeypatch.undo()
    many = attached("QUJD") * (markup.MOST_ATTACHMENTS + 1)
    content = XML.replace("<cac:AccountingSupplierParty>", many + "<cac:AccountingSupplierParty>")
    assert "more than 100 attachments" in refusal(content.encode())


def test_a_file_beyond_the_size_limit_is_refused() -> None:
    assert "larger than 20 MB" in refusal(XML.encode() + b" " * 20_000_000)


@pytest.mark.parametrize(
    "content",
    [
        XML.encode(),
        codecs.BOM_UTF8 + XML.encode(),
        XML.replace("UTF-8", "UTF-16").encode("utf-16"),
        codecs.BOM_UTF16_BE + XML.replace("UTF-8", "UTF-16").encode("utf-16-be"),
        XML.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        XML.replace("UTF-8", "windows-1252").encode("cp1252"),
        BODY.strip().encode(),
        (DECLARATION + ENVELOPE.format(BODY)).encode(),
        XML.replace("<cbc:Note>", "<!-- a comment --><?pi x?><cbc:Note>").encode(),
        XML.replace("Kari Innkjøp", "<![CDATA[Kari Innkjøp]]>").encode(),
        XML.replace("UTF-8", "utf8").encode(),
        XML.replace('"UTF-8"', "'U8'").encode(),
        XML.replace("Kari", "\ufeffKa\u200bri").replace("3867.19", "\u200e3867.19").encode(),
    ],
    ids=["UTF-8", "BOM", "UTF-16", "UTF-16 BE", "Latin-1", "Windows", "bare", "envelope",
         "comment", "CDATA", "utf8", "U8", "unseen"],
)  # fmt: skip
def test_every_usual_way_to_write_it_is_read_alike(content: bytes) -> None:
    (source,) = read_all(("a.xml", content))
    assert source.refused == ()
    (document,) = source.documents
    assert (document.number, document.particulars.your_reference) == ("1001", "Kari Innkjøp")


def test_a_text_with_an_element_in_it_is_not_read_as_a_part_of_itself() -> None:
    sample = Sample(changes={"Nordvik Logistikk AS": "Nordvik <b>Logistikk</b> AS"})
    assert rules_broken(sample) == ["UBL 2.1"]


def test_an_attachment_of_any_size_is_left_aside() -> None:
    large = attached("QUJD" * 3_000_000)  # beyond what one text of the tree may hold by itself
    content = XML.replace("<cac:AccountingSupplierParty>", large + "<cac:AccountingSupplierParty>")
    (source,) = read_all(("a.xml", content.encode()))
    assert (source.refused, len(source.documents)) == ((), 1)


def attached(data: str) -> str:
    return (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">{data}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
