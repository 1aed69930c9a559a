"""A world whose invoices have one line each, of a product and a VAT that a test chooses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import select

from so24.people.desk import Desk
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.document_tables import Invoice, InvoiceLine
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import FoundBy, ProductLink, Transfer
from so24.store.transfers.said_products import say_product
from tests.transfer.world import ADMIN, CLIENT, World


class Shop:
    """A world with a key, whose invoices have one line each, and products set by hand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.department = world.add_department()
        self.key = world.add_key([self.department])
        self.ids = world.add_invoices(self.department, 4, lines=1, products=1)
        self.desk = Desk(world.installation, ADMIN)

    def put(self, number: str, **fields: object) -> int:
        """A product in 24SevenOffice, or another state of one with its Id."""
        product = {"Name": "There", "No": number, "CategoryId": 1, **fields}
        return int(self.world.control.edit("edit_product", CLIENT, **product)["Id"])

    def sell(self, number: str, *, rate: int = 25, place: int = 0, name: str = "Ours") -> None:
        """Let the invoice's line be of this product and this VAT."""
        with self.world.installation.db.writing() as session:
            invoice = session.get_one(Invoice, self.ids[place])
            row = session.exec(
                select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.row_id)
            ).one()
            row.product_number, row.product_name, row.vat_rate = number, name, Decimal(rate)
            invoice.vat = round(invoice.net * rate / 100, 2)
            invoice.total = invoice.net + invoice.vat

    def export(self, *places: int) -> list[Transfer]:
        """Export these of the invoices together."""
        return self.world.export([self.ids[each] for each in places or (0,)])

    @property
    def products(self) -> dict[int, str]:
        """The numbers of the products in 24SevenOffice by their ids."""
        found = self.world.control.books()[CLIENT]["products"]
        return {each["Id"]: each["No"] for each in found}

    @property
    def sold(self) -> list[int]:
        """The products of the orders' rows, in the order in which these were made."""
        orders = self.world.control.books()[CLIENT]["orders"]
        return [row["ProductId"] for order in orders for row in order["InvoiceRows"]["InvoiceRow"]]

    def grow_old(self) -> None:
        """Let all products have been seen a while ago."""
        with self.world.installation.db.writing() as session:
            session.execute(sa.update(ProductLink).values(read_at=now() - dt.timedelta(hours=1)))

    def say(self, number: str, product_id: int | None) -> None:
        """A person's word about a number."""
        with self.world.installation.db.writing() as session:
            there = None
            if product_id is not None:
                number_there = self.products[product_id]
                there = LinkedProduct(product_id, FoundBy.PERSON, number_there, "There")
            say_product(session, CLIENT, number, there, "fia", "Rung up")
