"""The catalogue of reasons: what happened, who mends it and where, whether *Retry* makes sense.

One place for the dashboard, the command line and the documentation. A reason's code is what the
store keeps; the particulars of a document (the vendor's words, figures, names) stand beside it.
``CATALOGUE`` has what ends a transfer, ``WARNINGS`` what the checks only call attention to.
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
    # credit notes
    ("credit_note", "Credit notes were not exported by this version",
     "Export it again.", FINANCE, True),
    ("credit_notes_off", "The key does not send credit notes",
     "Switch credit notes on for the key under Credentials. 24SevenOffice's form of them is not "
     "proven: have the accountant check the first one.", ADMIN, True),
    ("credit_unlinked", "It is not known which invoice it credits",
     "Import RecMan's Credit notes report, or enter the invoice's number in 24SevenOffice in the "
     "invoice overview.", FINANCE, True),
    ("credit_original", "The invoice that it credits was not transferred by so24",
     "Export that invoice first. If 24SevenOffice has it already, enter its number there in the "
     "invoice overview or with `so24 decide NUMBER --credits INVOICE`.", FINANCE, True),
    ("credit_original_open", "The invoice that it credits is not booked yet",
     "Retry when it is; an order for approval is approved in 24SevenOffice first.",
     FINANCE, True),
    ("credit_not_found", "24SevenOffice has no such invoice to credit",
     "Correct the invoice number that was entered, in the invoice overview.", FINANCE, True),
    ("credit_mismatch", "It does not fit the invoice that it credits",
     "Correct it in RecMan and import again, or correct which invoice it credits.",
     FINANCE, True),
    ("negative_invoice", "It is an invoice with a negative sum",
     "Correct it in RecMan, where it should be a credit note, and import again.", FINANCE, True),
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
    ("foreign_currency", "The key does not carry foreign currency",
     "Switch it on for the key under Credentials, or enter the invoice in 24SevenOffice by hand.",
     ADMIN, True),
    ("carried_too_long", "A field that the key carries is longer than 24SevenOffice takes",
     "Shorten it in RecMan and import again, or let the key leave the field out (Credentials).",
     FINANCE, True),
    ("no_tax_code", "The key has tax codes, but none for a kind of VAT of the document",
     "Choose a tax code for the rate, or for the VAT category without VAT, under Credentials.",
     ADMIN, True),
    ("too_long", "A value is longer than 24SevenOffice takes",
     "Shorten it in RecMan and import again.", FINANCE, True),
    ("due_before_date", "The due date is before the invoice date",
     "Correct it in RecMan and import again.", FINANCE, True),
    ("illegal_character", "A text holds a character that cannot be sent",
     "Remove it in RecMan and import again.", FINANCE, True),
    ("closed_period", "The invoice date is in a closed period",
     "Open the period again (the setting SO24_CLOSED_UNTIL), or credit the invoice in RecMan and "
     "invoice it anew.", ADMIN, True),
    # blocked on the way
    ("ambiguous_customer", "Several companies match this customer",
     "Merge the companies, or set ExternalId on the right one.", ACCOUNTANT, True),
    ("ambiguous_product", "Several products have this product number",
     "Make the product number unique.", ACCOUNTANT, True),
    ("no_category", "A product is missing and the key has no category for new products",
     "Choose a category for the key under Credentials.", ADMIN, True),
    ("ambiguous_project", "Several projects fit the document's project number",
     "Rename the projects in 24SevenOffice so that one begins with the number.",
     ACCOUNTANT, True),
    ("missing_project", "The document's project is not in 24SevenOffice",
     "Open the project there, or let the key leave missing projects out (Credentials).",
     ACCOUNTANT, True),
    ("list_refused", "24SevenOffice refused a list that the key's fields need",
     "Give the key's account access to it there, or let the key leave the field out (Credentials).",
     ADMIN, True),
    ("unknown_currency", "24SevenOffice has no rate for the document's currency",
     "Add the currency in 24SevenOffice.", ACCOUNTANT, True),
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
    ("department_required", "24SevenOffice takes no order without a department here",
     "Choose its department for ours under Credentials.", ADMIN, True),
    ("project_required", "24SevenOffice takes no order without a project here",
     "Let the key carry projects (Credentials), and give the document one in RecMan.",
     ADMIN, True),
    ("refused_invoicing", "24SevenOffice refused to invoice the order",
     "The draft stays; mend the cause in 24SevenOffice.", ACCOUNTANT, True),
    # differs
    ("draft_differs", "The order in 24SevenOffice differs from RecMan",
     "Nothing is booked. Correct or delete the draft, or the product's VAT.", ACCOUNTANT, True),
    ("draft_outdated", "The draft in 24SevenOffice was made from other data",
     "Nothing is booked. Delete the draft there, then retry: a new one is made from the data of "
     "now. Or change the key's options or the document back, and retry.", ACCOUNTANT, True),
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
    ("waits_for_password",
     "An answer was lost, and its look-up waits: 24SevenOffice refused the key's password",
     "Replace the key's password under Credentials, or test the key there until it succeeds. Then "
     "so24 looks up what became of it, by itself.", ADMIN, False),
    ("waits_for_company",
     "An answer was lost, and its look-up waits: the key does not reach its company",
     "Give the key's account access to the company in 24SevenOffice and test the key under "
     "Credentials, or replace its password there. Then so24 goes on by itself.", ADMIN, False),
    ("waits_for_key", "An answer was lost, and its look-up waits: the key cannot be used",
     "Mend the key under Credentials. Then so24 goes on by itself. Of a key that was deleted the "
     "accountant looks in 24SevenOffice whether the document is there.", ADMIN, False),
    ("creating_customer", "Creating the customer", "Wait.", NOBODY, False),
    ("creating_product", "Creating the product", "Wait.", NOBODY, False),
    ("sending_draft", "Sending the draft", "Wait.", NOBODY, False),
    ("adopted", "A draft of ours was found and is used", "Wait.", NOBODY, False),
    # transferred
    ("waits_approval", "Transferred, waits for approval",
     "Approve the order in 24SevenOffice.", ACCOUNTANT, False),
)  # fmt: skip

# the reason of a transfer in flight whose key is parked, by why it is
WAITING = {
    "login_refused": "waits_for_password",
    "wrong_company": "waits_for_company",
    "key_unusable": "waits_for_key",
}

# what is only doubtful: it is shown before an export and never blocks one
_DOUBTS = (
    ("organization_number_missing", "The customer has no organization number",
     "Enter it on the customer in RecMan, unless it is a private person.", FINANCE),
    ("organization_number_wrong", "The organization number cannot be right",
     "Correct it on the customer in RecMan; so24 does not look for the company by it.", FINANCE),
    ("kid_wrong", "The KID passes neither modulus 10 nor modulus 11",
     "Compare it with the invoice; a payment with this KID may not be recognised.", FINANCE),
    ("vat_rate_unknown", "The VAT rate is not one of the known rates",
     "Correct the product's VAT in RecMan, or add the rate to the setting SO24_VAT_RATES.",
     FINANCE),
    ("totals_apart", "The report's own VAT or total differs from its lines by more than rounding",
     "Compare them in RecMan: 24SevenOffice gets what the lines give, and the customer's invoice "
     "says what the report says.", FINANCE),
    ("future_date", "The invoice date is in the future",
     "Make sure that the date is right before it is booked.", FINANCE),
    ("text_shortened", "A text is longer than 24SevenOffice takes, and is cut",
     "Shorten it in RecMan if what is cut matters.", FINANCE),
    ("amount_unusual", "The amount is far from this customer's usual one",
     "Make sure that quantities and prices are right.", FINANCE),
    ("same_again", "Another document has the same customer, date and amount",
     "Make sure that it is not the same invoice twice; exclude one of them if it is.", FINANCE),
    ("number_again", "Another document has the same number but for leading zeros",
     "Make sure that it is not the same invoice twice; exclude one of them if it is.", FINANCE),
    ("category_missing", "The key has no category for new products",
     "Choose a category for the key under Credentials; without it the invoice is blocked where "
     "24SevenOffice lacks one of its products.", ADMIN),
)  # fmt: skip

CATALOGUE: dict[str, Reason] = {
    code: Reason(code, title, remedy, who, retry) for code, title, remedy, who, retry in _CARDS
}
WARNINGS: dict[str, Reason] = {
    code: Reason(code, title, remedy, who, retry=False) for code, title, remedy, who in _DOUBTS
}

# reasons whose particulars are 24SevenOffice's own words
OFFICE_SPEAKS = frozenset(
    {
        "refused_customer",
        "refused_product",
        "refused_order",
        "refused_invoicing",
        "office_refuses",
        "department_required",
        "project_required",
    }
)
