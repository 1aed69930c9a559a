"""Organization numbers as they tell a firm: each in its country, by any country's rules.

The country is that of the VAT number's prefix, or the one that the firm lies in; the same digits in
two countries are two numbers. Placeholders and numbers that cannot be right tell no firm.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from stdnum import get_cc_module

from so24.firms.norwegian_numbers import NORWAY, are_one_number, is_norwegian_number
from so24.language.said import say

_SIGNS = re.compile(r"[^0-9A-Z]")
# what VAT numbers begin with, and the countries whose own code is another one
_VAT_COUNTRIES = (
    "AT BE BG CH CY CZ DE DK EE EL ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO RS "
    "SE SI SK TR UA XI"
)
_PREFIXES = frozenset(_VAT_COUNTRIES.split())
_OTHERWISE_CALLED = {"EL": "GR", "XI": "GB", "UK": "GB"}
# letters that stand between a country's prefix and the digits: ATU12345678, CHE123456788, ESB…
_VAT_NUMBER = re.compile(r"([A-Z]{2})(U?\d|E\d|[A-Z]\d{7}|[A-Z0-9]{2}\d{9}$)")
_ENDINGS = re.compile(r"(MVA|MWST|TVA|IVA)$")
_FEWEST = 6
_RUNS = ("01234567890123456789", "98765432109876543210")


@dataclass(frozen=True)
class FirmNumber:
    """An organization number in its country.

    ``text`` is without prefix, signs and endings; ``country`` is empty where nobody says it.
    ``doubt`` is why no firm can be told by it, in words; empty where it can.
    """

    country: str
    text: str
    doubt: str = ""
    placeholder: bool = False

    def is_same(self, other: FirmNumber) -> bool:
        """Whether both are one number; where no country is said, its form may be any country's."""
        if self.country and other.country:
            return (self.country, self.text) == (other.country, other.text)
        return are_one_number(self.text, other.text)


@lru_cache(maxsize=65536)
def read_firm_number(text: str, country: str) -> FirmNumber | None:
    """The number of a firm that lies in the country (two letters); None where there is none.

    Without a country, one with a prefix is of that, and one that passes Norway's check is Norway's.
    """
    bare = _ENDINGS.sub("", _SIGNS.sub("", unicodedata.normalize("NFKC", text).upper()))
    if not any(sign.isdigit() for sign in bare):
        return None
    lies_in = country_code(country)
    prefix = _prefix_of(bare, lies_in)
    whole = bare.removeprefix(prefix)
    of = country_code(prefix) or lies_in or (NORWAY if is_norwegian_number(whole) else "")
    number = _in_its_country(whole, of)
    if _is_placeholder(number):
        return FirmNumber(of, number, say("it is a placeholder"), placeholder=True)
    if lies_in and of != lies_in:
        return FirmNumber(
            of,
            number,
            say(
                "it is a number of {country}, and the address is in {other}",
                country=of,
                other=lies_in,
            ),
        )
    if not of:
        return FirmNumber(of, number, say("nothing says of which country it is"))
    return FirmNumber(of, number, _find_fault(number, bare, of, prefix))


def is_placeholder(text: str, country: str) -> bool:
    """Whether what stands in the place of a number is nobody's: 999999999, 123456789."""
    read = read_firm_number(text, country)
    return read is not None and read.placeholder


def number_to_write(text: str, country: str) -> str:
    """What 24SevenOffice gets of a number: what is stated, but nothing of a placeholder.

    On a card or an order it would be taken for the number of a firm, and of the same one each time.
    """
    return "" if is_placeholder(text, country) else text


def country_code(text: str) -> str:
    """The country's own two letters; VAT numbers say EL for Greece and XI for Northern Ireland."""
    code = text.strip().upper()
    return _OTHERWISE_CALLED.get(code, code)


def _prefix_of(bare: str, lies_in: str) -> str:
    found = _VAT_NUMBER.match(bare)
    if found is None:
        return ""
    known = found[1] in _PREFIXES or country_code(found[1]) == lies_in
    return found[1] if known else ""


def _in_its_country(number: str, country: str) -> str:
    """One form for the forms that a number has in its country."""
    if country == "SE" and re.fullmatch(r"\d{12}", number):
        return number[:10]  # a VAT number is the organization number and 01
    if country == "FR" and re.fullmatch(r"[A-Z0-9]{2}\d{9}", number):
        return number[2:]  # two signs, and the SIREN
    if country == "BE" and re.fullmatch(r"\d{9}", number):
        return f"0{number}"
    return number.removeprefix("E") if country == "CH" else number


def _is_placeholder(number: str) -> bool:
    digits = {sign for sign in number if sign.isdigit()}
    runs_on = len(number) >= _FEWEST and any(number in run for run in _RUNS)
    return len(digits) == 1 or runs_on


def _find_fault(number: str, whole: str, country: str, prefix: str) -> str:
    if len(number) < _FEWEST:
        return say("it is too short")
    if country == NORWAY:
        return "" if is_norwegian_number(number) else say("it is no Norwegian organization number")
    # without the prefix it may be a number of another kind, of which nothing is known
    kind = "uid" if country == "CH" else "vat"
    vat = get_cc_module(country, kind) if prefix else None
    return (
        ""
        if vat is None or vat.is_valid(whole)
        else say("it is no VAT number of {country}", country=country)
    )
