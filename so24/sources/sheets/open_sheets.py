"""A file of any kind as sheets: recognised by its content, never by its name."""

from __future__ import annotations

from so24.errors import UnreadableFile
from so24.sources.sheets.delimited import read_delimited
from so24.sources.sheets.spreadsheet import Share, read_spreadsheet
from so24.sources.sheets.tables import Sheet

MEGABYTE = 1_000_000
UNFOLDING = 10  # a workbook is a zip file: how many times its size limit it may unfold to
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


def read_sheets(
    filename: str, content: bytes, *, megabytes: int, tell: Share = lambda share: None
) -> list[Sheet]:
    """The sheets of an Excel workbook (.xlsx) or a CSV file of at most ``megabytes``.

    ``tell`` hears the share read so far, 0 to 1, while it takes long.
    Raises :class:`UnreadableFile` with one sentence where it is anything else.
    """
    if not content:
        raise UnreadableFile("It is empty.")
    if len(content) > megabytes * MEGABYTE:
        raise UnreadableFile(f"It is larger than {megabytes} MB; split it.")
    if content.startswith(_OLE):
        # a locked workbook and an old one share the same envelope
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("It is protected by a password; save it without one.")
        raise UnreadableFile("It is an old Excel file (.xls); save it as .xlsx.")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return read_spreadsheet(content, most_bytes=megabytes * MEGABYTE * UNFOLDING, tell=tell)
    return [read_delimited(filename, content)]
