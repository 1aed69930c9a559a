"""EHF files as elements: parsed without entities or network, within bounds, out of the envelope.

A first pass by expat looks at the file as a stream and stops at a document type declaration, the
only place where entities are declared, and at the first element beyond the bounds. Only what has
passed becomes a tree. The parts of an element are read by path; what cannot be read is collected,
not raised.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from xml.parsers import expat

from lxml import etree

from so24.errors import UnreadableFile
from so24.identifiers import BadIdentifier, read_identifier
from so24.language.said import say
from so24.sources.documents.content import Content
from so24.sources.ehf.bill import Broken
from so24.sources.ehf.kinds import name_root
from so24.sources.ehf.release import DATE, DECIMALS, IDENTIFIER, LENGTH, SCHEMA, SIZE
from so24.sources.sheets.cells.dates import EARLIEST, LATEST
from so24.sources.sheets.cells.texts import drop_unseen, is_garbled
from so24.store.tables.ground import FINE_SCALE, MONEY_SCALE

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = f"{{{UBL}Invoice-2}}Invoice"
CREDIT_NOTE = f"{{{UBL}CreditNote-2}}CreditNote"
ATTACHMENT = f"{{{UBL}CommonBasicComponents-2}}EmbeddedDocumentBinaryObject"
DEEPEST = 50  # the standard's own tree and the envelope have less than 15 levels
MOST_ELEMENTS = 300_000
MOST_ATTACHMENTS = 100
_ENVELOPE = "StandardBusinessDocument"
_HEADER = "StandardBusinessDocumentHeader"
_BEGINNING = 200
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks and blanks
PREFIXES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
}
_DECLARED = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml\s+version\s*=\s*["'][\d.]+["']\s+"""
    rb"""encoding\s*=\s*["']([\w.-]{1,40})["']"""
)
_NUMBER = re.compile(r"[+-]?(?:(\d+)(?:\.(\d*))?|\.(\d+))", re.ASCII)
_MOST_DIGITS = 60
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
LARGEST = Decimal(10) ** 12
F001 = "PEPPOL-EN16931-F001"
Day = dt.date | None
_FINE = Decimal(1).scaleb(-FINE_SCALE)
_SHOWN = 40


def looks_like_xml(content: Content) -> bool:
    """Whether the content begins as XML does, in any of its usual encodings."""
    return content[:_BEGINNING].lstrip(_BEFORE_XML).startswith(b"<")


def parse_document(content: bytes) -> etree._Element:
    """The UBL Invoice or CreditNote that the file holds, without its attachments' contents.

    Raises :class:`UnreadableFile` as :func:`parse_guarded` does, and where it has lost letters by a
    wrong encoding, or is another kind of document.
    """
    document = _without_envelope(parse_guarded(content))
    _drop_attachments(document)
    _refuse_lost_letters(document)
    return document


def parse_guarded(content: bytes) -> etree._Element:
    """The root of XML that nobody has looked at.

    Raises :class:`UnreadableFile` with one sentence where it is no well-formed XML, has a document
    type declaration, or is beyond the bounds of this module.
    """
    _guard(content)
    parser = etree.XMLParser(
        encoding=_find_encoding(content),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # its bounds would refuse large attachments; ours have been kept already
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(
            say("It is no well-formed XML (line {line}).", line=error.lineno)
        ) from None


# what may be wrong with XML, in the parser's words: those that a file of ours can come to
_SAID = {
    str(each): each
    for each in (
        say("syntax error"),
        say("no element found"),
        say("not well-formed (invalid token)"),
        say("unclosed token"),
        say("partial character"),
        say("mismatched tag"),
        say("duplicate attribute"),
        say("junk after document element"),
        say("undefined entity"),
        say("reference to invalid character number"),
        say("XML or text declaration not at start of entity"),
        say("encoding specified in XML declaration is incorrect"),
        say("unclosed CDATA section"),
        say("unbound prefix"),
        say("XML declaration not well-formed"),
    )
}


class _Bounds:
    """Counts what the stream brings, and refuses what is too much of it."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0

    def refuse_doctype(self, *_: object) -> None:
        raise UnreadableFile(
            say(
                "It has a document type declaration (DOCTYPE), which no EHF file has; "
                "it is not read, because entities could be hidden in it."
            )
        )

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise UnreadableFile(
                say("Its elements are nested more than {most} deep.", most=DEEPEST)
            )
        if self.elements > MOST_ELEMENTS:
            raise UnreadableFile(say("It has more than {most} elements.", most=MOST_ELEMENTS))

    def end(self, name: str) -> None:
        self.depth -= 1


def _guard(content: bytes) -> None:
    bounds = _Bounds()
    parser = expat.ParserCreate(_find_encoding(content))
    parser.StartDoctypeDeclHandler = bounds.refuse_doctype
    parser.StartElementHandler = bounds.begin
    parser.EndElementHandler = bounds.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        fault = str(expat.ErrorString(error.code))
        words = say(
            "It is no well-formed XML: line {line}, {error}.",
            line=error.lineno,
            error=_SAID.get(fault, fault),
        )
        raise UnreadableFile(words) from None
    except (LookupError, ValueError):
        words = say("Its XML states an encoding that is not known; use UTF-8.")
        raise UnreadableFile(words) from None


def _find_encoding(content: bytes) -> str | None:
    """UTF-8 by another name (``utf8``), which the parser takes for an encoding of its own."""
    stated = _DECLARED.match(content)
    try:
        is_utf8 = stated is not None and codecs.lookup(stated[1].decode()).name == "utf-8"
    except LookupError:
        return None
    return "UTF-8" if is_utf8 else None


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, which may hold a brace (``etree.QName`` raises)."""
    return str(element.tag).rpartition("}")[2]


def _without_envelope(root: etree._Element) -> etree._Element:
    found = root
    if local_name(root) == _ENVELOPE:
        payload = [child for child in root if local_name(child) != _HEADER]
        bills = [child for child in payload if child.tag in (INVOICE, CREDIT_NOTE)]
        if len(bills) > 1 or not payload:
            raise UnreadableFile(
                say("Its envelope (SBDH) holds no invoice or credit note, or several.")
            )
        found = bills[0] if bills else payload[0]
    if found.tag not in (INVOICE, CREDIT_NOTE):
        name = local_name(found)
        if name.casefold() == "html":
            raise UnreadableFile(say("It is a web page; export the report as .xlsx or .csv."))
        raise UnreadableFile(name_root(name, found.tag.rpartition("}")[0].removeprefix("{")))
    return found


def _refuse_lost_letters(document: etree._Element) -> None:
    for element in document.iter(etree.Element):
        if element.text and is_garbled(element.text):
            raise UnreadableFile(
                say(
                    "It has lost letters by a wrong encoding: “{text}”; the XML states another "
                    "encoding than it is written in.",
                    text=element.text[:40],
                )
            )


def _drop_attachments(document: etree._Element) -> None:
    """Attachments are not read; a mark stays, for an element without content breaks a rule."""
    attachments = list(document.iter(ATTACHMENT))
    if len(attachments) > MOST_ATTACHMENTS:
        raise UnreadableFile(say("It has more than {most} attachments.", most=MOST_ATTACHMENTS))
    for element in attachments:
        if element.text and element.text.strip():
            element.text = "-"


class Node:
    """An element; all nodes of a document share ``broken``."""

    def __init__(self, element: etree._Element, broken: list[Broken]) -> None:
        self.element = element
        self.broken = broken

    @property
    def line(self) -> int:
        """The line of the file at which the element begins."""
        found: int | None = self.element.sourceline  # type: ignore[assignment]  # untyped stub
        return found or 0

    def refuse(self, rule: str, words: str) -> None:
        """Note that the element breaks a rule."""
        self.broken.append(Broken(rule, words, self.line))

    def all(self, path: str) -> list[Node]:
        """All elements at the path."""
        return [Node(each, self.broken) for each in self.element.findall(path, PREFIXES)]

    def find(self, path: str, once: str = SCHEMA) -> Node | None:
        """The only element at the path, or None; a second one is refused by the rule ``once``."""
        found = self.all(path)
        if len(found) > 1:
            found[1].refuse(once, say("{field} may stand only once", field=_plain(path)))
        return found[0] if found else None

    @property
    def content(self) -> str:
        """The text of the element, without doubled blanks, those at its ends, and unseen signs."""
        return " ".join(drop_unseen(self.element.text or "").split())

    def text(self, path: str, missing: str = "", *, longest: int = 0, once: str = SCHEMA) -> str:
        """The text at the path; refused by the rule ``missing`` where there is none."""
        node = self.find(path, once)
        text = node.content if node else ""
        if not text and missing:
            self.refuse(missing, say_missing(path))
        if node and longest and len(text) > longest:
            words = say(
                "{field} is longer than {most} characters", field=_plain(path), most=longest
            )
            node.refuse(LENGTH, words)
        return text

    def amount(self, path: str, missing: str, decimals: str) -> Decimal:
        """The amount at the path, 0 where there is none; more than two decimals are refused."""
        return self._number(path, missing, MONEY_SCALE, decimals)

    def identifier(self, path: str, missing: str = "", longest: int = 0) -> str:
        """The identifier at the path in canonical form; refused where it may be another one."""
        text = self.text(path, missing, longest=longest)
        try:
            return read_identifier(text)
        except BadIdentifier as reason:
            name = local_name(self.element) if path == "." else _plain(path)
            self.refuse(IDENTIFIER, say("{field} {reason}", field=name, reason=reason.args[0]))
            return ""

    def rate(self, path: str) -> Decimal:
        """A percentage of VAT, 0 where there is none: at most six decimals, as they are kept."""
        rate = self._number(path, "", None, "")
        if rate != to_fine(rate):
            self.refuse(DECIMALS, _say_decimals(path, FINE_SCALE, rate))
        return rate

    def number(self, path: str, missing: str = "", otherwise: int = 0) -> Decimal:
        """A price or a quantity, which may have any number of decimals."""
        if self.find(path) is None and not missing:
            return Decimal(otherwise)
        return self._number(path, missing, None, "")

    def date(self, path: str, missing: str = "", *, rule: str = F001, once: str = SCHEMA) -> Day:
        """The date at the path, or None; what is no date is refused by the rule.

        The schema allows a time zone behind it, which changes nothing of the day; F001 does not.
        """
        text = self.text(path, missing, once=once)
        node = self.find(path, once) if text else None
        if node is None:
            return None
        day = node.day()
        if rule == F001:
            node.check_day()
        elif day is None:
            words = say("{field} must be a date: {text}", field=_plain(path), text=_quote(text))
            node.refuse(rule, words)
        if day is not None and not EARLIEST <= day <= LATEST:
            words = say(
                "{field} is a day of no invoice: {text}", field=_plain(path), text=_quote(text)
            )
            self.refuse(DATE, words)
            return None
        return day

    def day(self) -> Day:
        """The day that the element states, with a time zone behind it or without; None for none."""
        found = _DATE.fullmatch(self.content)
        try:
            return dt.date.fromisoformat(found[1]) if found else None
        except ValueError:
            return None

    def check_day(self) -> None:
        """Refuse what is not written as F001 has it: ten signs, with nothing before and behind."""
        text = self.element.text or ""
        if len(text) != len("2026-11-30") or self.day() is None:
            name = local_name(self.element)
            words = say(
                "{field} must be a date such as 2026-11-30 and nothing else: {text}",
                field=name,
                text=_quote(text),
            )
            self.refuse(F001, words)

    def _number(self, path: str, missing: str, scale: int | None, decimals: str) -> Decimal:
        text = self.text(path, missing)
        if not text:
            return Decimal(0)
        found = _NUMBER.fullmatch(text)
        if not found:
            words = say("{field} must be a number: {text}", field=_plain(path), text=_quote(text))
            self.refuse(SCHEMA, words)
            return Decimal(0)
        if len(text) > _MOST_DIGITS or abs(Decimal(text)) >= LARGEST:
            words = say(
                "{field} is a larger number than can be kept: {text}",
                field=_plain(path),
                text=_quote(text),
            )
            self.refuse(SIZE, words)
            return Decimal(0)
        if scale is not None and len(found[2] or found[3] or "") > scale:
            self.refuse(decimals, _say_decimals(path, scale, _quote(text)))
            return Decimal(0)
        return Decimal(text)


def to_fine(value: Decimal) -> Decimal:
    """The value with the six decimals that the store keeps, half-up."""
    return value.quantize(_FINE, ROUND_HALF_UP)


def say_missing(path: str) -> str:
    """That nothing stands at the path."""
    return say("{field} is missing", field=_plain(path))


def _say_decimals(path: str, most: int, stated: object) -> str:
    return say(
        "{field} has more than {most} decimals: {text}",
        field=_plain(path),
        most=most,
        text=stated,
    )


def _plain(path: str) -> str:
    return path.replace("cac:", "").replace("cbc:", "")


def _quote(text: str) -> str:
    return say("“{text}”", text=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
