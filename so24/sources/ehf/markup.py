"""EHF files as elements: parsed without entities or network, within bounds, out of the envelope.

A first pass by expat looks at the file as a stream and stops at a document type declaration, the
only place where entities are declared, and at the first element beyond the bounds. Only what has
passed becomes a tree.
"""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

from so24.errors import UnreadableFile
from so24.sources.sheets.numbers import is_garbled

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = f"{{{UBL}Invoice-2}}Invoice"
CREDIT_NOTE = f"{{{UBL}CreditNote-2}}CreditNote"
ATTACHMENT = f"{{{UBL}CommonBasicComponents-2}}EmbeddedDocumentBinaryObject"
DEEPEST = 50  # the standard's own tree and the envelope have less than 15 levels
MOST_ELEMENTS = 300_000
MOST_ATTACHMENTS = 100
_ENVELOPE = "StandardBusinessDocument"
_BEGINNING = 200
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks and blanks


def looks_like_xml(content: bytes) -> bool:
    """Whether the content begins as XML does, in any of its usual encodings."""
    return content[:_BEGINNING].lstrip(_BEFORE_XML).startswith(b"<")


def parse_document(content: bytes) -> etree._Element:
    """The UBL Invoice or CreditNote that the file holds, without its attachments' contents.

    Raises :class:`UnreadableFile` with one sentence where it is no well-formed XML, has a document
    type declaration, is beyond the bounds of this module, has lost letters by a wrong encoding, or
    is another kind of document.
    """
    _guard(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # its bounds would refuse large attachments; ours have been kept already
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"It is no well-formed XML (line {error.lineno}).") from None
    document = _without_envelope(root)
    _drop_attachments(document)
    _refuse_lost_letters(document)
    return document


class _Bounds:
    """Counts what the stream brings, and refuses what is too much of it."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0

    def refuse_doctype(self, *_: object) -> None:
        raise UnreadableFile(
            "It has a document type declaration (DOCTYPE), which no EHF file has; "
            "it is not read, because entities could be hidden in it."
        )

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise UnreadableFile(f"Its elements are nested more than {DEEPEST} deep.")
        if self.elements > MOST_ELEMENTS:
            raise UnreadableFile(f"It has more than {MOST_ELEMENTS} elements.")

    def end(self, name: str) -> None:
        self.depth -= 1


def _guard(content: bytes) -> None:
    bounds = _Bounds()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = bounds.refuse_doctype
    parser.StartElementHandler = bounds.begin
    parser.EndElementHandler = bounds.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        raise UnreadableFile(f"It is no well-formed XML: line {error.lineno}, {words}.") from None
    except (LookupError, ValueError):
        raise UnreadableFile("Its XML states an encoding that is not known; use UTF-8.") from None


def _without_envelope(root: etree._Element) -> etree._Element:
    found = root
    if etree.QName(root).localname == _ENVELOPE:
        payload = [child for child in root if child.tag in (INVOICE, CREDIT_NOTE)]
        if len(payload) != 1:
            raise UnreadableFile("Its envelope (SBDH) holds no invoice or credit note.")
        found = payload[0]
    if found.tag not in (INVOICE, CREDIT_NOTE):
        name = etree.QName(found).localname[:60]
        if name.casefold() == "html":
            raise UnreadableFile("It is a web page; export the report as .xlsx or .csv.")
        raise UnreadableFile(
            f"It is XML, but no invoice or credit note of EHF (UBL 2.1): it is a “{name}”."
        )
    return found


def _refuse_lost_letters(document: etree._Element) -> None:
    for element in document.iter(etree.Element):
        if element.text and is_garbled(element.text):
            raise UnreadableFile(
                f"It has lost letters by a wrong encoding: “{element.text[:40]}”; the XML states "
                "another encoding than it is written in."
            )


def _drop_attachments(document: etree._Element) -> None:
    """Attachments are not read; a mark stays, for an element without content breaks a rule."""
    attachments = list(document.iter(ATTACHMENT))
    if len(attachments) > MOST_ATTACHMENTS:
        raise UnreadableFile(f"It has more than {MOST_ATTACHMENTS} attachments.")
    for element in attachments:
        if element.text and element.text.strip():
            element.text = "-"
