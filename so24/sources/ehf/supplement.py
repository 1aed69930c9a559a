"""What EHF files do not state and has to come from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from so24.sources.ehf.bill import Adjustment


@dataclass(frozen=True)
class CustomerIdentity:
    """By what a customer is told from others; either may be empty where it is not known."""

    name: str
    organization_number: str

    def __str__(self) -> str:
        number = f" ({self.organization_number})" if self.organization_number else ""
        return f"{self.name[:80]}{number}"


@dataclass(frozen=True)
class Supplement:
    """What EHF files do not state: said at the import, known already, or set by the installation.

    ``department`` is the chosen department's number; without it the known department ``org-`` and
    the seller's organization number is taken. ``customers``: customer numbers by organization
    number; ``known``: who has a customer number. The product numbers are for allowances and
    charges of a whole document. ``sellers``: the organization numbers whose documents may come in,
    none where that is not checked.
    """

    department: str = ""
    departments: frozenset[str] = frozenset()
    customers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: Mapping[str, CustomerIdentity] = field(default_factory=dict)
    allowance_product: str = ""
    charge_product: str = ""
    sellers: frozenset[str] = frozenset()

    def product_of(self, adjustment: Adjustment) -> str:
        """The product number for an allowance or charge of a whole document; may be empty."""
        return self.charge_product if adjustment.is_charge else self.allowance_product
