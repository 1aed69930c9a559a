"""Files of other programs, each made of as little as tells what it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELLS = "<tr><td>Invoice no.</td><td>Customer no.<td>Price</tr><tr><td>1001<td>5001&nbsp;<td>4</tr>"
PAGE = f"<html><head><meta charset=utf-8><br></head><body><table>{CELLS}</table></body></html>"
ODF_MIME = "application/vnd.oasis.opendocument."
MHTML = (
    "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
    'Content-Type: multipart/related;\r\n\tboundary="----=_Next"\r\n\r\n------=_Next\r\n'
    f"Content-Type: text/html\r\n\r\n{PAGE}"
)
MAIL = "Message-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain\n\nSee the report."
SPREADSHEET_2003 = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<!-- made by hand -->\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"></office:document>'
)


def enveloped(*streams: str) -> bytes:
    """An old Office file's envelope with these streams in its directory."""
    directory = b""
    for name in ("Root Entry", *streams):
        encoded = name.encode("utf-16-le")
        entry = encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little")
        directory += entry.ljust(128, b"\0")
    return CFB.ljust(512, b"\0") + directory.ljust(512, b"\0")


def zipped(parts: Mapping[str, str]) -> bytes:
    """A zip archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def package(main: str) -> bytes:
    """An Office package that calls its main part so, under a name of its own."""
    kind = f"application/vnd.{main}+xml"
    return zipped({
        "[Content_Types].xml": f'<Types><Override PartName="/m" ContentType="{kind}"/></Types>',
        "_rels/.rels": "<Relationships/>",
        "m": "<m/>",
    })  # fmt: skip


PAGES = {
    "well-formed": f"<html><body><table>{CELLS}</table></body></html>".encode(),
    "not well-formed": PAGE.encode(),
    "doctype": f"<!DOCTYPE html>\n{PAGE}".encode(),
    "old doctype": f'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0//EN">{PAGE}'.encode(),
    "XHTML": f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">{CELLS}'.encode(),
    "with a mark": b"\xef\xbb\xbf" + PAGE.encode(),
    "UTF-16": PAGE.encode("utf-16"),
    "UTF-16 without a mark": PAGE.encode("utf-16-le"),
    "UTF-16 the other way": PAGE.encode("utf-16-be"),
    "Windows' letters": PAGE.replace("1001", "Ærlig Ås").encode("cp1252"),
    "Excel's own": f'<html xmlns:x="urn:schemas-microsoft-com:office:excel">{CELLS}'.encode(),
    "only a table": f"\r\n  <TABLE BORDER=1>{CELLS}</TABLE>".encode(),
    "only rows": CELLS.encode(),
    "a style first": f"<style>td {{mso-number-format:'@'}}</style><table>{CELLS}".encode(),
    "a comment first": f"<!-- saved from url=(0014)about:internet -->\n<div>{CELLS}".encode(),
    "a condition first": f"<!--[if gte mso 9]><xml></xml><![endif]-->{PAGE}".encode(),
    "a comment without an end": f"<!-- <table>{CELLS}</table>".encode(),
    "a warning first": f"\nWarning: mktime() in /x.php on line 7\n{PAGE}".encode(),
}
WEB_PAGE, OLD, PICTURE = "a web page; export", "an old Excel file (.xls)", "a picture"
PACKED, LOCKED, TEXT = "a packed archive", "protected by a password", "a text document"
STRANGERS = {
    "MHTML": (MHTML.encode(), "a web page saved as one file (MHTML)"),
    "an e-mail": (MAIL.encode(), "an e-mail"),
    "Excel 2003": (SPREADSHEET_2003.encode(), "a workbook of Excel 2003 (XML)"),
    "Excel 2003, UTF-16": (SPREADSHEET_2003.encode("utf-16"), "a workbook of Excel 2003 (XML)"),
    "Excel 2003, prefixed": (
        b'<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "a workbook of Excel 2003 (XML)",
    ),
    "flat OpenDocument": (FLAT.encode(), "(.fods)"),
    "xls": (enveloped("Workbook", "\x05SummaryInformation"), OLD),
    "xls of Excel 95": (enveloped("Book"), OLD),
    "xls without its directory": (CFB + b"\0" * 512, OLD),
    "Excel 2": (b"\x09\0\x04\0\x02\0\x10\0", OLD),
    "Excel 3": (b"\x09\x02\x06\0\0\0\x10\0\0\0", OLD),
    "Excel 4": (b"\x09\x04\x06\0\0\0\x10\0\0\0", OLD),
    "Excel 5": (b"\x09\x08\x08\0\0\x05\x05\0\0\0\0\0", OLD),
    "with a password": (enveloped("EncryptionInfo", "EncryptedPackage"), LOCKED),
    "Word 97": (enveloped("WordDocument", "1Table"), TEXT),
    "PowerPoint 97": (enveloped("PowerPoint Document"), "a presentation"),
    "a message of Outlook": (enveloped("__properties_version1.0"), "an e-mail"),
    "ods": (zipped({"mimetype": ODF_MIME + "spreadsheet", "content.xml": "<x/>"}), "(.ods)"),
    "odt": (zipped({"mimetype": ODF_MIME + "text", "content.xml": "<x/>"}), TEXT),
    "numbers": (zipped({"Index/Document.iwa": "", "preview.jpg": ""}), "a Numbers document"),
    "xlsb": (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "(.xlsb)"),
    "xlsb, named freely": (package("ms-excel.sheet.binary.macroEnabled.main"), "(.xlsb)"),
    "docx": (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), TEXT),
    "docx, named freely": (
        package("openxmlformats-officedocument.wordprocessingml.document.main"),
        TEXT,
    ),
    "pptx": (zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "a presentation"),
    "PDF": (b"%PDF-1.7\n%\x81\x81\n1 0 obj", "a PDF"),
    "PDF below blanks": (b"\r%PDF-1.4 ", "a PDF"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PICTURE),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", PICTURE),
    "GIF": (b"GIF89a\x01\0\x01\0", PICTURE),
    "BMP": (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", PICTURE),
    "TIFF": (b"II*\0\x08\0\0\0", PICTURE),
    "WebP": (b"RIFF\x24\0\0\0WEBPVP8 ", PICTURE),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", PICTURE),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', PICTURE),
    "JSON": (b'{"invoices": [{"no": 1001}]}', "JSON"),
    "JSON with a mark": (b'\xef\xbb\xbf[\n  {"no": 1001}]', "JSON"),
    "JSON, UTF-16": ('{"no": 1001}'.encode("utf-16"), "JSON"),
    "JSON lines": (b'{"no":1001}\n{"no":1002}\n', "JSON"),
    "a pointer": (b'{"doc_id": "x", "email": "a@b.example"}', "points to a Google document"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", PACKED),
    "rar": (b"Rar!\x1a\x07\x01\0", PACKED),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", PACKED),
    "RTF": (b"{\\rtf1\\ansi Invoice}", TEXT),
    "SYLK": (b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K1001\r\nE\r\n", "an old text form"),
    **{f"a web page, {name}": (content, WEB_PAGE) for name, content in PAGES.items()},
}
