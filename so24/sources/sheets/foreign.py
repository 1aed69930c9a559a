"""Files of other programs, told from their content whatever they are called: one sentence each.

None of them is read. A library could take the values out of old workbooks (``.xls``) and of
OpenDocument (``.ods``), python-calamine for one; but it tells neither formulas nor hidden rows nor
number formats, so what came in could be something else than people see (0.25 for 25 %, a hidden
copy of a row, a value that the last program left beside a formula). Excel and LibreOffice save
them as ``.xlsx`` without that loss, and that is what the sentences ask for.

Only the beginning of a file is looked at, and of an archive its list: nothing is unfolded but the
two small parts that name what it is.
"""

from __future__ import annotations

import codecs
import re
import zipfile

from lxml.html import defs

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Content, open_content, whole
from so24.sources.sheets.package import TORN

_AS_XLSX = say("open it in Excel and save it as .xlsx")
_NEITHER = say(
    "neither an Excel workbook (.xlsx) nor a CSV file; export the report from RecMan as one"
)

WEB_PAGE = say("It is a web page; export the report as .xlsx, or {mend}.", mend=_AS_XLSX)
_WEB_ARCHIVE = say("It is a web page saved as one file (MHTML); {mend}.", mend=_AS_XLSX)
_MAIL = say("It is an e-mail; save its attachment and import that.")
_XML_2003 = say("It is a workbook of Excel 2003 (XML); {mend}.", mend=_AS_XLSX)
_FLAT_ODF = say("It is a flat OpenDocument file (.fods); save it as .xlsx.")
_ODS = say("It is an OpenDocument file (.ods); save it as .xlsx.")
_XLS = say("It is an old Excel file (.xls); save it as .xlsx.")
_XLSB = say("It is a binary workbook (.xlsb); save it as .xlsx.")
_LOCKED = say("It is protected by a password; save it without one.")
_NUMBERS = say("It is a Numbers document; export it as .xlsx.")
PDF_MARK = b"%PDF-"
_PDF = say("It is a PDF, and {neither}.", neither=_NEITHER)
_PICTURE = say("It is a picture, and {neither}.", neither=_NEITHER)
_WORD = say("It is a text document, and {neither}.", neither=_NEITHER)
_SLIDES = say("It is a presentation, and {neither}.", neither=_NEITHER)
_JSON = say("It is JSON, and {neither}.", neither=_NEITHER)
_SHORTCUT = say("It only points to a Google document; open that and download it as .xlsx.")
_PACKED = say("It is a packed archive that cannot be opened here; unpack it, or pack it as .zip.")
_OLD_OFFICE = say(
    "It is an old Office file, perhaps an old Excel file (.xls); {mend}.", mend=_AS_XLSX
)
_SYLK = say("It is a workbook in an old text form (SYLK or DIF); {mend}.", mend=_AS_XLSX)

_HEAD = 65_536  # bytes in which a text file says what it is
_LONGEST_PART = 1_000_000
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (  # what an old Office file holds, the most telling first
    ("EncryptedPackage", _LOCKED),
    ("Workbook", _XLS),
    ("Book", _XLS),
    ("WordDocument", _WORD),
    ("PowerPoint Document", _SLIDES),
    ("__properties_version1.0", _MAIL),
)
_BEGINNINGS = (
    (PDF_MARK, _PDF),
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF87a", _PICTURE),
    (b"GIF89a", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!\x1a\x07", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\x1f\x8b\x08", _PACKED),
    (b"\xfd7zXZ\0", _PACKED),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"{\\rtf", _WORD),
    (b"TABLE\r\n0,1", _SYLK),
    (b"TABLE\n0,1", _SYLK),
    # a record that begins a workbook of Excel 2, 3, 4, 5 and 97 without its envelope
    (b"\x09\x00\x04\x00", _XLS),
    (b"\x09\x02\x06\x00", _XLS),
    (b"\x09\x04\x06\x00", _XLS),
    (b"\x09\x08\x08\x00", _XLS),
    (b"\x09\x08\x10\x00", _XLS),
)
_ENTRIES = (  # a part of a zip archive that tells what it is
    ("xl/workbook.bin", _XLSB),
    ("index/document.iwa", _NUMBERS),
    ("metadata/buildversionhistory.plist", _NUMBERS),
    ("word/document.xml", _WORD),
    ("ppt/presentation.xml", _SLIDES),
)
_CONTENT_TYPES = (  # what the list of a package's parts says of its main part
    (b"spreadsheetml.sheet.main", ""),  # whatever is embedded in it
    (b"spreadsheetml.template.main", ""),
    (b"ms-excel.sheet.macroEnabled.main", ""),
    (b"ms-excel.sheet.binary.macroEnabled.main", _XLSB),
    (b"wordprocessingml.document.main", _WORD),
    (b"presentationml.presentation.main", _SLIDES),
)
_ZIP, _ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_MOST_PARTS = 5_000
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?(?:-->|\Z)|<!(?!doctype\s+html\b)[^>\[]*"
                     r"(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)  # fmt: skip
_TAG = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)([^>]*)")
_PAGE = re.compile(r"<!doctype\s+html\b|<(?:html|body|table)\b[^<]*<", re.IGNORECASE)
_EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_HEADER = re.compile(r"(?:[A-Za-z][\w-]*:[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*\r?\n)+")
_MIME = re.compile(r"^(?:mime-version|message-id):", re.IGNORECASE | re.MULTILINE)
_WEB_MIME = re.compile(r"^content-type:\s*(?:multipart/related|text/html)", re.I | re.M)
_JSON_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_SYLK_BEGINS = re.compile(r"ID;P[^\r\n]*\r?\n(?:P;P|[BC];[XY]\d|F;|O;[A-Z])")
_PAGE_TAGS = frozenset(("html", "head", "body", "table", "meta", "style", "div", "center"))


def refuse_foreign(content: Content) -> None:
    """Raise :class:`UnreadableFile` with the sentence that helps, if it is another program's file.

    RecMan's reports, EHF files, and zip archives of them are none; nor is what nobody knows.
    """
    if sentence := _find_binary(content) or _find_text(content):
        raise UnreadableFile(sentence)


def is_page_with_text_before(content: Content) -> bool:
    """Whether a text file holds a web page below something else, such as a program's warnings."""
    return _PAGE.search(_read_head(content)) is not None


def _find_binary(content: Content) -> str:
    if content.startswith(_CFB):
        return _find_stream(whole(content))
    if content.startswith(_ZIP):
        return _find_package(content)
    if b"%PDF-" in content[:1_024].split(b"\n")[0]:
        return _PDF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _PICTURE
    if content[:3] == b"BZh" and content[4:10] == b"1AY&SY":
        return _PACKED
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return _PICTURE
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return _PICTURE
    return next((told for begins, told in _BEGINNINGS if content.startswith(begins)), "")


def _find_stream(content: bytes) -> str:
    """By the names in the envelope's directory, each in an entry of 128 bytes."""
    for name, sentence in _STREAMS:
        encoded = name.encode("utf-16-le")
        entry = encoded + b"\0" * (64 - len(encoded)) + (len(encoded) + 2).to_bytes(2, "little")
        place = content.find(entry)
        while place >= 0:
            if place % 128 == 0:
                return sentence
            place = content.find(entry, place + 1)
    # whatever is damaged of it, a name that stands there tells enough
    names = ((name.encode("utf-16-le"), sentence) for name, sentence in _STREAMS)
    return next((sentence for name, sentence in names if name in content), _OLD_OFFICE)


def _find_package(content: Content) -> str:
    if content.count(_ENTRY) > _MOST_PARTS:
        return ""  # its reader refuses it
    try:
        with zipfile.ZipFile(open_content(content)) as archive:
            names = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
            kind = _read_part(archive, names.get("mimetype"))
            if kind.startswith(b"application/vnd.oasis.opendocument") or "content.xml" in names:
                return _ODS if b"spreadsheet" in kind or not kind else _WORD
            for part, sentence in _ENTRIES:
                if part in names:
                    return sentence
            types = _read_part(archive, names.get("[content_types].xml"))
            return next((told for mark, told in _CONTENT_TYPES if mark in types), "")
    except TORN:
        return ""  # what a damaged workbook is told is right for it too


def _read_part(archive: zipfile.ZipFile, name: str | None) -> bytes:
    if name is None or archive.getinfo(name).flag_bits & 1:
        return b""
    with archive.open(name) as part:
        return part.read(_LONGEST_PART)


def _find_text(content: Content) -> str:
    text = _read_head(content).lstrip("\ufeff")
    if text.lstrip().startswith("<"):
        return _find_markup(text)
    if _JSON_BEGINS.match(text):
        return _SHORTCUT if '"doc_id"' in text or "docs.google.com" in text else _JSON
    if _SYLK_BEGINS.match(text):
        return _SYLK
    header = _HEADER.match(text.lstrip())
    if header and _MIME.search(header[0]):
        return _WEB_ARCHIVE if _WEB_MIME.search(header[0]) else _MAIL
    return ""


def _find_markup(text: str) -> str:
    """By the first element, whatever stands before it; empty for other XML, such as EHF."""
    place = 0
    while found := _PROLOG.match(text, place):
        place = found.end()
    if text[place : place + 9].casefold() == "<!doctype":
        return WEB_PAGE
    element = _TAG.match(text, place)
    if element is None:
        return WEB_PAGE if _PAGE.search(text) else ""
    prefix, name, attributes = element[1] or "", element[2].casefold(), element[3]
    if name == "workbook" and (_EXCEL_2003 in attributes or "Excel.Sheet" in text[:place]):
        return _XML_2003
    if _ODF in attributes and name == "document":
        return _FLAT_ODF
    if _WORD_2003 in attributes or "Word.Document" in text[:place]:
        return _WORD
    if name == "svg":
        return _PICTURE
    if prefix:
        return ""
    # XML that is no web page may have elements of these names too
    return WEB_PAGE if name in (_PAGE_TAGS if text.startswith("<?xml") else defs.tags) else ""


def _read_head(content: Content) -> str:
    """The beginning as text, in the encoding that its first bytes show."""
    head = content[:_HEAD]
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return head.decode("utf-32", "ignore")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    for encoding, blanks in (("utf-16-le", head[1:100:2]), ("utf-16-be", head[0:100:2])):
        if blanks and not blanks.strip(b"\0"):
            return head.decode(encoding, "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
