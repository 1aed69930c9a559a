"""CompanyService: customers are found, listed in pages, created and changed.

Documented: at least one search parameter; 1 000 a page in the sync list; fields left out of an
update stay. Neither ``ExternalId`` nor ``OrganizationNumber`` is unique. Assumed: several search
parameters must all fit, and ``%`` works in names only.
"""

from __future__ import annotations

from so24.sandbox.books.books import Books, Call, as_list, from_micros, micros, pack, unpack
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import (
    asked_columns,
    check_lengths,
    given,
    items,
    matches,
    pick,
    refuse_unknown,
    save_each,
    values,
)
from so24.sandbox.wire.refusals import MISSING, UNPROCESSED, CallFault, ItemRefused

PAGE = 1000
MOST_IDS = 1000


def find_company(books: Books, client: int, number: object) -> Fields | None:
    """The company of that id, or None."""
    row = books.row("select record from company where client = ? and id = ?", client, number)
    return unpack(row[0]) if row else None


def get_companies(call: Call, parameters: Fields) -> Fields:
    """The companies that fit all search parameters, with the columns asked for."""
    search = given(parameters.get("searchParams"))
    if not search:
        raise CallFault(f"{UNPROCESSED}Please specify at least one search parameter")
    columns = asked_columns("CompanyService", "Company", parameters.get("returnProperties"))
    found = [company for company in _candidates(call, search) if _fits(company, search)]
    return {"Company": [pick(company, columns) for company in found]}


def _candidates(call: Call, search: Fields) -> list[Fields]:
    where = ["client = ?"]
    bound: list[object] = [call.client]
    if "CompanyIds" in search:
        numbers = values(search["CompanyIds"], "int")
        if len(numbers) > MOST_IDS:
            raise CallFault(f"{UNPROCESSED}At most {MOST_IDS} CompanyIds in one request")
        where.append("id in (select value from json_each(?))")
        bound.append(as_list(numbers))
    for name, column in (
        ("CompanyId", "id"), ("ExternalId", "external_id"),
        ("OrganizationNumber", "organization_number"),
    ):  # fmt: skip
        if name in search:
            where.append(f"{column} = ?")
            bound.append(search[name])
    if "ChangedAfter" in search:
        where.append("changed > ?")
        bound.append(micros(search["ChangedAfter"]))
    # Only the fixed texts above are joined; every value is bound.
    sql = f"select record from company where {' and '.join(where)} order by id"  # noqa: S608
    return [unpack(row[0]) for row in call.books.rows(sql, *bound)]


def _fits(company: Fields, search: Fields) -> bool:
    if not matches(search.get("CompanyName"), company.get("Name")):
        return False
    for name, record in (("CompanyEmail", "EmailAddresses"), ("CompanyPhone", "PhoneNumbers")):
        known = {(one or {}).get("Value") for one in (company.get(record) or {}).values()}
        if name in search and search[name] not in known:
            return False
    return True


def get_company_sync_list(call: Call, parameters: Fields) -> Fields:
    """One page of all companies; ``Active`` nil means both kinds."""
    search = parameters.get("syncSearchParameters") or {}
    active, page = search.get("Active"), max(search.get("Page") or 1, 1)
    condition = (
        "from company where client = ? and (? is null or active = ?) "
        "and (? is null or changed > ?) and (? is null or registered > ?)"
    )
    changed, registered = (
        micros(search[name]) if search.get(name) else None
        for name in ("ChangedAfter", "RegisteredAfter")
    )
    bound = (call.client, active, active, changed, changed, registered, registered)
    total = call.books.row("select count(*) " + condition, *bound)[0]
    rows = call.books.rows(
        "select id, external_id, changed, registered, active "
        + condition + " order by id limit ? offset ?",
        *bound, PAGE, (page - 1) * PAGE,
    )  # fmt: skip
    return {
        "CurrentPage": page,
        "TotalPages": -(-total // PAGE),
        "TotalItems": total,
        "ItemsPerPage": PAGE,
        "Items": {"SyncCompany": [_listed(*row) for row in rows]},
    }


def _listed(
    number: int, external: str | None, changed: int, registered: int, active: int
) -> Fields:
    return {
        "CompanyId": number,
        **({"ExternalId": external} if external else {}),
        "DateChanged": from_micros(changed),
        "DateRegistered": from_micros(registered),
        "Active": bool(active),
    }


def save_companies(call: Call, parameters: Fields) -> Fields:
    """Create and change companies one by one; each answers with its Id or its exception."""
    sent = items(parameters.get("companies"), "Company")
    return {"Company": save_each(sent, lambda company: save_company(call, company))}


def save_company(call: Call, sent: Fields) -> Fields:
    """Save one company; the sent fields with ``Id``. Raises :class:`ItemRefused`."""
    check_lengths("Company", sent)
    number = sent.get("Id")
    old = None if number is None else find_company(call.books, call.client, number)
    if old is None and number is not None and not sent.get("ExplicitlySpecifyNewCompanyId"):
        raise refuse_unknown("Company", number)
    changes = {k: v for k, v in sent.items() if v is not None and k != "APIException"}
    record = {"Type": "Business", "DateCreated": call.now, **(old or {}), **changes}
    if not record.get("Name"):
        raise ItemRefused(MISSING, "Name is required to save a company")
    if number is None:
        number = call.books.next_number(call.client, "company")
    call.books.pass_number(call.client, "company", number)
    record |= {"Id": number, "DateChanged": call.now}
    _put(call, record)
    return sent | {"Id": number}


def _put(call: Call, record: Fields) -> None:
    call.books.change(
        "insert into company values(?, ?, ?, ?, ?, ?, ?, 1, ?) on conflict do update set "
        "external_id = excluded.external_id, organization_number = excluded.organization_number, "
        "name = excluded.name, changed = excluded.changed, record = excluded.record",
        call.client, record["Id"], record.get("ExternalId"), record.get("OrganizationNumber"),
        record["Name"], micros(call.now), micros(record["DateCreated"]), pack(record),
    )  # fmt: skip
