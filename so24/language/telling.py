"""Texts in the language of who reads them, through gettext's compiled catalogue."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from so24.language.reader import ENGLISH, language
from so24.language.said import SaidText, say, say_count

FOLDER = Path(__file__).resolve().parent


def tell(text: str, /, **values: object) -> str:
    """The text in the language of who reads it now.

    ``text`` is one that was said (:mod:`so24.language.said`), or the template itself, written out
    here, with its values. A text that no catalogue has – a name, another's words – stays as it is.
    """
    return told_in(language(), say(text, **values) if values else text)


def tell_count(one: str, many: str, number: int, /, **values: object) -> str:
    """As :func:`tell`, about so many things (:func:`so24.language.said.say_count`)."""
    return told_in(language(), say_count(one, many, number, **values))


def told_in(wanted: str, text: str) -> str:
    """The text in this language."""
    if wanted == ENGLISH or not text:
        return str(text)
    known = catalogue(wanted)
    if not isinstance(text, SaidText):
        return known.gettext(text)
    template = _find_template(known, text)
    if not text.values:
        return template
    return template.format_map(
        {name: told_value(wanted, each) for name, each in text.values.items()}
    )


def told_value(wanted: str, value: str) -> str:
    """A value of a text: told as well where it is one that was said, else as it is."""
    return told_in(wanted, value) if isinstance(value, SaidText) else value


def _find_template(known: gettext.NullTranslations, text: SaidText) -> str:
    if text.context:
        return known.pgettext(text.context, text.template)
    if text.many:
        return known.ngettext(text.template, text.many, text.counted)
    return known.gettext(text.template)


@cache
def catalogue(wanted: str) -> gettext.NullTranslations:
    """The texts of a language, read once a process; one that is not there tells all in English."""
    try:
        with (FOLDER / f"{wanted}.mo").open("rb") as compiled:
            return gettext.GNUTranslations(compiled)
    except FileNotFoundError:
        return gettext.NullTranslations()
