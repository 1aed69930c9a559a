"""Identifiers as people see them: of documents, customers, departments, products and projects.

What names a thing has one canonical form, whichever source, command or search field it comes from:
two texts that look the same are one identifier. Where a program has disguised one (Excel's formula
around a text, a float's decimals), it is undressed if that is certain, and refused otherwise. What
merely resembles another identifier keeps its own form, and :func:`likeness` tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from so24.errors import WrongUse
from so24.letters import fold

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): nobody sees them
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# these show what follows in another order than it stands in the file
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANK = re.compile(r"[\s\u0085\u2800\x1c-\x1f]+")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212\ufe63", "-"))
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4"
_FLOAT = re.compile(r"[+-]?\d+[.,]0+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE][+-])\d+")
_SHOWN = 40
_MOST_DIGITS = 40


class BadIdentifier(ValueError):
    """The text cannot be an identifier; the message is the reason and completes "it …"."""


def tidy_identifier(text: str) -> str:
    """The text in canonical form; nothing is refused, so that it serves for searching.

    Letters are composed (NFC), full-width letters and digits are plain ones, what nobody sees is
    left out, a formula that only holds a text is that text, blanks are single, hyphens are one.
    """
    if text.isascii() and text.isalnum():
        return text
    return _tidy(text)


def read_identifier(text: str) -> str:
    """The text in canonical form (as :func:`tidy_identifier`).

    Raises :class:`BadIdentifier` where a program has changed what it shows, or where it shows
    something else than it holds.
    """
    if not text or (text.isascii() and text.isalnum()):
        return text
    tidy = tidy_identifier(text)
    if reason := _find_disguise(text, tidy):
        raise BadIdentifier(reason)
    return tidy


def read_typed(what: str, text: str) -> str:
    """What a person has typed, as :func:`read_identifier`; ``what`` begins the sentence.

    Raises :class:`WrongUse` where it cannot be an identifier.
    """
    try:
        return read_identifier(text)
    except BadIdentifier as reason:
        raise WrongUse(f"{what} {reason}.") from None


def refuse_look_alike(what: str, text: str, known: Iterable[str]) -> None:
    """Raise :class:`WrongUse` for a new identifier that people may take for a known one."""
    alike = next((each for each in known if likeness(each) == likeness(text)), None)
    if alike is not None:
        raise WrongUse(
            f"{what} {text} looks like {alike}, which is known: give that one, or import a report "
            "that has both."
        )


def guess_identifier(text: str) -> str:
    """What a disguised identifier was, so far as that can be told, to say whose row it may be.

    Nothing may come in by it.
    """
    tidy = tidy_identifier(text).lstrip(_APOSTROPHES)
    if _FLOAT.fullmatch(tidy):
        return re.split("[.,]", tidy)[0]
    if _SCIENTIFIC.fullmatch(tidy):
        number = Decimal(tidy.replace(",", "."))
        small = -1 < number.adjusted() < _MOST_DIGITS
        return format(number, "f").partition(".")[0] if small else tidy
    return tidy


@lru_cache(10_000)  # each document's is asked for several times
def likeness(identifier: str) -> str:
    """What identifiers that people may take for one another have in common.

    Case, blanks, signs and leading zeros are set aside; the text itself where nothing is left.
    """
    folded = fold(identifier)
    bare = "".join(sign for sign in folded if sign.isalnum())
    return bare.lstrip("0") or bare[:1] or folded


def tell_difference(one: str, other: str) -> str:
    """By what two identifiers of one :func:`likeness` differ: ``case``, ``blanks and signs`` …"""
    bare = ["".join(sign for sign in text if sign.isalnum()) for text in (one, other)]
    told = {
        "case": len({text.lstrip("0") for text in bare}) > 1,
        "leading zeros": len({len(text) - len(text.lstrip("0")) for text in bare}) > 1,
        "blanks": re.findall(r"\s+", one) != re.findall(r"\s+", other),
        "signs": _signs_of(one) != _signs_of(other),
    }
    differing = " and ".join(name for name, differs in told.items() if differs)
    return differing or "the places of blanks and signs"


def _signs_of(text: str) -> list[str]:
    return [sign for sign in text if not sign.isalnum() and not sign.isspace()]


@lru_cache(10_000)  # the rows of a report repeat most of what they name
def _tidy(text: str) -> str:
    text = _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)
    text = _REORDERING.sub("", _INVISIBLE.sub("", text))
    text = _BLANK.sub(" ", "".join(map(_without_control, text)))
    text = unicodedata.normalize("NFC", text).translate(_HYPHENS).strip()
    if formula := _FORMULA.fullmatch(text):
        text = formula[1].replace('""', '"').strip()
    return text


def _without_control(sign: str) -> str:
    if unicodedata.category(sign) != "Cc":
        return sign
    return " " if sign.isspace() else ""


def _find_disguise(text: str, tidy: str) -> str:
    """Why the text cannot be taken for what it seems to be; empty where it can."""
    shown = f"“{tidy[:_SHOWN]}”"
    if _REORDERING.search(text):
        return f"holds characters that show it in another order than it stands: {shown}; retype it"
    if any(unicodedata.category(sign) in ("Co", "Cn", "Cs") for sign in tidy):
        return f"holds characters that no font shows: {shown}; retype it"
    if tidy.startswith("="):
        return f"is a formula and not its value: {shown}; write what it shows"
    if tidy.startswith(tuple(_APOSTROPHES)):
        return (
            f"begins with the apostrophe by which Excel marks a text: {shown}; save the report as "
            ".xlsx, or take the apostrophe away"
        )
    if _FLOAT.fullmatch(tidy):
        return f"has decimals, as programs write numbers: {shown}; write it as RecMan shows it"
    if _SCIENTIFIC.fullmatch(tidy):
        return (
            f"is in scientific notation, which has lost digits: {shown}; write it as RecMan shows "
            "it"
        )
    return ""
