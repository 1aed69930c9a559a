"""Values as the fields of the interface; a field left out keeps the service's own default.

The fields that decide about money are always sent, since the service's defaults for them are
documented poorly or are not ours: net prices, no delivery of the invoice, no factoring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from so24.office.values import (
    CurrencyRate,
    NewCompany,
    NewOrder,
    NewOrderRow,
    NewProduct,
    OrderToInvoice,
    local_midnight,
)

Fields = dict[str, Any]

_ALWAYS: Fields = {"IncludeVAT": False, "Distributor": "Manual", "SendToFactoring": False}


def write_company(company: NewCompany) -> Fields:
    """A new customer; which part of the address is printed is unknown: all are filled."""
    address = _given(
        Street=company.street,
        PostalCode=company.postal_code,
        PostalArea=company.city,
        City=company.city,
        Country=company.country,
    )
    email = {"Invoice": {"Value": company.invoice_email}} if company.invoice_email else None
    return _given(
        ExternalId=company.external_id,
        OrganizationNumber=company.organization_number,
        Name=company.name,
        Addresses={"Post": address, "Invoice": address} if address else None,
        EmailAddresses=email,
        Country=company.country,
        Type="Consumer" if company.is_person else "Business",
        PaymentTime=company.credit_days,
    )


def write_product(product: NewProduct) -> Fields:
    """A new product: number, name and the category that decides account and VAT."""
    return {"No": product.number, "Name": product.name, "CategoryId": product.category_id}


def write_order(order: NewOrder) -> Fields:
    """A new order; OrderId and InvoiceId are the service's to give and never sent."""
    invoice_date = local_midnight(order.invoice_date)
    rows = [write_order_row(row, place) for place, row in enumerate(order.rows, start=1)]
    return _ALWAYS | _given(
        CustomerId=order.customer_id,
        CustomerName=order.customer_name,
        OrderStatus=order.status,
        DateOrdered=invoice_date,
        DateInvoiced=invoice_date,
        PaymentTime=order.credit_days,
        ProjectId=order.project_id,
        OurReference=order.employee_id,
        YourReference=order.your_reference,
        InvoiceTitle=order.title,
        InvoiceText=order.text,
        OCR=order.payment_id,
        CustomerOrgNo=order.organization_number,
        Currency=_write_currency(order.currency) if order.currency else None,
        DistributionMethod="Unchanged",
        DepartmentId=order.department_id,
        InvoiceEmailAddress=order.invoice_email,
        InvoiceRows={"InvoiceRow": rows},
        DeliveryDate=local_midnight(order.delivery_date) if order.delivery_date else None,
        ReferenceInvoiceId=order.credited_invoice_id,
        ReferenceOrderId=order.credited_order_id,
        ReferenceNumber=order.reference,
    )


def write_order_row(row: NewOrderRow, place: int) -> Fields:
    """A row of a new order; without a product it carries its text and nothing else."""
    if row.product_id is None:
        return {"Name": row.name, "SequenceNumber": place, "Type": "Text"}
    return _given(
        ProductId=row.product_id,
        Price=row.price,
        Name=row.name,
        Quantity=row.quantity,
        SequenceNumber=place,
        Type="Normal",
        TaxSettings={"TaxCode": row.tax_code} if row.tax_code is not None else None,
    )


def _write_currency(currency: CurrencyRate) -> Fields:
    return {"Rate": currency.rate, "Unit": currency.unit, "Symbol": currency.symbol}


def write_status(order: OrderToInvoice, status: str) -> Fields:
    """A change of an existing order's status; without rows, which stay as they are."""
    return _ALWAYS | {
        "OrderId": order.order_id,
        "CustomerId": order.customer_id,
        "OrderStatus": status,
        "DateInvoiced": local_midnight(order.invoice_date),
        "ReferenceNumber": order.reference,
    }


def write_integers(numbers: Iterable[int]) -> Fields:
    """An array of ids."""
    return {"int": list(numbers)}


def write_names(names: Iterable[str]) -> Fields:
    """An array of the columns that the answer shall fill."""
    return {"string": list(names)}


def given(fields: Mapping[str, Any] | None) -> Fields:
    """The fields that have a value; the others are left out of a request."""
    return {name: value for name, value in (fields or {}).items() if value is not None}


def _given(**fields: Any) -> Fields:
    return given(fields)
