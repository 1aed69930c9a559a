"""The headings of grids and files, said once: a column's key is its English heading.

Where it is shown, on a page or in a file, its heading is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from so24.language.said import say, say_as
from so24.language.telling import tell

# those of several words, which are keys of more than one table
CARD_THERE = say("Card there")
CHANGED_AFTER_EXPORT = say("Changed after export")
CUSTOMER_CARD = say("Customer card")
CUSTOMER_NUMBER = say("Customer number")
INVOICE_DATE = say("Invoice date")
INVOICE_NO = say("Invoice no.")
MADE_OUT_TO = say("Made out to")
OFFICE_TOTAL = say("24SO total")
OUR_NUMBER = say("Our number")
OUR_TOTAL = say("Our total")
PAYMENT_READ = say("Payment read at")
PRODUCT_NO = say("Product no.")
ROWS_REFUSED = say("Rows refused")
STATED_TOTAL = say("Stated total")
STATE_THERE = say("State there")
SUM = say("Sum incl. VAT")
WHAT_WILL_HAPPEN = say("What will happen")
# those of one word, which are keys as they stand
ONE_WORD = (
    say("Added"), say("Browser"), say("Category"), say("Changed"), say("Column"), say("Company"),
    say("Currency"), say("Customer"), say("Date"), say("Department"), say("Detail"),
    say("Difference"), say("Documents"), say("Due"), say("Explanation"), say("Field"), say("File"),
    say("From"), say("Import"), say("KID"), say("Key"), say("Kind"), say("Line"), say("Login"),
    say("Member"), say("Moved"), say("Name"), say("Net"), say("Number"), say("Order"), say("Paid"),
    say("Payment"), say("Price"), say("Proposed"), say("Quantity"), say("Question"),
    say("Reason"), say("Remark"), say("Remarks"),
    say("Requests"), say("Row"), say("Run"), say("Scope"), say("Series"), say("Sheet"),
    say("Status"), say("Subject"), say("Text"), say("Time"), say("Total"), say("Transfers"),
    say("Types"), say("Unchanged"), say("Updated"), say("User"), say("VAT %"), say("Verdict"),
    say("Warning"), say("Was"), say("What"), say("When"), say("Why"),
)  # fmt: skip


def headings_of(columns: Iterable[str]) -> dict[str, str]:
    """What each of these columns is headed, told, by its key; for a grid's configuration."""
    return {name: tell(name) for name in columns}


def heading_in(column: str, currency: str) -> str:
    """The heading of a column of amounts, told, with the one currency of all of them if any."""
    return f"{tell(column)} {currency}".strip()


def total_in(currency: str) -> str:
    """The heading of a narrow column of totals, told, with their one currency if they have one."""
    if not currency:
        return tell("Total")
    return tell(say_as("narrow heading", "Total {currency}", currency=currency))
