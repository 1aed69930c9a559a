"""Norwegian organization numbers: nine digits, the last one a check digit by modulus 11.

Rule: Brønnøysundregistrene, *Om organisasjonsnummeret*; weights 3 2 7 6 5 4 3 2. No first digit is
asked for, since new series may come.
"""

from __future__ import annotations

import re

from stdnum.no import orgnr

NORWAY = "NO"
_PUNCTUATION = re.compile(r"[\s.\-]")
_NINE = re.compile(r"[0-9]{9}")


def bare_number(text: str) -> str:
    """The number as it is compared: ``NO 923 609 016 MVA`` gives ``923609016``.

    Blanks, points and hyphens are left out, letters are large; nothing is checked.
    """
    return _PUNCTUATION.sub("", text).upper().removeprefix(NORWAY).removesuffix("MVA")


def digits_of(text: str) -> str:
    """The digits of the number, by which two of them are told to be the same."""
    return "".join(sign for sign in bare_number(text) if sign.isdigit())


def are_one_number(first: str, second: str) -> bool:
    """Whether two organization numbers are one; a foreign one may have a prefix or an ending more.

    ``SE556000000001`` is the VAT number of ``556000-0000``.
    """
    one, other = digits_of(first), digits_of(second)
    if not one or not other:
        return bare_number(first) == bare_number(second)
    return one.startswith(other) or other.startswith(one)


def is_norwegian_number(text: str) -> bool:
    """Whether the text is a Norwegian organization number, in any of its forms."""
    digits = bare_number(text)
    # the library finds nine zeros valid
    return bool(_NINE.fullmatch(digits)) and int(digits) > 0 and bool(orgnr.is_valid(digits))
