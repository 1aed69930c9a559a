"""The catalogue of reasons: what happened, who mends it and where, whether *Retry* makes sense.

One place for the dashboard, the command line and the documentation. A reason's code is what the
store keeps; the particulars of a document (the vendor's words, figures, names) stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

FINANCE = "Finance"
ADMIN = "System Administrator"
ACCOUNTANT = "Accountant, in 24SevenOffice"
NOBODY = "Nobody: so24 goes on by itself"


@dataclass(frozen=True)
class Reason:
    """One card: ``title`` is what happened, ``remedy`` what to do and where, by ``who``."""

    code: str
    title: str
    remedy: str
    who: str
    retry: bool


_CARDS = (
    # key and login
    ("no_key", "No key for this department",
     "Add a key for the department under Credentials.", ADMIN, True),
    ("key_unusable", "The key cannot be used",
     "Enable or replace the key under Credentials.", ADMIN, True),
    ("login_refused", "24SevenOffice refused user name or password",
     "Replace the password of the key under Credentials.", ADMIN, True),
    ("wrong_company", "The key reaches another company than its Organization ID",
     "Correct the key under Credentials; nothing was written.", ADMIN, True),
    # exists
    ("already_transferred", "Already transferred by so24",
     "Nothing to do: it is sent once only.", FINANCE, False),
    ("exists_reference", "Exists already in 24SevenOffice with our reference",
     "Compare the order; if it is the same, exclude the invoice.", FINANCE, True),
    ("exists_probably", "Probably exists already: same customer, date and total",
     "Say whether it is the same document, on the receipt or with `so24 decide`.",
     FINANCE, True),
    # blocked by the plan
    ("in_other_run", "In transfer by another run", "Watch the other run's receipt.",
     FINANCE, False),
    ("excluded", "Excluded from export", "Include it again in the invoice overview.",
     FINANCE, False),
    ("held", "Held for a decision", "Decide in the invoice overview.", FINANCE, True),
    ("changed_after_export", "Changed in RecMan after it was exported",
     "Compare both; correct by a credit note in RecMan.", FINANCE, False),
    ("date_assumed", "The invoice date is only assumed",
     "Confirm the date in the invoice overview, one click for a whole import.",
     FINANCE, True),
    ("credit_note", "Credit notes cannot be exported yet",
     "Enter the credit note in 24SevenOffice by hand.", ACCOUNTANT, False),
    ("customer_incomplete", "The customer is incomplete",
     "Complete the customer in RecMan and import the customers list.", FINANCE, True),
    ("no_lines", "The document has no line with an amount", "Correct it in RecMan.",
     FINANCE, True),
    ("line_without_product", "A line has an amount but no product number",
     "Give the line a product in RecMan and import again.", FINANCE, True),
    ("line_arithmetic", "A line's quantity and price do not give its sum",
     "Correct it in RecMan and import again.", FINANCE, True),
    ("totals_disagree", "The report's own VAT or total contradicts its lines",
     "Correct it in RecMan and import again.", FINANCE, True),
    ("other_company", "Known in another company already",
     "If it is right there, let the department go by that company's key (System Administrator) "
     "or exclude the invoice. If not, enter it by hand in the company it belongs to, correct the "
     "other one's books, and exclude the invoice: so24 never sends it to a second company.",
     FINANCE, True),
    ("foreign_currency", "Foreign currency is not carried yet",
     "Enter the invoice in 24SevenOffice by hand.", ACCOUNTANT, False),
    ("too_long", "A value is longer than 24SevenOffice takes",
     "Shorten it in RecMan and import again.", FINANCE, True),
    ("due_before_date", "The due date is before the invoice date",
     "Correct it in RecMan and import again.", FINANCE, True),
    ("illegal_character", "A text holds a character that cannot be sent",
     "Remove it in RecMan and import again.", FINANCE, True),
    # blocked on the way
    ("ambiguous_customer", "Several companies match this customer",
     "Merge the companies, or set ExternalId on the right one.", ACCOUNTANT, True),
    ("ambiguous_product", "Several products have this product number",
     "Make the product number unique.", ACCOUNTANT, True),
    ("no_category", "A product is missing and the key has no category for new products",
     "Choose a category for the key under Credentials.", ADMIN, True),
    ("order_gone", "The order was deleted in 24SevenOffice after so24 had asked to invoice it",
     "Make sure that it is not booked, then retry: it is sent as a new order.",
     ACCOUNTANT, True),
    # refused
    ("refused_customer", "24SevenOffice refused the customer",
     "Correct the customer in RecMan or in 24SevenOffice.", FINANCE, True),
    ("refused_product", "24SevenOffice refused the product",
     "Correct the product in RecMan or in 24SevenOffice.", FINANCE, True),
    ("refused_order", "24SevenOffice refused the order",
     "Read its words; mend the cause there or in RecMan.", FINANCE, True),
    ("refused_invoicing", "24SevenOffice refused to invoice the order",
     "The draft stays; mend the cause in 24SevenOffice.", ACCOUNTANT, True),
    # differs
    ("draft_differs", "The order in 24SevenOffice differs from RecMan",
     "Nothing is booked. Correct or delete the draft, or the product's VAT.", ACCOUNTANT, True),
    ("booked_differs", "The invoice in 24SevenOffice differs from RecMan",
     "It is booked: the accountant corrects it there.", ACCOUNTANT, True),
    # not sent
    ("unreachable", "24SevenOffice could not be reached",
     "Try again when its status page is green.", FINANCE, True),
    ("throttled", "24SevenOffice takes no calls for now", "Try again later.", FINANCE, True),
    ("office_refuses", "24SevenOffice refused to answer",
     "Read its words; try again later.", FINANCE, True),
    ("not_answering", "24SevenOffice does not show what was sent",
     "Try again later; so24 looks first.", FINANCE, True),
    # cancelled
    ("cancelled", "Stopped before it was sent", "Select it again when it shall go.",
     FINANCE, True),
    ("cancelled_draft", "Stopped; a draft stays in 24SevenOffice",
     "Retry takes up the draft, or delete it in 24SevenOffice.", FINANCE, True),
    ("restored", "Stopped by a restore; what became of it since the back-up is not known",
     "Export it again: so24 looks first, and books nothing twice.", FINANCE, True),
    # in transfer
    ("restored_looking_up", "Sent before a restore: being looked up", "Wait.", NOBODY, False),
    ("looking_up", "An answer was lost: being looked up", "Wait.", NOBODY, False),
    ("creating_customer", "Creating the customer", "Wait.", NOBODY, False),
    ("creating_product", "Creating the product", "Wait.", NOBODY, False),
    ("sending_draft", "Sending the draft", "Wait.", NOBODY, False),
    ("adopted", "A draft of ours was found and is used", "Wait.", NOBODY, False),
    # transferred
    ("waits_approval", "Transferred, waits for approval",
     "Approve the order in 24SevenOffice.", ACCOUNTANT, False),
)  # fmt: skip

CATALOGUE: dict[str, Reason] = {
    code: Reason(code, title, remedy, who, retry) for code, title, remedy, who, retry in _CARDS
}

# reasons whose particulars are 24SevenOffice's own words
OFFICE_SPEAKS = frozenset(
    {"refused_customer", "refused_product", "refused_order", "refused_invoicing", "office_refuses"}
)
