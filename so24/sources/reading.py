"""A file's content, whatever it is: recognised by its headings, read into documents, customers."""

from __future__ import annotations

import hashlib

from so24.errors import UnreadableFile
from so24.sources.customers import read_customers
from so24.sources.documents import SourceFile
from so24.sources.headings import CUSTOMERS, LINES
from so24.sources.invoice_lines import read_documents
from so24.sources.tables import find_table
from so24.sources.workbook import read_sheets


def read_file(filename: str, content: bytes, *, megabytes: int) -> SourceFile:
    """Read one file of at most ``megabytes``.

    Raises :class:`UnreadableFile` with one sentence that names the file where it cannot be
    imported at all; a row that cannot is in ``refused``.
    """
    try:
        sheets = read_sheets(filename, content, megabytes=megabytes)
        tables = [table for table in map(find_table, sheets) if table]
        if not tables:
            raise UnreadableFile(
                "It has no headings of RecMan's Invoice lines report or of a customers list."
            )
    except UnreadableFile as error:
        raise UnreadableFile(f"{filename} cannot be imported. {error}") from None
    line_tables = [table for table in tables if table.layout is LINES]
    documents, refused_lines = read_documents(line_tables)
    customers, refused_customers = read_customers(
        table for table in tables if table.layout is CUSTOMERS
    )
    names = sorted({table.layout.name for table in tables})
    return SourceFile(
        filename=filename,
        content_hash=hashlib.sha256(content).hexdigest(),
        documents=tuple(documents),
        customers=tuple(customers),
        refused=(*refused_lines, *refused_customers),
        kind=" and ".join(names),
    )
