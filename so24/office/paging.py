"""Reads the list of all companies page by page, whatever the service says about its pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from so24.errors import Unknown
from so24.office.reading import present_records, read_synced_company
from so24.office.values import SyncedCompany

log = logging.getLogger(__name__)

MOST_PAGES = 2000


def read_synced_pages(
    read_page: Callable[[int], Mapping[str, Any] | None],
) -> list[SyncedCompany]:
    """Every company once; ``read_page`` is asked for page 1, 2, … until nothing new comes.

    The announced totals only decide whether another page is asked for: an empty page, or one
    without anything new, ends the reading in any case. Raises Unknown beyond 2,000 pages.
    """
    found: dict[int, SyncedCompany] = {}
    for number in range(1, MOST_PAGES + 1):
        page = read_page(number) or {}
        companies = [read_synced_company(item) for item in present_records(page.get("Items"))]
        known = len(found)
        found.update((company.id, company) for company in companies)
        total = page.get("TotalItems") or 0
        is_last = number >= (page.get("TotalPages") or 0) and len(found) >= total
        if len(found) == known or is_last:
            if len(found) < total:
                log.warning(
                    "24SevenOffice announced %d companies and listed %d.", total, len(found)
                )
            return list(found.values())
    raise Unknown(f"24SevenOffice's list of companies does not end after {MOST_PAGES} pages.")
