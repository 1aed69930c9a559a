"""What became of what was imported: the report of each import, kept and read again later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from so24.errors import WrongUse
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.language.said import pack, say, unpack
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.documents import RefusedRow
from so24.store.documents import intake
from so24.store.people.audit import LogFilter
from so24.store.tables.document_tables import Import

DOCUMENTS, CUSTOMERS, CREDITS = "documents", "customers", "credits"  # kinds, as they are kept
KINDS = (DOCUMENTS, CUSTOMERS, CREDITS)
Forms = tuple[str, str]
_PLAIN = (say("added"), say("updated"), say("unchanged"))
_OF_KIND: Mapping[str, tuple[Forms, Forms, Forms]] = {
    DOCUMENTS: (
        (say("document added"), say("documents added")),
        (say("document updated"), say("documents updated")),
        (say("document unchanged"), say("documents unchanged")),
    ),
    CUSTOMERS: (
        (say("customer added"), say("customers added")),
        (say("customer updated"), say("customers updated")),
        (say("customer unchanged"), say("customers unchanged")),
    ),
    CREDITS: (
        (say("credit link added"), say("credit links added")),
        (say("credit link updated"), say("credit links updated")),
        (say("credit link unchanged"), say("credit links unchanged")),
    ),
}
_REFUSED: Forms = (say("row refused"), say("rows refused"))
_UNREAD: Forms = (say("field not read or in doubt"), say("fields not read or in doubt"))


@dataclass(frozen=True)
class ImportReport:
    """What became of one file; the counts are of its documents, customers and credit links.

    All EHF files that came together, by themselves or in one archive, have one report;
    ``sellers`` are those whom they name, with their organization numbers, where that was checked.
    ``asked``: so many of the warnings need a person: questions, and what was stated otherwise of
    documents already exported.
    ``rows_refused`` counts the rows of ``refused`` that did not come in, for it names each cell for
    itself; ``fields_unread`` its cells whose rows did.
    ``by_kind`` has the first three counts of each kind that the file holds, where that is known.
    """

    filename: str
    kind: str
    added: int
    updated: int
    unchanged: int
    flagged: int
    refused: tuple[RefusedRow, ...]
    import_id: int
    warnings: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    asked: int = 0
    by_kind: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    rows_refused: int = field(init=False)
    fields_unread: int = field(init=False)

    def __post_init__(self) -> None:
        out = {(each.sheet, each.row) for each in self.refused if not each.came_in}
        cells = [each for each in self.refused if (each.sheet, each.row) not in out]
        object.__setattr__(self, "rows_refused", len(out))
        object.__setattr__(self, "fields_unread", len(cells))

    def tell_counts(self) -> tuple[tuple[int, str], ...]:
        """Each count with its words, as they are right for that count."""
        whole = (self.added, self.updated, self.unchanged)
        return (
            *(self._tell_by_kind() if self.by_kind else zip(whole, _PLAIN, strict=True)),
            (self.flagged, say("changed after export")),
            (self.rows_refused, _choose(self.rows_refused, _REFUSED)),
            (self.fields_unread, _choose(self.fields_unread, _UNREAD)),
        )

    def _tell_by_kind(self) -> Iterator[tuple[int, str]]:
        for kind, counts in self.by_kind.items():
            for count, forms in zip(counts, _OF_KIND[kind], strict=True):
                yield count, _choose(count, forms)


@dataclass(frozen=True)
class PastImport:
    """An import in the list of all; ``at`` is aware UTC, ``refused`` counts rows.

    ``finished`` is False while it is under way, and for ever where it was cut off: its counts then
    are not known, and what has landed has landed.
    """

    import_id: int
    at: dt.datetime
    actor: str
    filename: str
    kind: str
    finished: bool
    added: int
    updated: int
    unchanged: int
    flagged: int
    refused: int


def keep_texts(row: Import, report: ImportReport) -> None:
    """Put what the report says in words into the import's row."""
    refused = [
        {**asdict(each), "column": pack(each.column), "reason": pack(each.reason)}
        for each in report.refused
    ]
    row.report = json.dumps(refused, ensure_ascii=False)
    remarks = {
        "warnings": [*map(pack, report.warnings)],
        "sellers": [*map(pack, report.sellers)],
        "kinds": report.by_kind,
    }
    row.remarks = json.dumps(remarks, ensure_ascii=False)


def list_imports(
    desk: Desk,
    wanted: LogFilter,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[PastImport], int]:
    """At most ``limit`` imports of the filter, newest first, and how many it has in all."""
    with desk.reading(Permission.SEE_IMPORTS) as session:
        rows = intake.latest_imports(session, wanted, limit=limit, offset=offset)
        found = intake.count_imports(session, wanted)
    return [_as_past(row) for row in rows], found


def is_import(desk: Desk, import_id: int) -> bool:
    """Whether there is an import of this number; raises :class:`NotAllowed`."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return session.get(Import, import_id) is not None


def read_report(desk: Desk, import_id: int) -> tuple[PastImport, ImportReport]:
    """An import and its whole report; personal numbers in its texts are not shown.

    Raises :class:`WrongUse` where there is no such import.
    """
    with desk.reading(Permission.SEE_IMPORTS) as session:
        row = session.get(Import, import_id)
    if row is None:
        raise WrongUse(say("There is no import {id}.", id=import_id))
    past = _as_past(row)
    remarks: dict[str, Any] = json.loads(row.remarks or "{}")
    report = ImportReport(
        past.filename,
        past.kind,
        past.added,
        past.updated,
        past.unchanged,
        past.flagged,
        tuple(_read_row(**each) for each in json.loads(row.report)),
        past.import_id,
        _without_numbers(map(unpack, remarks.get("warnings", []))),
        _without_numbers(map(unpack, remarks.get("sellers", []))),
        by_kind={kind: (a, u, s) for kind, (a, u, s) in remarks.get("kinds", {}).items()},
    )
    return past, report


def import_choices(desk: Desk) -> tuple[list[str], list[str]]:
    """Everybody who has imported something, and every kind of file."""
    with desk.reading(Permission.SEE_IMPORTS) as session:
        return intake.importing_actors(session), intake.imported_kinds(session)


def _as_past(row: Import) -> PastImport:
    return PastImport(
        row.row_id,
        row.at,
        row.actor,
        hide_personal_numbers(row.filename),
        row.kind,
        row.remarks is not None,
        row.added,
        row.updated,
        row.unchanged,
        row.flagged,
        row.refused,
    )


def _read_row(sheet: str, row: int, column: str, reason: str, came_in: bool = False) -> RefusedRow:
    sheet, column, reason = _without_numbers([sheet, unpack(column), unpack(reason)])
    return RefusedRow(sheet, row, column, reason, came_in)


def _choose(count: int, forms: Forms) -> str:
    """The words for one, or for another count."""
    return forms[0] if count == 1 else forms[1]


def _without_numbers(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(hide_personal_numbers, texts))
