"""The typical integration, to compare with: five requests for every invoice, one after another.

Check the session, find the customer, find the product, save the product, save the invoice as
invoiced at once; it neither looks first nor reads back, so it cannot tell whether an invoice has
arrived once. Customers and products exist already, which flatters it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from so24.installation import Installation
from so24.keys.access import open_office
from so24.office.gateway import Office
from so24.office.outcomes import write_drafts
from so24.store.documents.documents import Document
from so24.store.people.origins import WORKER
from so24.transfer.order.mapping import customer_reference, map_order

_COLUMNS = {"string": ["Id", "Name", "No", "CategoryId"]}


def export_typically(
    installation: Installation, key_id: int, documents: Sequence[Document]
) -> None:
    """Send the documents the usual way, through the same gateway; order numbers are made up."""
    with open_office(installation, key_id, origin=WORKER).office as office:
        for document in documents:
            _send(office, document)


def _send(office: Office, document: Document) -> None:
    call = office._call  # the product itself never asks for one customer or product alone
    call("Authenticate", "HasSession")
    [company] = call(
        "CompanyService",
        "GetCompanies",
        searchParams={"ExternalId": customer_reference(document.customer)},
        returnProperties={"string": ["Id", "Name", "ExternalId"]},
    )
    number = document.lines[0].product_number
    [product] = call(
        "ProductService", "GetProducts", searchParams={"No": number}, returnProperties=_COLUMNS
    )
    same = {"Id": product["Id"], "Name": product["Name"], "CategoryId": product["CategoryId"]}
    call("ProductService", "SaveProducts", products={"Product": [same]})
    lines = tuple(line._replace(product_number=number) for line in document.lines)
    order = map_order(replace(document, lines=lines), company["Id"], {number: product["Id"]})
    order = replace(order, status="Invoiced", reference=f"T-{order.reference}")
    office.save_orders(write_drafts([order]))
