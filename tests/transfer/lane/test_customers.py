"""Which company of 24SevenOffice a customer is found to be, on a real sandbox."""

from __future__ import annotations

import pytest

from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import State
from tests.transfer.world import CLIENT, World


@pytest.mark.parametrize(
    ("number", "country", "same"),
    [
        ("123456785", "NO", True),
        ("NO 123 456 785 MVA", "NO", True),
        ("123456786", "NO", False),  # the check digit is wrong: it may be another company's
        ("123456786", "", False),
        ("000000000", "NO", False),
        ("123456786", "SE", True),  # Norway's rule is not theirs
    ],
)
def test_a_customer_is_matched_on_a_number_that_can_be_right(
    world: World, number: str, country: str, same: bool
) -> None:
    company = {"OrganizationNumber": number, "Name": "Fjelltopp Bygg", "Type": "Business"}
    there = world.control.edit("edit_company", CLIENT, **company)["Id"]
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 1, customers=1)
    with world.installation.db.writing() as session:
        customer = session.get(Customer, 1)
        assert customer is not None
        customer.organization_number, customer.country = number, country
    [transfer] = world.export(ids)
    assert transfer.state is State.TRANSFERRED
    [order] = world.control.books()[CLIENT]["orders"]
    assert (order["CustomerId"] == there) is same
