"""Every text for people is in each language, whole, and none is said past the catalogues."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from so24.language.telling import FOLDER
from tests.language.unspoken import unspoken_words
from tests.make_catalogue import (
    PLURALS,
    ROOT,
    compile_catalogue,
    forms_of,
    key_of,
    known_texts,
    read_parts,
    spoken_sources,
    wanted_texts,
)

# parts of the product whose every word is said
SPOKEN: tuple[str, ...] = (
    "app.py",
    "pages/activation.py",
    "pages/audit.py",
    "pages/credentials.py",
    "pages/customers.py",
    "pages/figures.py",
    "pages/help.py",
    "pages/history.py",
    "pages/imports.py",
    "pages/invoices.py",
    "pages/kept.py",
    "pages/ledger.py",
    "pages/receipt.py",
    "pages/recman.py",
    "pages/start.py",
    "pages/users.py",
    "so24/addresses.py",
    "so24/alerts",
    "so24/background.py",
    "so24/calls",
    "so24/cli",
    "so24/customer_cards",
    "so24/dates.py",
    "so24/demo.py",
    "so24/errors.py",
    "so24/evidence",
    "so24/firms",
    "so24/identifiers.py",
    "so24/installation.py",
    "so24/invoices",
    "so24/kept",
    "so24/keys",
    "so24/language",
    "so24/ledger",
    "so24/letters.py",
    "so24/metrics",
    "so24/office",
    "so24/people",
    "so24/people/languages.py",
    "so24/reasons.py",
    "so24/settings.py",
    "so24/sources/documents",
    "so24/sources/ehf",
    "so24/sources/import_reports.py",
    "so24/sources/inbox",
    "so24/sources/intake.py",
    "so24/sources/landing",
    "so24/sources/nearest.py",
    "so24/sources/originals",
    "so24/sources/reading.py",
    "so24/sources/recman",
    "so24/sources/reports",
    "so24/sources/sheets",
    "so24/stated_total.py",
    "so24/states.py",
    "so24/store/database",
    "so24/store/documents",
    "so24/store/keys",
    "so24/store/people",
    "so24/store/tables",
    "so24/store/transfers",
    "so24/store/upkeep",
    "so24/today",
    "so24/transfer",
    "so24/ui/credentials",
    "so24/ui/customers",
    "so24/ui/documents",
    "so24/ui/export",
    "so24/ui/figures",
    "so24/ui/frame",
    "so24/ui/guard",
    "so24/ui/help",
    "so24/ui/invoices",
    "so24/ui/keyboard",
    "so24/ui/parts",
    "so24/ui/people",
    "so24/ui/receipts",
    "so24/ui/recman",
    "so24/ui/start",
    "so24/ui/tab",
    "so24/vault.py",
)


@pytest.fixture(params=PLURALS)
def language(request: pytest.FixtureRequest) -> str:
    """Each language but English, which the texts are written in."""
    return str(request.param)


def test_each_text_has_a_translation(language: str) -> None:
    known = known_texts(read_parts(language))
    missing = [
        each.key
        for each in wanted_texts().values()
        if each.key not in known or not all(forms_of(known[each.key]))
    ]
    assert missing == []


def test_no_translation_is_of_a_text_that_nobody_says(language: str) -> None:
    wanted = wanted_texts()
    assert [key for key in known_texts(read_parts(language)) if key not in wanted] == []


def test_a_text_is_translated_once(language: str) -> None:
    keys = [key_of(each) for part in read_parts(language).values() for each in part if each.id]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_the_places_of_a_text_are_in_its_translation(language: str) -> None:
    known = known_texts(read_parts(language))
    wrong = [
        (each.one, form)
        for each in wanted_texts().values()
        if each.key in known
        for form in forms_of(known[each.key])
        if places_of(form) != places_of(each.many or each.one) | places_of(each.one)
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_texts(language: str) -> None:
    assert (FOLDER / f"{language}.mo").read_bytes() == compile_catalogue(language)


@pytest.mark.parametrize("part", SPOKEN)
def test_no_word_for_people_is_outside_the_catalogues(part: str) -> None:
    unspoken = [
        f"{path.relative_to(ROOT)}:{words}"
        for path in spoken_sources()
        if is_in(path, part)
        for words in unspoken_words(path)
    ]
    assert unspoken == []


def is_in(path: Path, part: str) -> bool:
    """Whether a module is this one, or in this folder."""
    where = path.relative_to(ROOT).as_posix()
    return where == part or where.startswith(f"{part}/")


def places_of(template: str) -> set[str]:
    """The names of the values that a template has places for."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
