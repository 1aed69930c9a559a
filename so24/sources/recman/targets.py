"""The fields that we want of RecMan, where they may stand, and what they may be called there.

The names to guess by are those of RecMan's documented scopes, of its old API, and plain English.
For the scope ``invoice`` they are guesses: its members are not public.
"""

from __future__ import annotations

from dataclasses import dataclass

INVOICE, LINE = "invoice", "line"
COMPANY, PROJECT, DEPARTMENT, USER = "company", "project", "department", "user"
CORPORATION = "corporation"
REGISTERS = (COMPANY, PROJECT, DEPARTMENT, USER, CORPORATION)
LINES = "lines"

# asked for by name, so that no more than is needed is read; refused, RecMan's own set is read
ASKED: dict[str, tuple[str, ...]] = {
    COMPANY: (
        "name", "companyNumber", "vatNumber", "invoiceEmail", "creditTime",
        "invoiceAddress", "postAddress",
    ),
    PROJECT: ("number", "name", "departmentId", "invoiceRefUserId"),
    DEPARTMENT: ("name", "number", "corporationId"),
    USER: ("firstName", "lastName"),
    CORPORATION: ("name",),
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A field of ours: ``scope`` is where RecMan's member stands, ``guesses`` its likely names.

    A ``line`` field's member stands within the lines of an invoice. ``longest`` is the most
    characters that can be kept, 0 where it is no text.
    """

    name: str
    label: str
    guesses: tuple[str, ...]
    required: bool = False
    longest: int = 0

    @property
    def scope(self) -> str:
        """The scope in which the member stands."""
        head, dot, _ = self.name.partition(".")
        return head if dot else INVOICE


TARGETS: tuple[Target, ...] = (
    Target("number", "Number", ("invoiceNumber", "invoiceNo", "number", "no"), True, 26),
    Target("date", "Invoice date", ("invoiceDate", "date", "issueDate"), True),
    Target("customer", "Customer (id of the company)", ("companyId", "customerId"), longest=40),
    Target("customer_number", "Customer no. (where it is no id)",
           ("customerNumber", "companyNumber"), longest=40),
    Target("currency", "Currency", ("currency", "currencyCode", "currencyIso"), True, 3),
    Target(LINES, "Lines", ("lines", "invoiceLines", "rows"), True),
    Target("net", "Net", ("net", "netAmount", "sumExclVat", "sumExVat", "totalExclVat",
                          "totalExVat", "subTotal", "amountExclVat", "sum"), True),
    Target("vat", "VAT", ("vat", "vatAmount", "sumVat", "totalVat", "tax", "taxAmount"), True),
    Target("total", "Total", ("total", "totalAmount", "sumInclVat", "totalInclVat",
                              "grandTotal", "amountInclVat", "amount"), True),
    Target("due_date", "Due date", ("dueDate", "paymentDueDate")),
    Target("delivery_date", "Delivery date", ("deliveryDate",)),
    Target("department", "Department (id)", ("departmentId",), longest=32),
    Target("project", "Project (id)", ("projectId",), longest=40),
    Target("kind", "Credit note: a flag or a word", ("isCreditNote", "creditNote", "isCredit")),
    Target("credited_number", "Number of the credited invoice",
           ("creditedInvoiceNumber", "creditInvoiceNumber"), longest=40),
    Target("kid", "KID", ("kid", "kidNumber", "paymentReference"), longest=40),
    Target("our_reference", "Our reference (text)", ("ourReference", "ourRef"), longest=200),
    Target("our_user", "Our reference (id of the user)",
           ("ourReferenceUserId", "invoiceRefUserId"), longest=40),
    Target("your_reference", "Customer's reference", ("yourReference", "customerReference",
                                                      "yourRef"), longest=200),
    Target("order_reference", "Customer's order no.", ("orderReference", "purchaseOrderNumber",
                                                       "customerOrderNumber"), longest=200),
    Target("note", "Invoice text", ("invoiceNote", "invoiceNotes", "note"), longest=2000),
    Target("line.net", "Net of the line", ("net", "netAmount", "sumExclVat", "sumExVat",
                                           "totalExclVat", "sum", "amount", "total"), True),
    Target("line.vat_rate", "VAT %", ("vatPercent", "vatPercentage", "vatRate", "taxPercent",
                                      "taxRate", "vat"), True),
    Target("line.quantity", "Quantity", ("quantity", "qty", "units", "count")),
    Target("line.unit_price", "Price", ("unitPrice", "price", "pricePerUnit", "rate")),
    Target("line.vat", "VAT of the line", ("vatAmount", "vatSum", "sumVat")),
    Target("line.total", "Total of the line", ("totalInclVat", "sumInclVat", "grandTotal")),
    Target("line.text", "Text", ("description", "text", "comment"), longest=300),
    Target("line.product_number", "Product no.", ("productNumber", "productNo", "articleNumber"),
           longest=100),
    Target("line.product_name", "Product", ("productName", "product", "articleName"), longest=300),
    Target("line.date", "Date of the line", ("date", "workDate")),
    Target("company.number", "Customer no.", ("companyNumber", "customerNumber"), longest=40),
    Target("company.name", "Name", ("name",), longest=200),
    Target("company.organization_number", "Organization number",
           ("vatNumber", "countryRegNumber", "organizationNumber")),
    Target("company.address", "Address", ("invoiceAddress.address1", "postAddress.address1",
                                          "visitAddress.address1")),
    Target("company.postal_code", "Postal code", ("invoiceAddress.postalCode",
                                                  "postAddress.postalCode",
                                                  "visitAddress.postalCode")),
    Target("company.city", "City", ("invoiceAddress.city", "postAddress.city",
                                    "visitAddress.city")),
    Target("company.country", "Country", ("invoiceAddress.country", "postAddress.country",
                                          "visitAddress.country")),
    Target("company.invoice_email", "Invoice e-mail", ("invoiceEmail",)),
    Target("company.credit_days", "Credit days", ("creditTime", "creditDays")),
    Target("project.number", "Project no.", ("number", "projectNumber"), longest=40),
    Target("project.name", "Project", ("name",), longest=200),
    Target("project.department", "Department (id)", ("departmentId",), longest=32),
    Target("project.our_user", "Our reference (id of the user)", ("invoiceRefUserId",),
           longest=40),
    Target("department.number", "Department no.", ("number", "departmentNumber"), longest=32),
    Target("department.name", "Department", ("name",), longest=200),
    Target("department.corporation", "Corporation (id)", ("corporationId", "corporation_id"),
           longest=40),
    Target("user.first_name", "First name", ("firstName", "first_name", "name"), longest=99),
    Target("user.last_name", "Last name", ("lastName", "last_name"), longest=99),
    Target("corporation.name", "Corporation", ("name",), longest=200),
)  # fmt: skip
BY_NAME = {target.name: target for target in TARGETS}
