"""Customers: search, lists, creation and change."""

from __future__ import annotations

from typing import Any

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.sandbox.caller import NIL, Caller, Reply, Tree


def save(caller: Caller, *companies: Tree) -> list[dict[str, Any]]:
    parameters = {"companies": {"Company": list(companies)}}
    return caller.call("CompanyService", "SaveCompanies", parameters).records("Company")


def search(caller: Caller, parameters: Tree, columns: str = "Id Name") -> Reply:
    return caller.call(
        "CompanyService",
        "GetCompanies",
        {"searchParams": parameters, "returnProperties": {"string": columns.split()}},
    )


def names(reply: Reply) -> list[str]:
    return [company["Name"] for company in reply.records("Company")]


def test_a_search_without_a_parameter_is_a_fault(caller: Caller) -> None:
    for parameters in ({}, {"CompanyName": ""}, {"CompanyId": -2147483648}):
        reply = search(caller, parameters)
        assert "Please specify at least one search parameter" in (reply.fault or "")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"ExternalId": "RM-1"}, ["Fjell AS", "Fjord AS"]),
        ({"OrganizationNumber": "911111111"}, ["Fjell AS"]),
        ({"CompanyName": "fj%"}, ["Fjell AS", "Fjord AS"]),
        ({"CompanyName": "Fj"}, []),
        ({"CompanyName": "hav as"}, ["Hav AS"]),
        ({"CompanyId": 30003}, ["Hav AS"]),
        ({"CompanyIds": {"int": [30001, 30003, 77]}}, ["Fjell AS", "Hav AS"]),
        ({"ExternalId": "RM-1", "CompanyName": "Fjord%"}, ["Fjord AS"]),
        ({"ChangedAfter": "1990-01-01T00:00:00"}, ["Fjell AS", "Fjord AS", "Hav AS"]),
        ({"ChangedAfter": "2990-01-01T00:00:00"}, []),
        ({"CompanyEmail": "post@hav.example"}, ["Hav AS"]),
    ],
)
def test_companies_are_found_by_every_documented_parameter(
    caller: Caller, parameters: Tree, found: list[str]
) -> None:
    mail = {"Invoice": {"Value": "post@hav.example"}}
    save(
        caller,
        {"ExternalId": "RM-1", "OrganizationNumber": "911111111", "Name": "Fjell AS"},
        {"ExternalId": "RM-1", "Name": "Fjord AS"},
        {"Name": "Hav AS", "EmailAddresses": mail},
    )
    assert names(search(caller, parameters)) == found


def test_only_the_columns_asked_for_are_filled(caller: Caller) -> None:
    save(caller, {"ExternalId": "RM-1", "OrganizationNumber": "911111111", "Name": "Fjell AS"})
    company = search(caller, {"ExternalId": "RM-1"}, "Id OrganizationNumber").record("Company")
    assert company == {"Id": "30001", "OrganizationNumber": "911111111"}
    reply = search(caller, {"ExternalId": "RM-1"}, "OrgNo")
    assert "no property 'OrgNo'" in (reply.fault or "")


def test_more_than_a_thousand_ids_are_refused(caller: Caller) -> None:
    assert search(caller, {"CompanyIds": {"int": list(range(1000))}}).status == 200
    assert search(caller, {"CompanyIds": {"int": list(range(1001))}}).status == 500


@pytest.mark.parametrize(
    ("company", "words"),
    [
        ({"ExternalId": "RM-2"}, "Name is required"),
        ({"Name": "x" * 201}, "Name cannot be longer than 200"),
        ({"OrganizationNumber": "9" * 21, "Name": "Hav AS"}, "OrganizationNumber cannot be longer"),
        ({"Id": 77, "Name": "Hav AS"}, "Company 77 does not exist"),
        (
            {"Name": "Hav AS", "Addresses": {"Invoice": {"Country": "NOR"}}},
            "Country cannot be longer than 2",
        ),
    ],
)
def test_a_company_that_breaks_a_rule_gets_its_own_exception_and_the_rest_is_saved(
    caller: Caller, company: Tree, words: str
) -> None:
    bad, good = save(caller, company, {"Name": "Fjord AS"})
    assert words in bad["APIException"]["Message"]
    assert bad["APIException"]["Type"].startswith("Office24Seven.")
    assert "APIException" not in good
    assert names(search(caller, {"CompanyName": "%"})) == ["Fjord AS"]


def test_an_update_keeps_what_it_leaves_out(caller: Caller) -> None:
    save(caller, {"ExternalId": "RM-1", "Name": "Fjell AS"})
    save(caller, {"Id": 30001, "OrganizationNumber": "911111111"})
    company = search(caller, {"CompanyId": 30001}, "Id ExternalId Name OrganizationNumber")
    assert company.record("Company") == {
        "Id": "30001", "ExternalId": "RM-1", "OrganizationNumber": "911111111", "Name": "Fjell AS"
    }  # fmt: skip


def test_the_list_has_a_thousand_companies_a_page(caller: Caller, server: SandboxServer) -> None:
    save(caller, *({"ExternalId": f"RM-{n}", "Name": f"Firma {n} AS"} for n in range(1003)))
    pages = [
        caller.call(
            "CompanyService",
            "GetCompanySyncList",
            {"syncSearchParameters": {"Page": page, "Active": NIL}},
        ).result
        for page in (1, 2)
    ]
    assert [len(page["Items"]["SyncCompany"]) for page in pages] == [1000, 3]
    assert (pages[0]["TotalItems"], pages[0]["TotalPages"]) == ("1003", "2")
    assert pages[1]["Items"]["SyncCompany"][-1]["ExternalId"] == "RM-1002"


@pytest.mark.parametrize(
    ("active", "found"), [(NIL, ["30001", "30002"]), ("true", ["30001"]), ("false", ["30002"])]
)
def test_the_list_can_be_of_active_or_inactive_companies(
    caller: Caller, control: Control, active: object, found: list[str]
) -> None:
    control.edit("edit_company", OSLO, Name="Fjell AS")
    control.edit("edit_company", OSLO, Name="Fjord AS", Active=False)
    parameters = {"syncSearchParameters": {"Active": active}}
    result = caller.call("CompanyService", "GetCompanySyncList", parameters).result
    listed = result["Items"]["SyncCompany"]
    listed = listed if isinstance(listed, list) else [listed]
    assert [company["CompanyId"] for company in listed] == found
