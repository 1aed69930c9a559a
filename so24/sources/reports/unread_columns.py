"""What is told of the columns of reports that are not read: nothing of a file is silently left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from so24.language.said import join_said, say, say_count
from so24.sources.sheets.cells.cell import ShownNumber
from so24.sources.sheets.headings import CREDITS, CUSTOMERS, LINES, normalise
from so24.sources.sheets.tables import ReportTable

# what RecMan's own reports have and no document needs, and whose work a line is of
_WORK = (  # in English: or not; headings as they are
    "Product group",
    "Product group no.",
    "Produktgruppe",
    "Produktgruppenr.",
    "Employment condition",
    "Ansettelsesforhold",
    "Arbeidsforhold",
    "Employee",
    "Employee no.",
    "Employee name",
    "Ansatt",
    "Ansattnr.",
    "Ansattnavn",
    "Candidate",
    "Candidate no.",
    "Kandidat",
    "Kandidatnr.",
    "Hours",
    "Timer",
    "Unit",
    "Enhet",
    "Comment",
    "Kommentar",
)
_CREDITS = (  # in English: or not; headings as they are
    "Invoice date",
    "Fakturadato",
    "Company",
    "Firma",
    "Kunde",
    "Project no.",
    "Prosjektnr.",
    "Project",
    "Prosjekt",
    "Sum invoice",
    "Sum faktura",
    "Credit note reason",
    "Kreditnotaårsak",
    "Årsak til kreditnota",
)
_OF_NO_USE = {
    layout.name: frozenset(map(normalise, (*_WORK, *more)))
    for layout, more in ((LINES, ()), (CUSTOMERS, ()), (CREDITS, _CREDITS))
}
_SHOWN = 60


def tell_unread_columns(tables: Sequence[ReportTable]) -> Iterator[str]:
    """One sentence that names the columns of a file that nothing is read of, if there are any."""
    names = list(dict.fromkeys(name for table in tables for name in _unread(table)))
    if names:
        listed = join_said([say("“{heading}”", heading=name[:_SHOWN]) for name in names], by=", ")
        yield say_count(
            "{number} column was not read: {headings}. Which ones are read is told in the help, "
            "under “What comes in”.",
            "{number} columns were not read: {headings}. Which ones are read is told in the help, "
            "under “What comes in”.",
            len(names),
            headings=listed,
        )


def _unread(table: ReportTable) -> Iterator[str]:
    read, of_no_use = set(table.columns.values()), _OF_NO_USE[table.layout.name]
    for column, heading in enumerate(table.headings):
        normal = normalise(heading)
        if column not in read and normal and normal not in of_no_use:
            yield heading


def tell_numbers_for_kids(tables: Iterable[ReportTable]) -> Iterator[str]:
    """That a column of KIDs holds numbers, of which a spreadsheet has dropped leading zeros."""
    for table in tables:
        column = table.columns.get("kid") if table.layout is LINES else None
        if column is not None and _has_plain_numbers(table, column):
            yield say(
                "The column “{heading}” of the sheet “{sheet}” holds numbers, not texts: Excel "
                "drops the leading zeros of a number. Compare the KIDs with those that are printed "
                "on the invoices.",
                heading=table.headings[column],
                sheet=table.sheet.name,
            )


def _has_plain_numbers(table: ReportTable, column: int) -> bool:
    kinds = (some.kinds(column) for some in table.some_filled_rows())
    found = frozenset[type]().union(*kinds) - {ShownNumber}
    return any(issubclass(kind, Decimal) for kind in found)
