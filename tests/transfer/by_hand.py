"""What somebody enters in 24SevenOffice by hand, so that so24 finds it there."""

from __future__ import annotations

from collections.abc import Sequence

from tests.transfer.world import CLIENT, DAY, World


def enter_twin(world: World, invoice_ids: Sequence[int], reference: str | None = None) -> int:
    """Send invoices 1001 to 1003, and enter 1004 by hand, without our reference by default.

    ``invoice_ids`` are those of 1001 to 1004 at least; returns the id of the order by hand.
    """
    world.export(invoice_ids[:3])
    companies = world.control.books()[CLIENT]["companies"]
    (customer,) = (each["Id"] for each in companies if each.get("ExternalId") == "RM-7002")
    rows = [
        {"product_number": number, "name": "Work", "quantity": "7.5", "price": "349.90"}
        for number in ("P1", "P2")
    ]
    order = world.control.edit(
        "create_order",
        CLIENT,
        customer_id=customer,
        rows=rows,
        reference=reference,
        status="Invoiced",
        invoice_date=DAY.isoformat(),
    )
    return int(order["OrderId"])
