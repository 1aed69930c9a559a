"""Countries as lists write them: two letters, three, a name; and how long their postal codes are.

Names are those of the Unicode CLDR, Norwegian and English before others, with what people write
besides. What may be one country or another is refused: it decides the VAT and whose card it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from so24.firms.norwegian_numbers import NORWAY
from so24.firms.numbers import country_code
from so24.language.said import say
from so24.sources.sheets.cells.cell import BadCell

_LANGUAGES = (
    ("nb", "nn", "en"),
    ("sv", "da", "fi", "de", "nl", "fr", "es", "it", "pl", "et", "lv", "lt", "is", "pt", "cs"),
)
_PLAIN_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", ".": ""})
# regions and placeholders that have two letters among those names and are no countries of ISO 3166
_NO_COUNTRIES = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
_OF_USERS = frozenset(("XK",))  # everybody calls Kosovo so, and ISO does not
_CODE, _THREE = re.compile("[A-Z]{2}"), re.compile("[A-Z]{3}")
# what they are called besides
_ALSO_CALLED = {
    "GB": "England, Skottland, Scotland, Wales, Great Britain, Nord-Irland, Northern Ireland",
    "US": "United States of America, "  # in English: as lists write it
    "Amerikas forente stater, Forente stater, USA, U.S.",
    "NL": "Holland",
    "CZ": "Czech Republic, Den tsjekkiske republikk",  # in English: as lists write it
    "SK": "Slovak Republic, Den slovakiske republikk",  # in English: as lists write it
    "IE": "Republic of Ireland, Eire",  # in English: as lists write it
    "TR": "Turkey",
    "BY": "Hviterussland, Kviterussland",
    "BA": "Bosnia, Bosnia og Hercegovina",  # in English: as lists write it
    "AE": "Emiratene, UAE",
    "HK": "Hong Kong, Hongkong",
    "MM": "Myanmar, Burma",
    "CI": "Ivory Coast",
    "RU": "Russian Federation",
    "KR": "Republic of Korea",  # in English: as lists write it
    "SJ": "Svalbard",
    "VA": "Vatikanet",
    "VN": "Viet Nam",
}
# a name or a code that more than one country is called by
_CONGO = say("“{text}” may be CG or CD; write which of the two")
_AMBIGUOUS = {
    "SV": say("“{text}” is the code of El Salvador; write SE for Sweden, or El Salvador"),
    "kongo": _CONGO,
    "congo": _CONGO,
    "korea": say("“{text}” may be KR or KP; write which of the two"),
}
# how many digits a postal code has, and with how many zeros it begins at most
_POSTAL_CODES = {
    "AT": (4, 0), "AU": (4, 1), "BE": (4, 0), "BG": (4, 0), "CH": (4, 0), "CY": (4, 0),
    "CZ": (5, 0), "DE": (5, 1), "DK": (4, 1), "EE": (5, 0), "ES": (5, 1), "FI": (5, 2),
    "FO": (3, 0), "FR": (5, 1), "GR": (5, 0), "HR": (5, 0), "HU": (4, 0), "IS": (3, 0),
    "IT": (5, 2), "LT": (5, 1), "LU": (4, 0), "LV": (4, 0), "MX": (5, 1), "NZ": (4, 1),
    "RO": (6, 1), "RS": (5, 0), "SE": (5, 0), "SI": (4, 0), "SK": (5, 1), "TR": (5, 1),
    "UA": (5, 1), "US": (5, 2), "ZA": (4, 2),
    "AL": (4, 0), "AX": (5, 0), "BA": (5, 0), "BR": (8, 1), "BY": (6, 0), "CN": (6, 1),
    "GE": (4, 1), "GL": (4, 0), "IL": (7, 0), "IN": (6, 0), "JP": (7, 2), "KR": (5, 1),
    "KZ": (6, 1), "LI": (4, 0), "MC": (5, 0), "MD": (4, 0), "ME": (5, 0), "MK": (4, 0),
    "PH": (4, 1), "PL": (5, 2), "PT": (7, 0), "RU": (6, 0), "SG": (6, 1), "SM": (5, 0),
    "TH": (5, 0), "VN": (6, 0), "XK": (5, 0),
}  # fmt: skip
_NORWEGIAN_LENGTH = 4
_SHOWN = 30


@lru_cache(1000)  # a list repeats the same few
def read_country(text: str) -> str:
    """The country's two letters (ISO 3166), Norway where the text is empty.

    Raises :class:`BadCell` where it is none, or may be several.
    """
    if not text:
        return NORWAY
    if said := _AMBIGUOUS.get(text.upper()) or _AMBIGUOUS.get(_bare(text)):
        raise BadCell(say(said, text=text[:_SHOWN]))
    found = _find(text) or _agree(text)
    if not found:
        raise BadCell(
            say(
                "must be a country's two letters such as NO, or its name in Norwegian or English, "
                "not “{text}”",
                text=text[:_SHOWN],
            )
        )
    return found


def is_country(code: str) -> bool:
    """Whether it is the two letters of a country in ISO 3166-1, as they are written there."""
    return code in _codes() and code not in _OF_USERS


def complete_postal_code(text: str, country: str, *, is_number: bool) -> tuple[str, str]:
    """The postal code with the zeros that a number cell has lost, and what is doubtful of it.

    Foreign codes are completed where the cell is a number and the country has codes that begin
    with so many zeros; else one that is too short stays as it is, and the doubt says so.
    """
    if not (text.isascii() and text.isdigit()):
        return text, ""
    if country == NORWAY:
        return text.zfill(_NORWEGIAN_LENGTH), ""
    digits, zeros = _POSTAL_CODES.get(country, (0, 0))
    missing = digits - len(text)
    if missing <= 0:
        return text, ""
    if is_number and missing <= zeros and not text.startswith("0"):
        return text.zfill(digits), ""
    doubt = say(
        "has {count} digits, and codes of {country} have {most}: “{text}”",
        count=len(text),
        country=country,
        most=digits,
        text=text,
    )
    return text, doubt


def _find(text: str) -> str:
    code = country_code(text.replace(".", ""))
    if _CODE.fullmatch(code):
        return code if code in _codes() else ""
    if _THREE.fullmatch(code):
        (only, *others) = get_global("territory_aliases").get(code, [""])
        if only and not others:
            return only if only in _codes() else ""
    name = _bare(text)
    for place in range(len(_LANGUAGES)):
        if found := _names(place).get(name):
            return found
    return ""


def _agree(text: str) -> str:
    """The one country that every part of ``NO - Norge`` or ``Norway (NO)`` names."""
    parts = [part.strip() for part in re.split(r"[-–/(),;|]+", text) if part.strip()]
    found = {_find(part) for part in parts}
    return found.pop() if len(found) == 1 else ""


@lru_cache
def _codes() -> frozenset[str]:
    return frozenset(filter(_CODE.fullmatch, Locale("en").territories)) - _NO_COUNTRIES


@lru_cache
def _names(place: int) -> dict[str, str]:
    """Countries by name in some languages; what two countries are called by is left out."""
    named: dict[str, set[str]] = {}
    for language in _LANGUAGES[place]:
        territories = Locale(language).territories
        for code in _codes() & territories.keys():
            named.setdefault(_bare(territories[code]), set()).add(code)
    if place == 0:
        for code, others in _ALSO_CALLED.items():
            for name in others.split(", "):
                named.setdefault(_bare(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}


def _bare(name: str) -> str:
    """Letters only, without case, accents, points and articles, so that spellings are one."""
    text = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    text = text.translate(_PLAIN_LETTERS)
    words = re.findall(r"[^\W\d_]+", "".join(c for c in text if not unicodedata.combining(c)))
    return " ".join(words[1:] if words[:1] == ["the"] else words)
