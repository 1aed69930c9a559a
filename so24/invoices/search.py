"""The search codes of the invoice overview, as RecMan's users know them (pure).

``@name=Acme AS @no=1001`` matches the whole name and number, whatever the case; a value runs until
the next code or the end, so that names may hold spaces, and quotes around it are dropped. What
stands before the first code is free text, looked for in number and customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from so24.errors import WrongUse

CODES = {"name": "name", "companyNo": "company_number", "no": "number"}
_CODE = re.compile(r"(?:^|(?<=\s))@([A-Za-z]+)=")


@dataclass(frozen=True)
class Search:
    """What to look for; the fields are those of the store's ``InvoiceFilter``."""

    text: str = ""
    name: str = ""
    company_number: str = ""
    number: str = ""


def parse_search(text: str) -> Search:
    """Read free text and search codes.

    Raises :class:`WrongUse` for an unknown code, one without a value, and one given twice.
    """
    free, *rest = _CODE.split(text)
    found: dict[str, str] = {}
    for code, value in zip(rest[::2], rest[1::2], strict=True):
        if code not in CODES:
            known = ", ".join(f"@{each}=" for each in CODES)
            raise WrongUse(f"There is no search code @{code}=; there are {known}.")
        if CODES[code] in found:
            raise WrongUse(f"The search code @{code}= is given twice.")
        found[CODES[code]] = _read_value(code, value)
    return Search(text=free.strip(), **found)


def _read_value(code: str, value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if not value:
        raise WrongUse(f"The search code @{code}= needs a value behind it, as in @{code}=1001.")
    return value
