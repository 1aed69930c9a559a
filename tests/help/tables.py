"""Tables of the help that the code has as well: the columns of reports, and the keys.

Such a table is known by the first cell of its headings; ``python -m tests.help`` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from so24.language.reader import speaking
from so24.language.telling import tell
from so24.sources.sheets.headings import CREDITS, CUSTOMERS, LINES, Field, Layout
from so24.ui.keyboard.shortcuts import OTHER_KEYS, SINGLE_KEYS

COLUMNS = {"Invoice lines": LINES, "Customers": CUSTOMERS, "Credit notes": CREDITS}
OR, NEEDED = {"en": "or", "nb": "eller"}, {"en": "needed", "nb": "kreves"}
MUST = {"en": "yes", "nb": "ja"}
EITHER = {"en": "one of the two", "nb": "én av de to"}
KEYS = {"en": ("Key", "What it does"), "nb": ("Tast", "Hva den gjør")}
_DEPARTMENT = ("department_number", "department_name")


def own_tables(language: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """What finds each of these tables in a page, and the table as it is to be."""
    for title, layout in COLUMNS.items():
        heads = (f"*{title}*", OR[language], NEEDED[language])
        yield (
            _finder(heads),
            _write(heads, [_row(layout, each, language) for each in layout.fields]),
        )
    with speaking(language):
        keys = [(f"`{tell(key)}`", tell(does)) for key, does in SINGLE_KEYS + OTHER_KEYS]
    yield _finder(KEYS[language]), _write(KEYS[language], keys)


def _row(layout: Layout, field: Field, language: str) -> tuple[str, str, str]:
    first, *others = field.headings
    needed = MUST[language] if field.required else ""
    if layout is LINES and field.name in _DEPARTMENT:
        needed = EITHER[language]
    return first, " · ".join(others), needed


def _finder(heads: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"^\| {re.escape(' | '.join(heads))} \|\n(\|.*\n)+", re.MULTILINE)


def _write(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(each)} |\n" for each in cells)
