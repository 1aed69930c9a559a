"""From the element to the bill: VAT, allowances and charges, each with the rules of its place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from so24.language.said import say
from so24.sources.ehf.bill import CODES, Adjustment, Subtotal, Tax
from so24.sources.ehf.markup import Node
from so24.sources.ehf.release import SCHEMA, VAT, VAT_RATE
from so24.sources.ehf.rule_table import ANY_RATE, EXPLAINED, OUTSIDE, TAXED

_MOST_PERCENT = 100
_UNKNOWN = Tax("O", Decimal(0))


@dataclass(frozen=True)
class Rules:
    """What an allowance or charge breaks: without amount, with too many decimals, without reason.

    ``twice`` is the rule of a second reason. ``category`` and ``rate`` are those of its VAT, empty
    where it has none of its own.
    """

    missing: str
    decimals: str
    base: str
    reason: str
    twice: str
    category: str = ""
    rate: str = ""


# allowance, charge
OF_DOCUMENT = (
    Rules("BR-31", "BR-DEC-01", "BR-DEC-02", "BR-33", "UBL-SR-30", "BR-32", "06"),
    Rules("BR-36", "BR-DEC-05", "BR-DEC-06", "BR-38", "UBL-SR-31", "BR-37", "07"),
)
OF_LINE = (
    Rules("BR-41", "BR-DEC-24", "BR-DEC-25", "BR-42", "UBL-SR-30"),
    Rules("BR-43", "BR-DEC-27", "BR-DEC-28", "BR-44", "UBL-SR-31"),
)


def read_adjustments(node: Node, place: tuple[Rules, Rules]) -> tuple[Adjustment, ...]:
    """The allowances and charges of a document or of a line."""
    return tuple(_read_adjustment(each, place) for each in node.all("cac:AllowanceCharge"))


def _read_adjustment(node: Node, place: tuple[Rules, Rules]) -> Adjustment:
    indicator = node.text("cbc:ChargeIndicator")
    if indicator not in ("true", "false"):
        node.refuse("PEPPOL-EN16931-R043", say("ChargeIndicator must be true or false"))
    is_charge = indicator == "true"
    rules = place[is_charge]
    has_base = node.find("cbc:BaseAmount") is not None
    has_percent = node.find("cbc:MultiplierFactorNumeric") is not None
    adjustment = Adjustment(
        is_charge=is_charge,
        amount=node.amount("cbc:Amount", rules.missing, rules.decimals),
        base=node.amount("cbc:BaseAmount", "", rules.base) if has_base else None,
        percent=node.number("cbc:MultiplierFactorNumeric") if has_percent else None,
        reason_code=node.text("cbc:AllowanceChargeReasonCode", longest=10),
        reason=node.text("cbc:AllowanceChargeReason", once=rules.twice),
        tax=_read_only_tax(node, rules) if rules.category else None,
        line=node.line,
    )
    if not any(node.all(f"cbc:AllowanceChargeReason{each}") for each in ("", "Code")):
        words = say("an allowance or charge has neither a reason nor its code")
        node.refuse(rules.reason, words)
    return adjustment


def _read_only_tax(node: Node, rules: Rules) -> Tax:
    """The VAT of an allowance or charge, which may state its category several times."""
    found = node.all("cac:TaxCategory")
    if not found:
        node.refuse(rules.category, say("an allowance or charge has no VAT category"))
        return _UNKNOWN
    taxes = {_read_tax(each, rules.category, "BR-CL-17", rules.rate) for each in found}
    if len(taxes) > 1:
        node.refuse(VAT, say("an allowance or charge has several VAT categories"))
    return taxes.pop()


def read_tax_of_line(line: Node) -> Tax:
    """The VAT of a line."""
    found = line.all("cac:Item/cac:ClassifiedTaxCategory")
    if len(found) != 1:
        words = say("a line must have exactly one VAT category")
        line.refuse("UBL-SR-48" if found else "BR-CO-04", words)
        return _UNKNOWN
    return _read_tax(found[0], "BR-CO-04", "BR-CL-18", "05")


def _read_tax(node: Node, missing: str, unknown: str, suffix: str) -> Tax:
    """The VAT category and rate; without a ``suffix`` those of a breakdown.

    ``missing`` is the rule where it is none of VAT, ``unknown`` where its letter is no category,
    ``suffix`` ends the name of the rule of a wrong rate: ``05`` for a line's ``BR-S-05``.
    """
    category = node.text("cbc:ID", missing)
    scheme = node.text("cac:TaxScheme/cbc:ID")
    if scheme.upper() != "VAT":
        words = (
            say(
                "category {category}: the tax scheme is “{scheme}” and not VAT",
                category=category[:10],
                scheme=scheme[:20],
            )
            if scheme
            else say("category {category}: no tax scheme", category=category[:10])
        )
        node.refuse(missing, words)
    if category not in CODES:
        if category:
            words = say("“{category}” is no VAT category of UNCL5305", category=category[:10])
            node.refuse(unknown, words)
        return _UNKNOWN
    rate = node.rate("cbc:Percent") + 0  # no negative zero
    stated = node.find("cbc:Percent") is not None
    letters = CODES[category]
    if broken := _find_wrong_rate(letters, rate if stated else None, suffix):
        words = (
            say("category {category} has {rate} %", category=category, rate=f"{rate.normalize():f}")
            if stated
            else say("category {category} has no rate", category=category)
        )
        node.refuse(broken, words)
    return Tax(category, rate)


def _find_wrong_rate(letters: str, rate: Decimal | None, suffix: str) -> str:
    """The rule that a category's rate breaks, or an empty text; None is a rate not stated."""
    if rate is not None and rate > _MOST_PERCENT:
        return VAT_RATE
    if letters in OUTSIDE:
        wrong = bool(rate) or (rate is not None and bool(suffix))
    elif rate is None:
        if not suffix:
            return "BR-48"
        wrong = letters != "B"
    elif letters in TAXED:
        wrong = rate <= 0
    else:
        wrong = rate < 0 if letters in (*ANY_RATE, "B") else rate != 0
    if not wrong:
        return ""
    return f"BR-{letters}-{suffix}" if suffix and letters != "B" else VAT_RATE


def read_subtotal(node: Node) -> Subtotal:
    """The VAT of one category and rate, as the document states it."""
    return Subtotal(
        tax=_read_tax_of_subtotal(node),
        taxable=node.amount("cbc:TaxableAmount", "BR-45", "BR-DEC-19"),
        amount=node.amount("cbc:TaxAmount", "BR-46", "BR-DEC-20"),
        line=node.line,
    )


def _read_tax_of_subtotal(node: Node) -> Tax:
    found = node.all("cac:TaxCategory")
    if len(found) != 1:
        words = say("a VAT breakdown must have exactly one category")
        node.refuse(SCHEMA if found else "BR-47", words)
        return _UNKNOWN
    tax = _read_tax(found[0], "BR-47", "BR-CL-17", "")
    explained = bool(found[0].text("cbc:TaxExemptionReason", once="UBL-SR-32"))
    explained |= bool(found[0].text("cbc:TaxExemptionReasonCode"))
    letters = CODES[tax.category]
    if tax is not _UNKNOWN and letters != "B" and explained is not (letters in EXPLAINED):
        words = (
            say("VAT category {category} has a reason for being exempt", category=tax.category)
            if explained
            else say(
                "VAT category {category} has no reason for being exempt", category=tax.category
            )
        )
        node.refuse(f"BR-{letters}-10", words)
    return tax


def read_vat(node: Node) -> Decimal:
    """The total VAT in the document's currency; the one in the tax currency is not wanted."""
    totals = [each for each in node.all("cac:TaxTotal") if each.all("cac:TaxSubtotal")]
    if len(totals) != 1:
        words = say("it must have exactly one TaxTotal with subtotals")
        node.refuse("PEPPOL-EN16931-R053", words)
        return Decimal(0)
    return totals[0].amount("cbc:TaxAmount", "BR-CO-14", "UBL-DT-01")
