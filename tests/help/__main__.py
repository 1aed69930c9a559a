"""Bring the reasons that the help lists up to date: ``python -m tests.help``.

The page *troubleshooting* says, in a comment, which reasons a section explains; the table below is
that of their cards, in the language of the page. A test names each reason that has no place yet.
"""

from __future__ import annotations

import re

from so24.language.reader import LANGUAGES, speaking
from so24.reasons import Reason
from so24.ui.help.glossary import reason_rows
from so24.ui.help.library import HELP, PAGES, TROUBLESHOOTING
from tests.help.tables import own_tables

LISTED = re.compile(r"(?P<mark><!-- reasons: (?P<codes>[\w ]+) -->\n)(?P<table>(\n|\|.*\n)*)")


def with_tables(text: str, language: str) -> str:
    """The page with a table of cards below each list of reasons."""

    def fill(found: re.Match[str]) -> str:
        return f"{found['mark']}\n{table_of(found['codes'].split(), language)}\n"

    return LISTED.sub(fill, text)


def table_of(codes: list[str], language: str) -> str:
    """The cards of these reasons, as a table."""
    with speaking(language):
        rows = reason_rows([Reason.stored(code) for code in codes])
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def with_own_tables(text: str, language: str) -> str:
    """The page with the tables of columns and keys that it has as the code has them."""
    for finder, table in own_tables(language):
        text = finder.sub(lambda _, table=table: table, text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    for each in LANGUAGES:
        for name in PAGES:
            page = HELP / each / f"{name}.md"
            source = page.read_text(encoding="utf-8")
            page.write_text(with_own_tables(source, each), encoding="utf-8")
        path = HELP / each / f"{TROUBLESHOOTING}.md"
        path.write_text(with_tables(path.read_text(encoding="utf-8"), each), encoding="utf-8")
