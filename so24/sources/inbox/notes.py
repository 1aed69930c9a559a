"""What is written beside a file that was taken in or refused: its report, in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from so24.dates import format_moment
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.letters import show_plainly
from so24.sources.documents.documents import EHF, RefusedRow
from so24.sources.import_reports import ImportReport, PastImport
from so24.sources.intake import NAME_LENGTH

Outcome = tuple[PastImport, ImportReport]


def came_in(name: str, outcomes: Sequence[Outcome]) -> bool:
    """Whether anything of the file came in; a file of rows that were all refused did not.

    Of EHF files that came together each is known by its own refusals.
    """
    return any(_brought(name, report) for _, report in outcomes)


def _brought(name: str, report: ImportReport) -> bool:
    if _is_one_of_several(name, report):
        return not _own_rows(name, report)
    return not report.refused or _count(report) > 0


def write_note(name: str, sha256: str, owner: str, outcomes: Sequence[Outcome]) -> str:
    """The text beside a file, of the imports that it is in; personal numbers are hidden."""
    text = "\n".join(_lines(name, sha256, owner, outcomes)) + "\n"
    return show_plainly(hide_personal_numbers(text))


def _lines(name: str, sha256: str, owner: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield name
    yield f"SHA-256 {sha256}" + (f", file of {owner}" if owner else "")
    for past, report in outcomes:
        yield ""
        yield (
            f"Import {past.import_id}, {format_moment(past.at)}, by {past.actor}: "
            f"{past.filename} ({past.kind})"
        )
        yield f"{_in_words(report)}."
        if _is_one_of_several(name, report):
            yield "Other EHF files came with it: these counts and warnings are of all of them."
        if rows := _own_rows(name, report):
            yield "Refused:"
            yield from (f"  {_tell(row)}" for row in rows)
        if report.warnings or report.sellers:
            yield "To be seen:"
            yield from (f"  Seller: {each}" for each in report.sellers)
            yield from (f"  {each}" for each in report.warnings)
    yield ""
    first = outcomes[0][0].import_id
    yield f"The report is on the page Imports, and by `so24 imports {first}`; the file as it came"
    yield f"by `so24 imports {first} --original FOLDER`, where it is kept."


def _in_words(report: ImportReport) -> str:
    counts = (f"{count} {words}" for count, words in report.tell_counts() if count)
    return ", ".join(counts) or "Nothing in it"


def _own_rows(name: str, report: ImportReport) -> tuple[RefusedRow, ...]:
    if not _is_one_of_several(name, report):
        return report.refused
    return tuple(row for row in report.refused if row.sheet == name)


def _is_one_of_several(name: str, report: ImportReport) -> bool:
    """Whether the report is of several EHF files, as it is where they were not packed."""
    return report.kind == EHF and report.filename != hide_personal_numbers(name)[:NAME_LENGTH]


def _count(report: ImportReport) -> int:
    return report.added + report.updated + report.unchanged + report.flagged


def _tell(row: RefusedRow) -> str:
    place = ", ".join(filter(None, (row.sheet, f"row {row.row}", row.column)))
    return f"{place}: {row.reason}"
