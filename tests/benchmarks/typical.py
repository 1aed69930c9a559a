"""The typical integration, to compare with: five requests for every invoice, one after another.

Check the session, find the customer, find the product, save the product, save the invoice at once;
it neither looks first nor reads back, so it cannot tell whether an invoice has arrived once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from so24.installation import Installation
from so24.keys.access import open_office
from so24.office.gateway import Office
from so24.store.documents import Document
from so24.transfer.mapping import map_customer, map_order, map_product


def export_typically(
    installation: Installation, key_id: int, documents: Sequence[Document]
) -> None:
    """Send the documents the usual way, through the same gateway."""
    with open_office(installation, key_id).office as office:
        for document in documents:
            _send(office, document)


def _send(office: Office, document: Document) -> None:
    office.current_identity()
    [company] = office.create_companies([map_customer(document.customer)])
    products = {}
    for number in dict.fromkeys(line.product_number for line in document.lines):
        if not products:
            office.categories()
        [saved] = office.create_products([map_product(number, number, 1)])
        products[number] = saved.id or 0
        break
    lines = tuple(
        line.model_copy(update={"product_number": next(iter(products))}) for line in document.lines
    )
    order = map_order(replace(document, lines=lines), company.id or 0, products)
    office.save_drafts([replace(order, status="Invoiced")])
