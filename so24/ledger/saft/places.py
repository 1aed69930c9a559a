"""Where in a SAF-T Financial file what is read stands, as the standard has it (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"

Fields = dict[str, str]
_AMOUNTS = ("Amount", "CurrencyCode", "CurrencyAmount")


def _amount(path: str) -> tuple[str, ...]:
    return tuple(f"{path}/{each}" for each in _AMOUNTS)


# of each element that is read as a whole: its path, and those of its fields within it
_READ: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Header": (
        "Header",
        (
            "AuditFileVersion", "DefaultCurrencyCode",
            "Company/RegistrationNumber", "Company/Name",
            "SelectionCriteria/SelectionStartDate", "SelectionCriteria/SelectionEndDate",
            "SelectionCriteria/PeriodStart", "SelectionCriteria/PeriodStartYear",
            "SelectionCriteria/PeriodEnd", "SelectionCriteria/PeriodEndYear",
        ),
    ),
    "Account": (
        "MasterFiles/GeneralLedgerAccounts/Account",
        ("AccountID", "GroupingCategory", "StandardAccountID"),
    ),
    "Customer": ("MasterFiles/Customers/Customer", ("CustomerID", "RegistrationNumber")),
    "Entries": ("GeneralLedgerEntries", ("NumberOfEntries",)),
    "Journal": ("GeneralLedgerEntries/Journal", ("JournalID",)),
    "Transaction": (
        "GeneralLedgerEntries/Journal/Transaction", ("TransactionID", "TransactionDate"),
    ),
    "Line": (
        "GeneralLedgerEntries/Journal/Transaction/Line",
        (
            "AccountID", "CustomerID", "ReferenceNumber", "SourceDocumentID",
            *_amount("DebitAmount"), *_amount("CreditAmount"),
        ),
    ),
    "Tax": (  # 1.20 has TaxAmount, which is of its line's side
        "GeneralLedgerEntries/Journal/Transaction/Line/TaxInformation",
        (*_amount("DebitTaxAmount"), *_amount("CreditTaxAmount"), *_amount("TaxAmount")),
    ),
}  # fmt: skip
_WITHOUT_FOLDERS = ("Company", "SelectionCriteria")  # whose fields are known by their own names


class SaftElement:
    """An element of the file that is read: a field of ``into``, or with elements in it."""

    __slots__ = ("children", "end", "field", "into")

    def __init__(self) -> None:
        self.field = ""
        self.into: Fields = {}
        self.children: dict[str, SaftElement] = {}
        self.end: Callable[[], None] | None = None


def plant(ends: Mapping[str, Callable[[], None]]) -> tuple[dict[str, Fields], SaftElement]:
    """The fields of each element that is read as a whole, and the place that the file begins at.

    ``ends`` is what is done where such an element ends.
    """
    root = SaftElement()
    fields: dict[str, Fields] = {}
    for name, (path, within) in _READ.items():
        fields[name] = {}
        element = _grow(root, f"AuditFile/{path}")
        element.end = ends[name]
        for each in within:
            place = _grow(element, each)
            folder, _, last = each.rpartition("/")
            place.field = last if folder in ("", *_WITHOUT_FOLDERS) else f"{folder} {last}"
            place.into = fields[name]
    return fields, root


def _grow(place: SaftElement, path: str) -> SaftElement:
    for step in path.split("/"):
        place = place.children.setdefault(f"{NAMESPACE} {step}", SaftElement())
    return place
