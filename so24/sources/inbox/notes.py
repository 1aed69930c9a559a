"""What is written beside a file that was taken in or refused: its report, in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from so24.dates import format_moment
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.language.telling import tell
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
    hashed = f"SHA-256 {sha256}"
    yield tell("{hash}, file of {owner}", hash=hashed, owner=owner) if owner else hashed
    for past, report in outcomes:
        yield ""
        yield tell(
            "Import {id}, {moment}, by {actor}: {file} ({kind})",
            id=past.import_id,
            moment=format_moment(past.at),
            actor=past.actor,
            file=past.filename,
            kind=tell(past.kind),
        )
        yield f"{_tell_counts(report)}."
        if _is_one_of_several(name, report):
            yield tell(
                "Other EHF files came with it: these counts and warnings are of all of them."
            )
        if rows := _own_rows(name, report):
            yield tell("Refused:")
            yield from (f"  {_tell_row(row)}" for row in rows)
        if report.warnings or report.sellers:
            yield tell("To be seen:")
            yield from (f"  {tell('Seller: {seller}', seller=each)}" for each in report.sellers)
            yield from (f"  {tell(each)}" for each in report.warnings)
    yield ""
    yield tell(
        "The report is on the page Imports, and by `so24 imports {id}`; the file as it came\n"
        "by `so24 imports {id} --original FOLDER`, where it is kept.",
        id=outcomes[0][0].import_id,
    )


def _tell_counts(report: ImportReport) -> str:
    counts = (f"{count} {tell(words)}" for count, words in report.tell_counts() if count)
    return ", ".join(counts) or tell("Nothing in it")


def _own_rows(name: str, report: ImportReport) -> tuple[RefusedRow, ...]:
    if not _is_one_of_several(name, report):
        return report.refused
    return tuple(row for row in report.refused if row.sheet == name)


def _is_one_of_several(name: str, report: ImportReport) -> bool:
    """Whether the report is of several EHF files, as it is where they were not packed."""
    return report.kind == EHF and report.filename != hide_personal_numbers(name)[:NAME_LENGTH]


def _count(report: ImportReport) -> int:
    return report.added + report.updated + report.unchanged + report.flagged


def _tell_row(row: RefusedRow) -> str:
    place = filter(None, (row.sheet, tell("row {row}", row=row.row), row.column))
    return f"{', '.join(place)}: {tell(row.reason)}"
