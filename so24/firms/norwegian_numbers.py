"""Norwegian numbers of organizations and of persons.

An organization number has nine digits, the last one a check digit by modulus 11. Rule:
Brønnøysundregistrene, *Om organisasjonsnummeret*; weights 3 2 7 6 5 4 3 2. No first digit is asked
for, since new series may come. A personal number may be shown by no list, file or log of so24.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum.no import orgnr

from so24.language.said import change_values

NORWAY = "NO"
_PUNCTUATION = re.compile(r"[\s.\-]")
_FEWEST_BEFORE_ENDING = 8
_KNOWN_NUMBERS = 10_000
_NINE = re.compile(r"[0-9]{9}")
HIDDEN = "[personal number]"  # in English: it stands within values of texts
# six digits of a birth date and five more, with or without blanks and signs between their parts
_ELEVEN = re.compile(
    r"(?<!\d)(\d{2})[ \u00a0./-]?(\d{2})[ \u00a0./-]?\d{2}[ \u00a0./-]{0,3}"
    r"\d{3}[ \u00a0]?\d{2}(?!\d)"
)
_LAST_DAY, _LAST_MONTH = 31, 12
_D_NUMBER = 40  # is added to the day
_MONTH_MARKS = (40, 65, 80)  # are added to the month: help numbers, and those of test persons


def bare_number(text: str) -> str:
    """The number as it is compared: ``NO 923 609 016 MVA`` gives ``923609016``.

    Blanks, points and hyphens are left out, letters are large; nothing is checked.
    """
    return _PUNCTUATION.sub("", text).upper().removeprefix(NORWAY).removesuffix("MVA")


def _digits_of(text: str) -> str:
    return "".join(sign for sign in bare_number(text) if sign.isdigit())


def are_one_number(first: str, second: str) -> bool:
    """Whether two organization numbers are one; a foreign one may have a prefix or an ending more.

    ``SE556000000001`` is the VAT number of ``556000-0000``. Two countries' numbers are never one,
    however equal their digits.
    """
    countries = {_country_of(first), _country_of(second)} - {""}
    one, other = sorted((_digits_of(first), _digits_of(second)), key=len)
    if not one or len(countries) > 1:
        return bare_number(first) == bare_number(second)
    return one == other or (other.startswith(one) and len(one) >= _FEWEST_BEFORE_ENDING)


def _country_of(text: str) -> str:
    """The prefix of a VAT number, and Norway for what passes its check; else empty."""
    letters = _PUNCTUATION.sub("", text).upper()[:2]
    if letters.isalpha() and letters.isascii():
        return letters
    return NORWAY if is_norwegian_number(text) else ""


@lru_cache(_KNOWN_NUMBERS)
def is_norwegian_number(text: str) -> bool:
    """Whether the text is a Norwegian organization number, in any of its forms."""
    digits = bare_number(text)
    # the library finds nine zeros valid
    return bool(_NINE.fullmatch(digits)) and int(digits) > 0 and bool(orgnr.is_valid(digits))


def hide_personal_numbers(text: str) -> str:
    """The text with every national identity number or D-number replaced.

    Control digits are not asked for: from 2032 on there are numbers without them, and a number that
    somebody has mistyped still is a person's. An account number may be hidden by mistake.
    """
    return change_values(text, lambda each: _ELEVEN.sub(_hide, each))


def _hide(found: re.Match[str]) -> str:
    day, month = int(found[1]), int(found[2])
    if day > _D_NUMBER:
        day -= _D_NUMBER
    month -= max((mark for mark in _MONTH_MARKS if month > mark), default=0)
    is_date = 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH
    return HIDDEN if is_date else found[0]
