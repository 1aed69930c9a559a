"""The lists that a company keeps in 24SevenOffice, each read whole in one call.

Every method may raise what a call raises. An entry that could not be sent back, because it lacks
the id or the number by which an order names it, is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from so24.office.account_values import CurrencyRate, Employee, OwnDepartment, Project, TaxCode
from so24.office.reading import Record, assigned, present_records


class AccountLists:
    """Reads the company's own lists with one key's calls."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def departments(self) -> list[OwnDepartment]:
        """The departments, as ClientService lists them."""
        return [
            OwnDepartment(each["Id"], _text(each, "Name"))
            for each in self._read("ClientService", "GetDepartmentList")
            if assigned(each.get("Id"))
        ]

    def currencies(self) -> list[CurrencyRate]:
        """The currencies that the company has a rate for."""
        return [
            CurrencyRate(_text(each, "Symbol").upper(), each["Rate"], each["Unit"])
            for each in self._read("ClientService", "GetCurrencyList")
            if _text(each, "Symbol") and each.get("Rate") and assigned(each.get("Unit"))
        ]

    def employees(self) -> list[Employee]:
        """The users of the company that are employees."""
        return [
            Employee(each["EmployeeId"], _text(each, "Name"))
            for each in self._read("ClientService", "GetUsers")
            if assigned(each.get("EmployeeId"))
        ]

    def tax_codes(self) -> list[TaxCode]:
        """The tax codes by their numbers; one whose number has other signs cannot be sent."""
        return [
            TaxCode(int(number), _text(each, "TaxName"), each["TaxRate"])
            for each in self._read("AccountService", "GetTaxCodeList")
            for number in (_text(each, "TaxNo"),)
            if number.isascii() and number.isdigit() and each.get("TaxRate") is not None
        ]

    def projects(self) -> list[Project]:
        """All open projects."""
        search = {"AllOpenProjects": True}
        return [
            Project(each["Id"], _text(each, "RawName") or _text(each, "Name"))
            for each in self._read("ProjectService", "GetProjectList", Ps=search)
            if assigned(each.get("Id")) and each.get("Enabled") is not False
        ]

    def _read(self, service: str, operation: str, **parameters: Any) -> list[Record]:
        return present_records(self._call(service, operation, **parameters))


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "").strip()
