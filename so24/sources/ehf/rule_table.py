"""The rules of EHF: what each one says, from which release it is, and what we do.

The codes and tests are those of ``CEN-EN16931-UBL`` and ``PEPPOL-EN16931-UBL`` of the release that
:mod:`.release` names; a refusal says both. What so24 takes is checked: amounts, VAT, identity,
dates, parties. What it does not take is left, rule by rule, to whoever checks the whole file
(:mod:`.second_opinion`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from so24.language.said import say
from so24.sources.ehf.release import CEN, KIND, OURS, PEPPOL, SCHEMA


class Does(enum.Enum):
    """What becomes of a document that breaks a rule; left is what so24 does not look at."""

    REFUSE = "refuse"
    HOLD = "hold"
    WARN = "warn"
    LEAVE = "leave"


@dataclass(frozen=True)
class EhfRule:
    """A rule of the table; a code that ends with ``*`` stands for all that begin so."""

    code: str
    release: str
    says: str
    does: Does


def _rows(release: str, does: Does, text: str) -> Iterator[EhfRule]:
    for line in text.strip().splitlines():
        codes, says = line.split(" | ")
        yield from (EhfRule(code, release, says, does) for code in codes.split(", "))


# the letters of the rules about VAT categories, by what their rate is
TAXED, ANY_RATE, ZERO_RATED = ("S",), ("AF", "AG"), ("Z", "E", "AE", "IC", "G")
OUTSIDE = ("O",)
EXPLAINED = ("E", "AE", "IC", "G", "O")  # and must say why they are exempt; the others must not


_RATES = {  # in English: as the table
    **dict.fromkeys(TAXED, "a rate above 0"),
    **dict.fromkeys(ANY_RATE, "a rate, 0 or above"),
    **dict.fromkeys(ZERO_RATED, "the rate 0"),
    **dict.fromkeys(OUTSIDE, "no rate"),
}
_OF_CATEGORY = """
01 | the category has a VAT breakdown exactly if something is of it
05 | a line has {rate}
06 | an allowance of the document has {rate}
07 | a charge of the document has {rate}
08 | the taxable amount is what is of the category, by less than 1 where it has VAT
09 | the VAT of the category is 0
10 | the breakdown says why exempt, or must not say it
"""  # in English: as the table


def _rows_of_categories() -> Iterator[EhfRule]:
    """The rules that each VAT category has in the same words, under its own letters."""
    for letters, rate in _RATES.items():
        zero = letters in (*ZERO_RATED, *OUTSIDE)
        for row in _rows(CEN, Does.REFUSE, _OF_CATEGORY.format(rate=rate)):
            if zero or row.code != "09":
                yield replace(row, code=f"BR-{letters}-{row.code}")


_REFUSED_BY_CEN = """
BR-02 | it has a number
BR-03 | it has a date
BR-04 | it has a type code
BR-05 | it has a currency
BR-06 | the seller has a name
BR-07 | the buyer has a name
BR-08 | the seller has an address
BR-09 | the seller has a country
BR-10 | the buyer has an address
BR-11 | the buyer has a country
BR-12 | the sum of the lines is stated
BR-13 | the total without VAT is stated
BR-14 | the total with VAT is stated
BR-15 | the amount to be paid is stated
BR-16 | it has a line
BR-21 | a line has an identifier
BR-22 | a line has a quantity
BR-23 | a quantity has a unit
BR-24 | a line has a net amount
BR-25 | a line has a name
BR-26 | a line has a price
BR-27 | a price is not negative
BR-28 | a gross price is not negative
BR-30 | the period of a line ends after it begins
BR-31 | an allowance of the document has an amount
BR-32 | an allowance of the document has a VAT category
BR-33 | an allowance of the document has a reason
BR-36 | a charge of the document has an amount
BR-37 | a charge of the document has a VAT category
BR-38 | a charge of the document has a reason
BR-41 | an allowance of a line has an amount
BR-42 | an allowance of a line has a reason
BR-43 | a charge of a line has an amount
BR-44 | a charge of a line has a reason
BR-45 | a VAT breakdown has a taxable amount
BR-46 | a VAT breakdown has an amount of VAT
BR-47 | a VAT breakdown has a category of VAT
BR-48 | a VAT breakdown has a rate, but for category O
BR-B-01 | split payment (category B) is between Italians
BR-B-02 | split payment (category B) is not beside category S
BR-CL-04 | the currency is one of ISO 4217
BR-CL-14 | a country is one of ISO 3166-1, 1A or XI
BR-CL-17 | a VAT category is one of UNCL5305
BR-CL-18 | the VAT category of a line is one of UNCL5305
BR-CL-24 | an attachment is of one of six kinds (MIME)
BR-CO-04 | a line has a category of VAT
BR-CO-10 | the sum of the lines
BR-CO-11 | the sum of the allowances
BR-CO-12 | the sum of the charges
BR-CO-13 | the total without VAT
BR-CO-14 | the total VAT
BR-CO-15 | the total with VAT
BR-CO-16 | the amount to be paid
BR-CO-17 | the VAT of a breakdown is rate times taxable amount, by less than 1
BR-DEC-01 | two decimals of the amount of an allowance of the document
BR-DEC-02 | two decimals of the base of an allowance of the document
BR-DEC-05 | two decimals of the amount of a charge of the document
BR-DEC-06 | two decimals of the base of a charge of the document
BR-DEC-09 | two decimals of the sum of the lines
BR-DEC-10 | two decimals of the sum of the allowances
BR-DEC-11 | two decimals of the sum of the charges
BR-DEC-12 | two decimals of the total without VAT
BR-DEC-14 | two decimals of the total with VAT
BR-DEC-16 | two decimals of the prepaid amount
BR-DEC-17 | two decimals of the rounding
BR-DEC-18 | two decimals of the amount to be paid
BR-DEC-19 | two decimals of a taxable amount
BR-DEC-20 | two decimals of the VAT of a breakdown
BR-DEC-23 | two decimals of the net of a line
BR-DEC-24 | two decimals of the amount of an allowance of a line
BR-DEC-25 | two decimals of the base of an allowance of a line
BR-DEC-27 | two decimals of the amount of a charge of a line
BR-DEC-28 | two decimals of the base of a charge of a line
UBL-DT-01 | two decimals of the total VAT
UBL-SR-08 | one period of the document
UBL-SR-09 | one name of the seller
UBL-SR-11 | one registration of the seller
UBL-SR-12 | one VAT number of the seller
UBL-SR-15 | one name of the buyer
UBL-SR-16 | one identifier of the buyer
UBL-SR-17 | one registration of the buyer
UBL-SR-18 | one VAT number of the buyer
UBL-SR-24 | one delivery
UBL-SR-30 | one reason of an allowance
UBL-SR-31 | one reason of a charge
UBL-SR-32 | one reason for being exempt
UBL-SR-36 | one period of a line
UBL-SR-37 | one allowance on a price
UBL-SR-39 | one project
UBL-SR-45 | one due date of a credit note
UBL-SR-48 | one VAT category of a line
UBL-SR-50 | one description of a line
UBL-SR-51 | one further line of the buyer's address
"""  # in English: the table is shown nowhere
_REFUSED_BY_PEPPOL = """
NO-R-001 | a Norwegian VAT number is NO, nine digits that pass modulus 11, MVA
PEPPOL-COMMON-R041 | a Norwegian organization number passes modulus 11
PEPPOL-EN16931-F001 | a date is written as 2026-11-20, with nothing before and behind it
PEPPOL-EN16931-P0100 | the type of an invoice is one of the release
PEPPOL-EN16931-P0101 | the type of a credit note is one of the release
PEPPOL-EN16931-R001 | it states its process (ProfileID)
PEPPOL-EN16931-R002 | one note, but between Germans
PEPPOL-EN16931-R003 | it has a buyer's reference or an order's
PEPPOL-EN16931-R004 | it states Billing 3.0 as its specification (CustomizationID)
PEPPOL-EN16931-R005 | the tax currency is another than the document's
PEPPOL-EN16931-R008 | no element is empty
PEPPOL-EN16931-R010 | the buyer has an electronic address
PEPPOL-EN16931-R020 | the seller has an electronic address
PEPPOL-EN16931-R040 | an allowance or charge is base times percentage, by 0.02
PEPPOL-EN16931-R041 | a percentage has a base
PEPPOL-EN16931-R042 | a base has a percentage
PEPPOL-EN16931-R043 | what is an allowance and what a charge is true or false
PEPPOL-EN16931-R044 | no charge on a price
PEPPOL-EN16931-R046 | a price is the gross price less its discount
PEPPOL-EN16931-R051 | all amounts are in the document's currency
PEPPOL-EN16931-R053 | one total VAT with breakdowns
PEPPOL-EN16931-R054 | a total VAT without breakdowns exactly if there is a tax currency
PEPPOL-EN16931-R061 | a direct debit has a mandate
PEPPOL-EN16931-R080 | one project of a credit note
PEPPOL-EN16931-R110 | the period of a line does not begin before the document's
PEPPOL-EN16931-R111 | the period of a line does not end after the document's
PEPPOL-EN16931-R120 | a line is quantity times price with its allowances and charges, by 0.02
PEPPOL-EN16931-R121 | the quantity that a price is for is above 0
PEPPOL-EN16931-R130 | a price is for the unit of the quantity
"""  # in English: the table is shown nowhere
_WARNED_BY_PEPPOL = """
NO-R-002 | a Norwegian seller states “Foretaksregisteret”
PEPPOL-EN16931-R007 | the process is one of the four of the release
"""  # in English: the table is shown nowhere
_LEFT_BY_CEN = """
BR-01 | told by R004, which says the same and more
BR-17 | the payee
BR-18, BR-19, BR-20, BR-56 | the tax representative
BR-29 | the period of the document
BR-49, BR-50, BR-51, BR-61 | accounts and cards
BR-52 | supporting documents
BR-53, BR-DEC-15 | the VAT in the tax currency
BR-54 | attributes of items
BR-55 | preceding invoices without a number
BR-57 | the address of delivery
BR-62, BR-63 | schemes of electronic addresses
BR-64 | schemes of item numbers
BR-65 | schemes of item classes
BR-CL-* | the lists of other codes
BR-CO-03 | the tax point
BR-CO-05, BR-CO-21 | told by BR-33
BR-CO-06, BR-CO-22 | told by BR-38
BR-CO-07, BR-CO-23 | told by BR-42
BR-CO-08, BR-CO-24 | told by BR-44
BR-DEC-13 | told by UBL-DT-01, for its test never fails
BR-CO-09 | countries of VAT numbers
BR-CO-18 | told by R053
BR-CO-19, BR-CO-20 | periods without an end and a beginning
BR-CO-26 | identifiers of the seller
BR-S-*, BR-AF-*, BR-AG-* | VAT numbers of the parties, and what BR-CO-17 tells
BR-Z-*, BR-E-*, BR-AE-*, BR-G-* | VAT numbers of the parties
BR-IC-* | VAT numbers and delivery within the EU
BR-O-* | VAT numbers of the parties, and other categories beside this one
UBL-CR-* | what the standard has no use for
UBL-DT-* | attributes, and what the rules of two decimals tell
UBL-SR-* | how often stands what so24 does not take
"""  # in English: the table is shown nowhere
_LEFT_BY_PEPPOL = """
PEPPOL-COMMON-* | check digits of numbers that are not Norwegian
PEPPOL-EN16931-CL* | the lists of other codes, and what BR-CL-24 tells
PEPPOL-EN16931-P01* | types between Germans, and codes of why VAT is exempt
PEPPOL-EN16931-R055 | the VAT in the tax currency
PEPPOL-EN16931-R100, PEPPOL-EN16931-R101 | objects of a line
DE-*, DK-*, GR-*, IS-*, IT-*, NL-*, SE-* | what other countries demand of their sellers
"""  # in English: the table is shown nowhere
_REFUSED_BY_SCHEMA = (
    "UBL 2.1 | what stands once stands once, a number is a number"  # in English: as the others
)
_REFUSED_BY_US = """
so24: kind | another document than an invoice or credit note of Billing 3.0, told by its name
so24: length | what is longer than travels or is kept
so24: decimals | a rate of more than six decimals, or a quantity whose rounding moves much
so24: size | amounts of 10^12 and more, and numbers of more than sixty signs
so24: identifier | a number that may be another one, such as 1,002E+03
so24: date | a date that no invoice has
so24: VAT | lines whose VAT is not stated, or is stated otherwise by 1 or more
so24: VAT rate | a rate above 100, or one that does not fit the category of its breakdown
"""  # in English: the table is shown nowhere
_HELD_BY_US = """
so24: apart | VAT that 24SevenOffice would reckon otherwise, by less than 1
so24: type | a type that may be more than an invoice or credit note
so24: negative | a credit note with a negative total
so24: to be paid | another amount to be paid than the total
so24: product | an allowance or charge of the document without a product number
so24: payment ids | several payment ids
so24: credited | several credited invoices
so24: second opinion | what the operator's own rule files refuse
"""  # in English: the table is shown nowhere
_WARNED_BY_US = """
so24: extension | a specification that extends Billing 3.0
so24: project | a project whose number is none, such as NULL
"""  # in English: the table is shown nowhere
RULES = {
    rule.code: rule
    for rule in chain(
        _rows(CEN, Does.REFUSE, _REFUSED_BY_CEN),
        _rows_of_categories(),
        _rows(PEPPOL, Does.REFUSE, _REFUSED_BY_PEPPOL),
        _rows(PEPPOL, Does.WARN, _WARNED_BY_PEPPOL),
        _rows(CEN, Does.LEAVE, _LEFT_BY_CEN),
        _rows(PEPPOL, Does.LEAVE, _LEFT_BY_PEPPOL),
        _rows(SCHEMA, Does.REFUSE, _REFUSED_BY_SCHEMA),
        _rows(OURS, Does.REFUSE, _REFUSED_BY_US),
        _rows(OURS, Does.HOLD, _HELD_BY_US),
        _rows(OURS, Does.WARN, _WARNED_BY_US),
    )
}


_OWN = say("so24's own limit")


def name_rule(code: str) -> str:
    """How it is called: its code and release, or a limit of ours; empty where its words say all."""
    if code == KIND:
        return ""
    if code.startswith(OURS):
        return _OWN
    rule = RULES[code]
    return code if code == rule.release else f"{code} ({rule.release})"


def find_rule(code: str) -> EhfRule | None:
    """The rule of the code, or the family that it belongs to; None for one of another release."""
    families = (each for each in RULES.values() if each.code.endswith("*"))
    return RULES.get(code) or next(
        (each for each in families if code.startswith(each.code[:-1])), None
    )
