"""Make the small icon font anew: ``python -m tests.make_icons``, with ``fonttools`` and ``brotli``.

Streamlit's icon font has 4,000 icons, of which the dashboard shows some dozens. Kept are those
whose names stand in our sources, and those that stand in Streamlit's own scripts. What is written
is ``so24/ui/guard/icons.woff2``, and ``icons.txt`` with the font that it stands in for and the
names, one a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from streamlit import file_util

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "so24" / "ui" / "guard"
STATIC = Path(file_util.get_static_dir()) / "static"
_QUOTED = re.compile(r"[\"'`]([a-z0-9_]{2,})[\"'`]")
_NAMED = re.compile(r"material/([a-z0-9_]+)")


def full_font() -> Path:
    """The icon font of this Streamlit."""
    [found] = (STATIC / "media").glob("MaterialSymbols-Rounded.*.woff2")
    return found


def named_icons() -> set[str]:
    """The names that are said to be icons' in our sources and in Streamlit's scripts."""
    return {name for text in _read_sources() for name in _NAMED.findall(text)}


def quoted_words() -> set[str]:
    """Every word in quotes there: an icon's name may come without saying that it is one."""
    return {word for text in _read_sources() for word in _QUOTED.findall(text)}


def _read_sources() -> Iterator[str]:
    ours = (each for folder in ("so24", "pages") for each in (ROOT / folder).rglob("*"))
    own = (each for each in ours if each.suffix in (".py", ".md"))
    for path in (*own, *(STATIC / "js").glob("*.js")):
        yield path.read_text(encoding="utf-8")


def main() -> None:
    """Write the font and its list."""
    from fontTools import subset  # type: ignore[import-not-found]
    from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

    font = TTFont(full_font())
    letters = {name: chr(code) for code, name in font.getBestCmap().items()}
    ligatures = dict(_list_ligatures(font, letters))
    wanted = sorted((named_icons() | quoted_words()) & set(ligatures))
    options = subset.Options(flavor="woff2", layout_closure=False, layout_features=["*"])
    subsetter = subset.Subsetter(options)
    signs = sorted({sign for name in wanted for sign in name})
    subsetter.populate(glyphs=[ligatures[name] for name in wanted], text="".join(signs))
    subsetter.subset(font)
    subset.save_font(font, FOLDER / "icons.woff2", options)
    (FOLDER / "icons.txt").write_text("\n".join((full_font().name, *wanted, "")), encoding="utf-8")


def _list_ligatures(font: Any, letters: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The names of the icons, each with its glyph."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            for first, some in getattr(table, "ligatures", {}).items():
                for each in some:
                    glyphs = (first, *each.Component)
                    yield "".join(letters.get(glyph, "?") for glyph in glyphs), each.LigGlyph


if __name__ == "__main__":
    main()
