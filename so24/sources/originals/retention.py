"""How long originals are kept, and what goes when that time is over.

The Norwegian Bookkeeping Act (*bokføringsloven*) § 13 asks for primary documentation until five
years after the end of the accounting year, which is taken to be the calendar year. An original's
year is that of the latest document that it brought, or that of its import, whichever is later; of
one that several imports read, the latest of all. ``SO24_KEEP_YEARS`` is for those who have to keep
it longer (construction and projects: ten).

A file that brought nothing is no such documentation, and may be the wrong file altogether: it is
kept for ``SO24_KEEP_REFUSED_DAYS``, so that a person can see what was refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from so24.dates import OSLO, format_date, today
from so24.language.said import join_said, say, say_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.documents import originals as store
from so24.store.documents.originals import KeptFile, Use

KILO = 1024


@dataclass(frozen=True)
class Overdue:
    """What a purge would delete: originals by id, bytes in the store, the days that they had."""

    ids: tuple[int, ...]
    packed_size: int
    earliest: dt.date | None
    latest: dt.date | None


@dataclass(frozen=True)
class Holdings:
    """All originals whose bytes are kept: how many, bytes as they came, and in the store.

    ``overdue``: so many of them may be purged.
    """

    count: int
    size: int
    packed_size: int
    overdue: int


def kept_until(settings: Settings, uses: Iterable[Use]) -> dict[int, dt.date]:
    """The last day of each original by id."""
    until: dict[int, dt.date] = {}
    for use in uses:
        day = _last_day(settings, use)
        until[use.original_id] = max(day, until.get(use.original_id, day))
    return until


def _last_day(settings: Settings, use: Use) -> dt.date:
    came = use.at.astimezone(OSLO).date()
    if not use.brought:
        return came + dt.timedelta(days=settings.keep_refused_days)
    year = max(came.year, use.latest.year if use.latest else 0)
    return dt.date(year + settings.keep_years, 12, 31)


def list_last_days(desk: Desk, files: Iterable[KeptFile]) -> dict[int, dt.date]:
    """The last day of each original of these files, by its id, unless it is purged.

    Raises :class:`NotAllowed`.
    """
    with desk.reading(Permission.SEE_IMPORTS) as session:
        uses = store.uses_of_originals(session, [each.original_id for each in files])
    return kept_until(desk.settings, uses)


def describe_files(files: Sequence[KeptFile], until: Mapping[int, dt.date]) -> str:
    """How many files they are, how large, and until when they are kept; empty for none."""
    kept = [each for each in files if each.purged_at is None]
    days = [until[each.original_id] for each in kept if each.original_id in until]
    if not files:
        return ""
    if not kept:
        return say("purged")
    size = describe_size(sum(each.size for each in kept))
    until_day = say("until {day}", day=format_date(min(days, default=None)))
    if len(kept) == 1:
        return join_said([size, until_day], by=", ")
    several = say_count("{number} file", "{number} files", len(kept))
    return join_said([several, size, until_day], by=", ")


def describe_size(size: int) -> str:
    """A number of bytes as people read it: ``812 bytes``, ``24,1 kB``, ``3,2 MB``."""
    if size < KILO:
        return say_count("{number} byte", "{number} bytes", size)
    kilos = size / KILO
    words = f"{kilos:.1f} kB" if kilos < KILO else f"{kilos / KILO:.1f} MB"
    return words.replace(".", ",")


def find_overdue(desk: Desk) -> Overdue:
    """What a purge would delete today. Raises :class:`NotAllowed`."""
    with desk.reading(Permission.PURGE_ORIGINALS) as session:
        return _overdue(desk.settings, store.uses_of_originals(session))


def purge_overdue(desk: Desk, shown: Overdue) -> Overdue:
    """Delete the bytes of what was shown and is overdue still; returns what went, audited.

    An import may have brought the same bytes again since they were shown. Raises
    :class:`NotAllowed`.
    """
    with desk.writing(Permission.PURGE_ORIGINALS) as session:
        gone = _overdue(desk.settings, store.uses_of_originals(session, shown.ids))
        store.purge(session, gone.ids)
        store.forget_unused(session)
        if gone.ids:
            size = gone.packed_size
            words = f"{len(gone.ids)} files, {size} bytes in the database"  # in English: audit
            desk.record(session, "originals purged", f"until {gone.latest}", words)
    return gone


def read_holdings(desk: Desk) -> Holdings:
    """How many originals are kept, and what they take. Raises :class:`NotAllowed`."""
    with desk.reading(Permission.SEE_IMPORTS) as session:
        kept = store.sum_kept(session)
        overdue = _overdue(desk.settings, store.uses_of_originals(session))
    return Holdings(*kept, overdue=len(overdue.ids))


def _overdue(settings: Settings, uses: list[Use]) -> Overdue:
    until = kept_until(settings, uses)
    over = {each: day for each, day in until.items() if day < today()}
    sizes = {use.original_id: use.packed_size for use in uses}
    return Overdue(
        tuple(over),
        sum(sizes[each] for each in over),
        min(over.values(), default=None),
        max(over.values(), default=None),
    )
