"""The pages of the help, as files: the same in both languages, with links that lead somewhere."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from so24.language.reader import ENGLISH, LANGUAGES, speaking
from so24.language.telling import tell
from so24.ledger.reconcile import Verdict
from so24.ledger.saft.lines import SaftVerdict
from so24.reasons import Reason
from so24.ui.help.library import (
    HELP,
    PAGES,
    TROUBLESHOOTING,
    HelpPage,
    Picture,
    find_sections,
    read_page,
)
from tests.help.__main__ import with_own_tables, with_tables
from tests.help.tables import own_tables

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILES = [ROOT / "README.md", ROOT / "deploy" / "README.md", *sorted(HELP.rglob("*.md"))]
BOTH = [(language, name) for language in LANGUAGES for name in PAGES]
# no card, because nothing has happened
CARDLESS = {Reason.NONE, Reason.WOULD_BE_SENT, Reason.NOT_LOOKED_UP}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_a_file_and_each_file_a_page(language: str) -> None:
    assert {path.stem for path in (HELP / language).glob("*.md")} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_sections(name: str) -> None:
    english, *others = (shape_of(read_page(name, each)) for each in LANGUAGES)
    assert others == [english] * len(others)


def shape_of(page: HelpPage) -> list[tuple[int, tuple[str, ...], list[str], int]]:
    """What must be alike in each language: levels, reasons, pictures, and blocks of commands."""
    return [
        (
            each.level,
            each.reasons,
            [part.path.name for part in each.parts if isinstance(part, Picture)],
            each.source.count("\n```bash\n"),
        )
        for each in page.sections
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_of_reports_and_the_keys_are_listed_as_the_code_has_them(language: str) -> None:
    pages = {name: (HELP / language / f"{name}.md").read_text(encoding="utf-8") for name in PAGES}
    assert {name: with_own_tables(text, language) for name, text in pages.items()} == pages
    for _, table in own_tables(language):
        assert sum(table in text for text in pages.values()) == 1


@pytest.mark.parametrize(("language", "name"), BOTH)
def test_a_page_has_one_title_and_no_place_twice(language: str, name: str) -> None:
    sections = read_page(name, language).sections
    assert [each.level for each in sections].count(1) == 1
    assert sections[0].level == 1
    places = [each.place for each in sections]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_of_a_file_leads_to_a_file_and_a_place_there(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith("https:"):
            continue
        file, _, place = link.partition("#")
        aimed = (path.parent / file).resolve() if file else path
        assert aimed.exists(), link
        if place:
            headings = re.findall(r"^#+ (.+)$", aimed.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {spelt_as_place(each) for each in headings}, link


def spelt_as_place(heading: str) -> str:
    """How GitHub calls the place of a heading."""
    return "".join(
        "-" if sign == " " else sign for sign in heading.lower() if sign.isalnum() or sign in " -_"
    )


@pytest.mark.parametrize(("language", "name"), BOTH)
def test_on_the_screen_each_link_leads_to_a_page_and_a_place_of_the_help(
    language: str, name: str
) -> None:
    shown = "\n".join(
        part
        for section in read_page(name, language).sections
        for part in section.parts
        if isinstance(part, str)
    )
    for link in LINK.findall(shown):
        found = re.fullmatch(r"help\?about=(\w+)(?:&place=(.+))?", link)
        assert found is not None, link
        page = read_page(found[1], language)
        if found[2]:
            assert page.find(unquote_plus(found[2])) is not None, link


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_its_one_place_and_its_card_as_it_is_now(language: str) -> None:
    """To mend it: name the code in a comment of both pages, then ``python -m tests.help``."""
    page = read_page(TROUBLESHOOTING, language)
    named = [code for each in page.sections for code in each.reasons]
    assert sorted(named) == sorted(set(Reason) - CARDLESS)
    text = (HELP / language / f"{TROUBLESHOOTING}.md").read_text(encoding="utf-8")
    assert with_tables(text, language) == text


def test_no_comment_is_shown() -> None:
    for language, name in BOTH:
        for section in read_page(name, language).sections:
            shown = "\n".join(part for part in section.parts if isinstance(part, str))
            assert not re.search(r"^<!--", shown, re.MULTILINE)


def test_each_picture_is_there_in_each_language_and_comes_along_when_so24_is_installed() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    patterns = tools["setuptools"]["package-data"]["so24"]
    shown = [
        part.path
        for language, name in BOTH
        for section in read_page(name, language).sections
        for part in section.parts
        if isinstance(part, Picture)
    ]
    assert shown
    for path in [*shown, *HELP.rglob("*.md")]:
        assert path.is_file(), path
        inside = str(path.relative_to(HELP.parent))
        assert any(fnmatch.fnmatch(inside, each) for each in patterns), inside


def test_a_search_finds_each_section_with_all_the_words_and_those_called_so_first() -> None:
    found = find_sections("back-up restore", ENGLISH)
    assert found[0][1].title == "Back-up and restore"
    assert all("restore" in f"{each.title} {each.source}".lower() for _, each in found)
    assert find_sections("  ", ENGLISH) == []
    assert find_sections("zyxwvu", ENGLISH) == []


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [each for each in PAGES if f"(so24/help/en/{each}.md)" not in readme] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_verdict_of_a_reconciliation_is_explained(language: str) -> None:
    text = (HELP / language / f"{TROUBLESHOOTING}.md").read_text(encoding="utf-8")
    with speaking(language):
        words = [tell(each.value) for each in (*Verdict, *SaftVerdict)]
    assert [each for each in words if f"\n| {each} |" not in text] == []
