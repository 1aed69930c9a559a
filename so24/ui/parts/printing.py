"""Rows as a page to be printed: an HTML file that stands alone, all its lines in one table.

A page of the dashboard draws only the rows of a grid that are in sight, between menus and buttons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape

from so24.dates import format_moment
from so24.language.reader import language
from so24.language.telling import tell, tell_count
from so24.ui.parts.cells import tell_cell

_LOOKS = (  # in English: style
    "@page { size: A4 landscape; margin: 10mm } "
    "body { font: 8pt/1.3 sans-serif; color: #000 } "
    "h1 { font-size: 12pt; margin: 0 } "
    "table { border-collapse: collapse; width: 100%; margin-top: 4mm } "
    "thead { display: table-header-group } "
    "tr { break-inside: avoid } "
    "th, td { border-bottom: 0.2mm solid #999; padding: 0.6mm 1mm } "
    "th, td { text-align: left; vertical-align: top } "
    ".n { text-align: right; white-space: nowrap } "
)
_FIGURES = (Decimal, int)


def write_page(rows: Iterable[Mapping[str, object]], title: str, moment: dt.datetime) -> bytes:
    """A page with these rows under this title, which is told, made at this moment (aware).

    The first row's keys are the headings; a column without any value is left out. Headings and
    texts that were said are told.
    """
    whole = list(rows)
    first = whole[0] if whole else {}
    names = [each for each in first if any(row[each] not in ("", None) for row in whole)]
    heads = "".join(f"<th>{escape(tell(each))}</th>" for each in names)
    lines = "".join(
        f"<tr>{''.join(_write_cell(row[each]) for each in names)}</tr>\n" for row in whole
    )
    words = tell_count(
        "{number} line, as of {moment}",
        "{number} lines, as of {moment}",
        len(whole),
        moment=format_moment(moment),
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_LOOKS}</style></head>\n"
        f"<body><h1>{escape(title)}</h1><p>{escape(words)}</p>\n"
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}</tbody></table></body></html>\n"
    ).encode()


def _write_cell(value: object) -> str:
    kind = ' class="n"' if isinstance(value, _FIGURES) else ""
    return f"<td{kind}>{escape(tell_cell(value))}</td>"
