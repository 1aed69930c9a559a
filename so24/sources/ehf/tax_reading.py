"""Allowances, charges and VAT of a bill, with the rules that each place has for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from so24.sources.ehf.bill import CODES, Adjustment, Subtotal, Tax
from so24.sources.ehf.node import Node

_ZERO_RATED = frozenset({"Z", "E", "AE", "K", "G", "O"})
_EXEMPT = _ZERO_RATED - {"Z"}  # and must say why
_NEVER_EXEMPT = frozenset({"S", "Z", "L", "M"})
_REASONS = ("TaxExemptionReason", "TaxExemptionReasonCode")


@dataclass(frozen=True)
class Rules:
    """What an allowance or charge breaks: without amount, with too many decimals, without reason.

    ``category`` and ``rate`` are those of its VAT, empty where it has none of its own.
    """

    missing: str
    decimals: str
    base: str
    reason: str
    category: str = ""
    rate: str = ""


# allowance, charge
OF_DOCUMENT = (
    Rules("BR-31", "BR-DEC-01", "BR-DEC-02", "BR-33", "BR-32", "06"),
    Rules("BR-36", "BR-DEC-05", "BR-DEC-06", "BR-38", "BR-37", "07"),
)
OF_LINE = (
    Rules("BR-41", "BR-DEC-24", "BR-DEC-25", "BR-42"),
    Rules("BR-43", "BR-DEC-27", "BR-DEC-28", "BR-44"),
)


def read_adjustments(node: Node, place: tuple[Rules, Rules]) -> tuple[Adjustment, ...]:
    """The allowances and charges of a document or of a line."""
    return tuple(_read_adjustment(each, place) for each in node.all("cac:AllowanceCharge"))


def _read_adjustment(node: Node, place: tuple[Rules, Rules]) -> Adjustment:
    indicator = node.text("cbc:ChargeIndicator")
    if indicator not in ("true", "false"):
        node.refuse("PEPPOL-EN16931-R043", "ChargeIndicator must be true or false")
    is_charge = indicator == "true"
    rules = place[is_charge]
    category = rules.category
    tax = read_tax(node, "cac:TaxCategory", category, rules.rate) if category else None
    adjustment = Adjustment(
        is_charge=is_charge,
        amount=node.amount("cbc:Amount", rules.missing, rules.decimals),
        base=node.amount("cbc:BaseAmount", "", rules.base) if node.find("cbc:BaseAmount") else None,
        percent=node.price("cbc:MultiplierFactorNumeric")
        if node.find("cbc:MultiplierFactorNumeric") else None,
        reason_code=node.text("cbc:AllowanceChargeReasonCode", longest=10),
        reason=node.text("cbc:AllowanceChargeReason"),
        tax=tax,
        line=node.line,
    )  # fmt: skip
    if not adjustment.reason and not adjustment.reason_code:
        node.refuse(rules.reason, "an allowance or charge has neither a reason nor its code")
    return adjustment


def read_tax(node: Node, path: str, missing: str, suffix: str) -> Tax:
    """The only VAT category at the path; ``missing`` is the rule where there is none.

    ``suffix`` ends the name of the rule of a wrong rate: ``05`` for a line's ``BR-S-05``.
    """
    found = node.all(path)
    if len(found) != 1:
        node.refuse(missing, "it must have exactly one VAT category")
        return Tax("O", Decimal(0))
    category = found[0].text("cbc:ID", missing)
    if category not in CODES:
        if category:
            found[0].refuse("BR-CL-17", f"“{category[:10]}” is no VAT category of UNCL5305")
        return Tax("O", Decimal(0))
    stated = found[0].find("cbc:Percent") is not None
    rate = found[0].quantity("cbc:Percent") + 0  # no negative zero
    wrong = rate != 0 if category in _ZERO_RATED else rate <= 0 and category == "S"
    if wrong or not 0 <= rate <= 100 or stated is (category == "O"):
        words = f"{rate.normalize():f} %" if stated else "no rate"
        found[0].refuse(f"BR-{CODES[category]}-{suffix}", f"category {category} has {words}")
    return Tax(category, rate)


def read_subtotal(node: Node) -> Subtotal:
    """The VAT of one category and rate, as the document states it."""
    tax = read_tax(node, "cac:TaxCategory", "BR-47", "09")
    explained = any(node.text(f"cac:TaxCategory/cbc:{name}") for name in _REASONS)
    if tax.category in (_EXEMPT, _NEVER_EXEMPT)[explained]:
        words = "has a reason for being exempt" if explained else "has no reason for being exempt"
        node.refuse(f"BR-{CODES[tax.category]}-10", f"VAT category {tax.category} {words}")
    return Subtotal(
        tax=tax,
        taxable=node.amount("cbc:TaxableAmount", "BR-45", "BR-DEC-19"),
        amount=node.amount("cbc:TaxAmount", "BR-46", "BR-DEC-20"),
        line=node.line,
    )
