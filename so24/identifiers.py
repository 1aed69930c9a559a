"""Identifiers as people see them: of documents, customers, departments, products and projects.

What names a thing has one canonical form, whichever source, command or search field it comes from:
two texts that look the same are one identifier. Where a program has disguised one (Excel's formula
around a text, a float's decimals), it is undressed if that is certain, and refused otherwise. What
merely resembles another identifier keeps its own form, and :func:`likeness` tells; how else a
document's number may be meant, :func:`read_number_ways` tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from so24.errors import WrongUse
from so24.language.said import say
from so24.letters import fold

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): nobody sees them
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u206a-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# these show what follows in another order than it stands in the file
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# in the place of a sign that a program could not read, and of a picture; marks of annotations
_IN_ITS_PLACE = re.compile("[\ufff9-\ufffd]")
_BLANK = re.compile(r"[\s\u0085\u2800\x1c-\x1f]+")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212\ufe63", "-"))
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4"
_FLOAT = re.compile(r"[+-]?(?:\d+|\d{1,3}([ .,'\u2019])\d{3}(?:\1\d{3})*(?!\1))[.,]0+")
_QUOTED = re.compile('["\u00ab\u201c\u201d\u201e].*["\u00bb\u201c\u201d]')
_PERCENTAGE = re.compile(r"[+-]?\d+(?:[.,]\d+)? ?%")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE][+-])\d+")
# what programs make of a number, and how it is told
_CHANGED: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_QUOTED, lambda shown: say(
        "stands in quotation marks: “{shown}”; write it without them", shown=shown)),
    (_FLOAT, lambda shown: say(
        "has decimals, as programs write numbers: “{shown}”; write it as RecMan shows it",
        shown=shown)),
    (_PERCENTAGE, lambda shown: say(
        "is a percentage: “{shown}”; write it as RecMan shows it", shown=shown)),
    (_SCIENTIFIC, lambda shown: say(
        "is in scientific notation, which has lost digits: “{shown}”; write it as RecMan shows it",
        shown=shown)),
)  # fmt: skip
_SHOWN = 40
_MOST_DIGITS = 40
_DIGITS = frozenset("0123456789")
# the words of programs for a value that is none, or for yes and no
_NO_VALUE = frozenset(
    ("true", "false", "sann", "usann", "nan", "none", "null", "n/a", "<na>", "undefined",
     "[object object]", "infinity", "-infinity")  # in English: what programs write
)  # fmt: skip
# how spreadsheets show an error, whatever their language: #REF!, #N/A, #I/T, #VERDI!, Err:502
_ERROR = re.compile(r"#(?:[^\W\d_][^\s#]*[!?]|div/0!|n/a|i/t|nv|na|getting_data|#+)|err:\d+")
# what stands before a document's number and says only that it is one
_LABEL = re.compile(
    r"(?:(?:salgs)?faktura|invoice|inv|fakt|kreditt?nota|credit ?note|cn|kn|rechnung|bilag"
    r"|nummer|number|num|nr|no|n(?=°))+(?![^\W\d_])[\W_]*"
)
_OURS = re.compile(r"r[mc]-")  # our own reference: RM-<series>-<number>
_BETWEEN = re.compile(r"[\W_]+")
# letters of other alphabets that look like Latin ones, folded
_DOUBLES = str.maketrans("авекмнорстухіјѕԁԛԝαβεηικμνορτυχ", "abekmhopctyxijsdqwabenikmnoptux")


class BadIdentifier(ValueError):
    """The text cannot be an identifier; the message is the reason and completes "it …"."""

    @property
    def words(self) -> str:
        """The reason with what it is made of."""
        reason: str = self.args[0]
        return reason


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
    plain = text.isascii() and text.isalnum()
    if not text or (plain and (text[0] in _DIGITS or text.lower() not in _NO_VALUE)):
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
        raise WrongUse(say("{what} {reason}.", what=what, reason=reason.words)) from None


def undress_text(text: str) -> str:
    """What a formula that only holds a text shows, ``="1011"``; any other text itself."""
    if text.startswith('="') and (formula := _FORMULA.fullmatch(text)):
        return formula[1].replace('""', '"').strip()
    return text


def is_reordered(text: str) -> bool:
    """Whether characters show what follows in another order than it stands."""
    return _REORDERING.search(text) is not None


def is_scientific(text: str) -> bool:
    """Whether a program has written it as a number with an exponent, and lost digits perhaps."""
    return _SCIENTIFIC.fullmatch(text) is not None


def find_no_value(text: str) -> str:
    """Why a text names nothing, whether it is a name or a number; empty where it may name one.

    The reason completes "it …". An empty text is none.
    """
    tidy = tidy_identifier(text)
    shown, plain = tidy[:_SHOWN], tidy.lower()
    if plain in _NO_VALUE or _ERROR.fullmatch(plain):
        return say(
            "is what programs write where there is no value: “{shown}”; write what RecMan shows",
            shown=shown,
        )
    if tidy and not _has_sign(tidy):
        return say(
            "has neither a letter nor a digit: “{shown}”; write what RecMan shows", shown=shown
        )
    return ""


def refuse_look_alike(what: str, text: str, known: Iterable[str]) -> None:
    """Raise :class:`WrongUse` for a new identifier that people may take for a known one."""
    alike = next((each for each in known if likeness(each) == likeness(text)), None)
    if alike is not None:
        raise WrongUse(
            say(
                "{what} {text} looks like {alike}, which is known: give that one, or import a "
                "report that has both.",
                what=what,
                text=text,
                alike=alike,
            )
        )


def guess_identifier(text: str) -> str:
    """What a disguised identifier was, so far as that can be told, to say whose row it may be.

    Nothing may come in by it.
    """
    tidy = tidy_identifier(text).lstrip(_APOSTROPHES)
    if _QUOTED.fullmatch(tidy):
        tidy = tidy[1:-1].strip()
    if _FLOAT.fullmatch(tidy):
        return re.sub(r"[ .,'\u2019]", "", re.sub(r"[.,]0+$", "", tidy))
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
    if _is_plain_number(identifier):
        return identifier.lstrip("0") or "0"
    folded = fold(identifier)
    bare = "".join(sign for sign in folded if sign.isalnum())
    if not bare.isascii():
        bare = bare.translate(_DOUBLES)
    return bare.lstrip("0") or bare[:1] or folded


@lru_cache(10_000)  # each document is asked about, met and stored
def document_likeness(series: str, number: str) -> str:
    """The likeness of a document's number at its barest: without label, reference and series."""
    bare = _without_label(number)
    return likeness(_without_series(bare, series) or bare)


def read_number_ways(number: str, *series: str) -> frozenset[str]:
    """The likenesses of all that people may mean by a document's number.

    As it stands; without the word that says that it is one (``Faktura 1030``); and without one of
    these series in front of it, as so24 shows it (``10-1030``) and sends it (``RM-10-1030``).
    """
    bare = _without_label(number)
    rests = (_without_series(bare, each) for each in series)
    return frozenset(map(likeness, (number, bare, *filter(None, rests))))


def read_parts(number: str) -> frozenset[str]:
    """The likenesses of what stands between a number's signs: of ``F-1011/2`` 1011 and 2.

    A part without a digit is none.
    """
    return frozenset(likeness(each) for each in _BETWEEN.split(fold(number)) if _has_digit(each))


def find_in_series(number: str, series: str) -> str:
    """The likeness of what a document's number says of its series, where it begins with that one.

    Empty where it does not.
    """
    rest = _without_series(_without_label(number), series)
    return likeness(rest) if rest else ""


@lru_cache(10_000)  # each document is counted, met and left again
def list_like_numbers(series: str, number: str) -> tuple[str, ...]:
    """Each :func:`document_likeness` that a document may have for whose number this is taken."""
    if _is_plain_number(number) and _is_plain_number(series):
        return _list_like_plain(series, number)
    bare = _without_label(number)
    whole, before = likeness(bare), likeness(series)
    rests = [bare[found.end() :] for found in _BETWEEN.finditer(bare)]
    if whole.startswith(before):
        rests.append(whole.removeprefix(before))
    found = read_number_ways(number, series) | {likeness(f"{series}-{bare}")} | read_parts(bare)
    return tuple(sorted(found | {likeness(each) for each in rests if _has_sign(each)}))


def _list_like_plain(series: str, number: str) -> tuple[str, ...]:
    """The same of digits alone, as nearly all are: nothing stands within or before them."""
    whole, before = likeness(number), likeness(series)
    found = {whole, likeness(series + number)}
    if whole.startswith(before) and whole != before:
        found.add(likeness(whole.removeprefix(before)))
    return tuple(sorted(found))


def tell_difference(one: str, other: str) -> str:
    """By what two identifiers of one :func:`likeness` differ: ``case``, ``blanks and signs`` …"""
    bare = ["".join(sign for sign in text if sign.isalnum()) for text in (one, other)]
    told = {
        say("case"): len({text.lstrip("0") for text in bare}) > 1,
        say("leading zeros"): len({len(text) - len(text.lstrip("0")) for text in bare}) > 1,
        say("blanks"): re.findall(r"\s+", one) != re.findall(r"\s+", other),
        say("signs"): _signs_of(one) != _signs_of(other),
    }
    differing = [name for name, differs in told.items() if differs]
    return _all_of(differing) if differing else say("the places of blanks and signs")


def _all_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return say("{first} and {second}", first=_all_of(names[:-1]), second=names[-1])


def _without_label(number: str) -> str:
    """The number, folded, without what only says that it is one; whole where nothing would stay."""
    if _is_plain_number(number):
        return number
    rest = fold(number)
    while (found := _LABEL.match(rest)) and _has_digit(rest[found.end() :]):
        rest = rest[found.end() :]
    found = _OURS.match(rest)
    return _without_label(rest[found.end() :]) if found and _has_digit(rest) else rest


def _without_series(bare: str, series: str) -> str:
    """What follows the series in a number that begins with it; empty where it does not."""
    wanted = likeness(series)
    for found in _BETWEEN.finditer(bare):
        rest = bare[found.end() :]
        if likeness(bare[: found.start()]) == wanted and _has_sign(rest):
            return _without_label(rest)
    return ""


def _is_plain_number(text: str) -> bool:
    """Whether it has nothing but digits, as nearly all numbers of documents have."""
    return text.isascii() and text.isdigit()


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _has_sign(text: str) -> bool:
    """Whether the text has a letter or a digit, without which nothing is named."""
    return any(sign.isalnum() for sign in text)


def _signs_of(text: str) -> list[str]:
    return [sign for sign in text if not sign.isalnum() and not sign.isspace()]


@lru_cache(10_000)  # the rows of a report repeat most of what they name
def _tidy(text: str) -> str:
    text = _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)
    text = _REORDERING.sub("", _INVISIBLE.sub("", text))
    text = _BLANK.sub(" ", "".join(map(_without_control, text)))
    return undress_text(unicodedata.normalize("NFC", text).translate(_HYPHENS).strip())


def _without_control(sign: str) -> str:
    if unicodedata.category(sign) != "Cc":
        return sign
    return " " if sign.isspace() else ""


def _find_disguise(text: str, tidy: str) -> str:
    """Why the text cannot be taken for what it seems to be; empty where it can."""
    shown = tidy[:_SHOWN]
    if is_reordered(text):
        return say(
            "holds characters that show it in another order than it stands: “{shown}”; retype it",
            shown=shown,
        )
    if any(unicodedata.category(sign) in ("Co", "Cn", "Cs") for sign in tidy):
        return say("holds characters that no font shows: “{shown}”; retype it", shown=shown)
    if _IN_ITS_PLACE.search(tidy):
        return say(
            "holds a sign that a program could not read: “{shown}”; write it as RecMan shows it",
            shown=shown,
        )
    if any(sign.isdigit() and not sign.isascii() for sign in tidy):
        return say(
            "has digits of another script: “{shown}”; write it with the digits 0 to 9", shown=shown
        )
    if reason := find_no_value(tidy):
        return reason
    if tidy.startswith("="):
        return say("is a formula and not its value: “{shown}”; write what it shows", shown=shown)
    if tidy.startswith(tuple(_APOSTROPHES)):
        return say(
            "begins with the apostrophe by which Excel marks a text: “{shown}”; save the report as "
            ".xlsx, or take the apostrophe away",
            shown=shown,
        )
    told = (tell for pattern, tell in _CHANGED if pattern.fullmatch(tidy))
    return next((tell(shown) for tell in told), "")
