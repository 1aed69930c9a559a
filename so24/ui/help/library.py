"""The pages of the help: files in each language, read as they are and shown with working links.

A page is Markdown that reads as well where it lies. Its links lead to files beside it; on the
screen they lead to the page *Help*, which is told by its address what to open: the page, and the
place on it. A place is the heading of a section as Markdown readers call it, or the code of a
reason that the section explains (:data:`_REASONS`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from so24.letters import fold_for_search
from so24.ui.tab.address import HELP_PAGE, HELP_PLACE

HELP = Path(__file__).resolve().parents[2] / "help"
INDEX = "index"
TROUBLESHOOTING = "troubleshooting"
# in the order in which they are offered
PAGES = (
    INDEX,
    "going_live",
    "finance_day",
    "incoming",
    "customers_and_products",
    "analysts",
    TROUBLESHOOTING,
    "operations",
    "settings",
    "security",
    "architecture",
    "tried_and_measured",
    "decisions",
    "extending",
    "contributing",
    "changes",
)
_HEADING = re.compile(r"^(#{1,4}) (.+)$")
_REASONS = re.compile(r"^<!-- reasons: ([\w ]+) -->$", re.MULTILINE)
_COMMENT = re.compile(r"^<!--.*?-->\n?", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"^!\[([^\]]*)\]\(([^)\s]+)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Picture:
    """A picture within a section, with what is to be seen on it."""

    path: Path
    words: str


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next one."""

    title: str
    level: int
    place: str
    reasons: tuple[str, ...]
    source: str
    path: Path

    @property
    def parts(self) -> Iterator[str | Picture]:
        """Its texts and pictures in their order, as they are shown."""
        pieces = _PICTURE.split(_COMMENT.sub("", self.source))
        for place in range(0, len(pieces), 3):
            if text := pieces[place].strip():
                yield _LINK.sub(self._lead_on, text)
            if place + 2 < len(pieces):
                yield Picture(self.path.parent / pieces[place + 2], pieces[place + 1])

    def _lead_on(self, link: re.Match[str]) -> str:
        """The link as the screen needs it; to a file that is no page of the help only its words."""
        words, (file, _, place) = link[1], link[2].partition("#")
        name = file.removesuffix(".md") or self.path.stem
        if name not in PAGES:
            return words
        return f"[{words}](help?{urlencode(address_of(name, place))})"


@dataclass(frozen=True)
class HelpPage:
    """One page of the help."""

    name: str
    title: str
    sections: tuple[Section, ...]

    def find(self, place: str) -> Section | None:
        """The section that is called so, or explains the reason of this code."""
        named = (each for each in self.sections if place in (each.place, *each.reasons))
        return next(named, None) if place else None


@cache
def read_page(name: str, language: str) -> HelpPage:
    """The page of this name, one of :data:`PAGES`, in this language."""
    path = HELP / language / f"{name}.md"
    sections = tuple(_read_sections(path.read_text(encoding="utf-8"), path))
    return HelpPage(name, sections[0].title, sections)


def find_sections(words: str, language: str) -> list[tuple[HelpPage, Section]]:
    """Every section that has all these words, with its page; those that are called so first."""
    wanted = fold_for_search(words).split()
    found = [
        (all(each in fold_for_search(section.title) for each in wanted), page, section)
        for page in (read_page(name, language) for name in PAGES)
        for section in page.sections
        if all(each in fold_for_search(section.source) for each in wanted)
    ]
    return [each[1:] for each in sorted(found, key=lambda each: not each[0])] if wanted else []


def address_of(name: str, place: str = "") -> dict[str, str]:
    """What the address of *Help* says for this page, and this place on it."""
    return {HELP_PAGE: name} | ({HELP_PLACE: place} if place else {})


def place_of(heading: str) -> str:
    """How Markdown readers call the place of this heading, in links to it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def _read_sections(text: str, path: Path) -> Iterator[Section]:
    """Headings within blocks of code are none."""
    title, level, lines, is_code = "", 0, list[str](), False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        heading = None if is_code else _HEADING.match(line)
        if heading is not None:
            if level:
                yield _make_section(title, level, lines, path)
            level, title, lines = len(heading[1]), heading[2], []
        else:
            lines.append(line)
    yield _make_section(title, level, lines, path)


def _make_section(title: str, level: int, lines: list[str], path: Path) -> Section:
    source = "\n".join(lines)
    reasons = tuple(code for each in _REASONS.findall(source) for code in each.split())
    return Section(title, level, place_of(title), reasons, source, path)
