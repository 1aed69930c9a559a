"""What RecMan issues in these histories: a handful of documents, each in several versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from tests.sources.report_files import as_report, customer, line

# department, customer
DOCUMENTS = (
    ("10", "5001"), ("10", "5002"), ("10", "5001"), ("20", "5001"), ("10", "5002"), ("20", "5002"),
)  # fmt: skip
VERSIONS = 3


@dataclass(frozen=True)
class Paper:
    """One version of the document at ``index``; every version has a total of its own."""

    index: int
    version: int = 0

    @property
    def number(self) -> str:
        return str(1001 + self.index)

    @property
    def price(self) -> Decimal:
        """A price that no other document has, so that no two totals are equal."""
        return Decimal(100 + 10 * self.index + self.index**3)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The report's lines: two products, the first with the version's quantity."""
        department, buyer = DOCUMENTS[self.index]
        return [
            line(
                {
                    "Invoice date": "20.11.2026",
                    "Department no.": department,
                    "Department": f"Department {department}",
                    "Customer no.": buyer,
                    "Company": _name(buyer),
                    "Product no.": product,
                    "Product": f"Product {product}",
                    "Quantity": quantity,
                    "Price": self.price,
                    "Sum excl. VAT": quantity * self.price,
                },
                number=self.number,
            )
            for product, quantity in (("1001", Decimal(3 + self.version)), ("1002", Decimal(2)))
        ]


def issue(installation: Installation, actor: Actor, papers: Sequence[Paper]) -> None:
    """Import a report that holds these documents as they are in RecMan now."""
    rows = [row for paper in papers for row in paper.rows]
    import_files(Desk(installation, actor), [("lines.xlsx", as_report(*rows))])


def list_customers(installation: Installation, actor: Actor) -> None:
    """Import the customers' list, so that every document may be exported."""
    rows = [
        customer(
            {"Customer no.": number, "Company": f"Kunde {number} AS", "Organization number": ""}
        )
        for number in sorted({buyer for _, buyer in DOCUMENTS})
    ]
    import_files(
        Desk(installation, actor), [("customers.xlsx", as_report(*rows, sheet="Customers"))]
    )


def _name(customer_number: str) -> str:
    return f"Kunde {customer_number} AS"
