"""Files' content, whatever it is: recognised by headings, read into documents and customers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from so24.errors import UnreadableFile
from so24.sources.credit_notes import read_credits
from so24.sources.customers import read_customers
from so24.sources.department_names import DepartmentNames
from so24.sources.documents import SourceFile
from so24.sources.headings import CREDITS, CUSTOMERS, LINES
from so24.sources.invoice_lines import read_documents
from so24.sources.table_checks import check_table
from so24.sources.tables import Table, find_table
from so24.sources.workbook import read_sheets

Reading = Callable[[str, float], None]  # a file's name, and the share of it read so far, 0 to 1
_UNFOLDED = 0.7  # of a file's reading; the rest goes to making documents of its rows


def read_files(
    files: Sequence[tuple[str, bytes]],
    *,
    megabytes: int,
    departments: Iterable[tuple[str, str]] = (),
    reading: Reading = lambda filename, share: None,
) -> list[SourceFile]:
    """Read files (name, content) of at most ``megabytes`` each, in any order.

    ``departments`` are those known already (number, name): together with all that the files have
    they say which department a name without a number is. ``reading`` is told how far it is, at
    most once for each hundredth. Raises :class:`UnreadableFile` with a
    sentence that names the file where one cannot be imported at all; a row that cannot is in
    ``refused``.
    """
    tables = []
    for filename, content in files:
        try:
            tables.append(_find_tables(filename, content, megabytes, _Share(reading, filename)))
        except UnreadableFile as error:
            others = " Nothing of the other files was imported either." if len(files) > 1 else ""
            raise UnreadableFile(f"{filename} cannot be imported. {error}{others}") from None
    names = DepartmentNames(departments)
    for table in (table for found in tables for table in found if table.layout is LINES):
        names.learn(table)
    sources = []
    for (filename, content), found in zip(files, tables, strict=True):
        sources.append(_read_file(filename, content, found, names))
        reading(filename, 1.0)
    return sources


class _Share:
    """Tells how far a file's reading is, when a hundredth of it has passed."""

    def __init__(self, reading: Reading, filename: str) -> None:
        self.reading, self.filename = reading, filename
        self.told = -1

    def __call__(self, unfolded: float) -> None:
        hundredths = int(100 * _UNFOLDED * unfolded)
        if hundredths > self.told:
            self.told = hundredths
            self.reading(self.filename, hundredths / 100)


def _find_tables(filename: str, content: bytes, megabytes: int, share: _Share) -> list[Table]:
    share(0)
    sheets = read_sheets(filename, content, megabytes=megabytes, tell=share)
    tables = [table for table in map(find_table, sheets) if table]
    if not tables:
        raise UnreadableFile(
            "It has no headings of RecMan's Invoice lines report, of its Credit notes report or of "
            "a customers list."
        )
    for table in tables:
        check_table(table)
    if all(next(table.rows(), None) is None for table in tables):
        raise UnreadableFile("It has headings but no rows; export it again with its rows.")
    return tables


def _read_file(
    filename: str, content: bytes, tables: Sequence[Table], names: DepartmentNames
) -> SourceFile:
    documents, refused_lines = read_documents(
        [table for table in tables if table.layout is LINES], names
    )
    customers, refused_customers = read_customers(
        table for table in tables if table.layout is CUSTOMERS
    )
    credit_notes, refused_credits = read_credits(
        table for table in tables if table.layout is CREDITS
    )
    kinds = sorted({table.layout.name for table in tables})
    return SourceFile(
        filename=filename,
        content_hash=hashlib.sha256(content).hexdigest(),
        documents=tuple(documents),
        customers=tuple(customers),
        refused=(*refused_lines, *refused_customers, *refused_credits),
        kind=" and ".join(kinds),
        credits=tuple(credit_notes),
    )
