"""The rows of a document as bytes, and back; of numbers and texts alone, which is fast."""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from so24.language.said import pack, unpack
from so24.sources.documents.documents import RefusedRow, SourceLine
from so24.sources.reports.line_cells import AS_HEAD, AS_LINE, AS_ROW, LineHead, LineRow


def pack_rows(rows: Iterable[LineRow]) -> bytes:
    """Rows as numbers and texts, which go to the disk and back much faster than they do themselves.

    Their heads, each once, and of each row its head's place among them, its line and its refusals.
    """
    heads: dict[LineHead, int] = {}
    packed = [
        (
            heads.setdefault(head, len(heads)),
            _pack_line(line),
            [_pack_refused(each) for each in refused],
        )
        for head, line, refused in rows
    ]
    return marshal.dumps(([_pack_head(head) for head in heads], packed))


def _pack_refused(each: RefusedRow) -> tuple[str, int, str, str]:
    return each.sheet, each.row, each.column, pack(each.reason, wholly=True)


def _unpack_refused(sheet: str, row: int, column: str, reason: str) -> RefusedRow:
    return RefusedRow(sheet, row, column, _unpack_reason(reason))


_unpack_reason = lru_cache(1_000)(unpack)  # rows repeat what they are refused for


def _pack_head(head: LineHead) -> tuple[Any, ...]:
    *texts, invoiced, due, delivered = head
    days = (None if day is None else day.toordinal() for day in (invoiced, due, delivered))
    return (*texts, *days)


def _pack_line(line: SourceLine) -> tuple[Any, ...]:
    row, product, name, text, quantity, price, net, rate, vat, total, day, category = line
    return (
        row, product, name, text, str(quantity), str(price), str(net), str(rate),
        None if vat is None else str(vat), None if total is None else str(total),
        None if day is None else day.toordinal(), category,
    )  # fmt: skip


def unpack_rows(packed: bytes) -> list[LineRow]:
    """The rows of which that was made."""
    heads, rows = marshal.loads(packed)  # noqa: S302 - nobody else can have written it
    heads = [_unpack_head(*head) for head in heads]
    return [
        AS_ROW((heads[at], _unpack_line(line), tuple([_unpack_refused(*each) for each in refused])))
        for at, line, refused in rows
    ]


def _unpack_head(*packed: Any) -> LineHead:
    *texts, invoiced, due, delivered = packed
    ordinals = (invoiced, due, delivered)
    days = (None if day is None else dt.date.fromordinal(day) for day in ordinals)
    return AS_HEAD((*texts, *days))


def _unpack_line(packed: tuple[Any, ...]) -> SourceLine:
    row, product, name, text, quantity, price, net, rate, vat, total, day, category = packed
    return AS_LINE((
        row, product, name, text, Decimal(quantity), Decimal(price), Decimal(net), Decimal(rate),
        None if vat is None else Decimal(vat), None if total is None else Decimal(total),
        None if day is None else dt.date.fromordinal(day), category,
    ))  # fmt: skip
