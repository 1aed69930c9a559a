"""Why a transfer stands where it stands: the reasons, and the card that people read of each.

One place for the dashboard, the command line and the documentation. A reason's value is what the
store keeps; the particulars of a document (the vendor's words, figures, names) stand beside it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

FINANCE = "Finance"
ADMIN = "System Administrator"
ACCOUNTANT = "Accountant, in 24SevenOffice"
NOBODY = "Nobody: so24 goes on by itself"
WAIT = "Nobody: wait for 24SevenOffice"


@dataclass(frozen=True)
class ReasonCard:
    """What people read of a reason: ``title`` is what happened, ``remedy`` what to do, by ``who``.

    ``retry`` tells whether *Retry* makes sense once that is done. A ``doubt`` only calls attention:
    it is shown before an export and never blocks one.
    """

    title: str
    remedy: str
    who: str
    retry: bool
    doubt: bool

    @property
    def names_credentials(self) -> bool:
        """Whether something of it is done on the page Credentials, by a System Administrator."""
        return "Credentials" in self.remedy

    @property
    def sentence(self) -> str:
        """The title as a sentence; empty for a card without one."""
        return f"{self.title}." if self.title else ""


class Reason(enum.StrEnum):
    """Why a transfer stands where it stands, or what a check has found, with the card of each."""

    card: ReasonCard

    def __new__(
        cls, code: str, title: str, remedy: str, who: str, retry: bool | None = None
    ) -> Reason:
        """A member with its card; one that does not say whether to retry is only a doubt."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.card = ReasonCard(title, remedy, who, retry is not False, doubt=retry is None)
        return member

    @classmethod
    def stored(cls, code: str) -> Reason:
        """The reason that the store keeps under this code, known to this release or not."""
        return cls(code)  # type: ignore[call-arg] # by its value, not a new member

    @classmethod
    def _missing_(cls, value: object) -> Reason | None:
        """A reason that another release has stored: kept as it is, with a neutral card."""
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        title = f"Ended by another version of so24 for a reason of its own, “{value}”"
        member.card = ReasonCard(title, "Read the particulars.", FINANCE, retry=True, doubt=False)
        return member

    # fmt: off
    NONE = ("", "", "", "", True)
    WOULD_BE_SENT = ("would_be_sent", "", "", "", True)  # never stored: of a line that is a plan
    # key and login
    NO_KEY = ("no_key", "No key for this department",
        "Add a key for the department under Credentials.", ADMIN, True)
    KEY_UNUSABLE = ("key_unusable", "The key cannot be used",
        "Enable or replace the key under Credentials.", ADMIN, True)
    KEY_DISABLED = ("key_disabled", "The key of this department is disabled",
        "Enable the key under Credentials, or add another one for the department.", ADMIN, True)
    LOGIN_REFUSED = ("login_refused", "24SevenOffice refused user name or password",
        "Replace the password of the key under Credentials.", ADMIN, True)
    WRONG_COMPANY = ("wrong_company", "The key reaches another company than its Organization ID",
        "Correct the key under Credentials; nothing was written to that company.", ADMIN, True)
    # exists
    ALREADY_TRANSFERRED = ("already_transferred", "Already transferred by so24",
        "Nothing to do: it is sent once only.", FINANCE, False)
    EXISTS_REFERENCE = ("exists_reference", "Exists already in 24SevenOffice with our reference",
        "Compare the order, and say on the receipt if it is the same document. If it is another "
        "one, leave this document out, and have the accountant enter it in 24SevenOffice by hand: "
        "so24 sends nothing under a reference that is taken there.", FINANCE, False)
    EXISTS_PROBABLY = ("exists_probably", "Probably exists already: same customer, date and total",
        "Say on the receipt whether it is the same document.", FINANCE, True)
    # blocked by the plan
    IN_OTHER_RUN = ("in_other_run", "In transfer by another run",
        "Watch the other run's receipt.", FINANCE, False)
    EXCLUDED = ("excluded", "Excluded from export",
        "Include it again in the invoice overview.", FINANCE, False)
    HELD = ("held", "Held for a decision",
        "Answer in the invoice overview.", FINANCE, True)
    CHANGED_AFTER_EXPORT = ("changed_after_export", "Changed in RecMan after it was exported",
        "Compare both; correct by a credit note in RecMan.", FINANCE, False)
    CHANGED_AFTER_PRESS = ("changed_after_press", "It has changed since the button was pressed",
        "Look at the document and the key's options, then export it as they are now.",
        FINANCE, True)
    DATE_ASSUMED = ("date_assumed", "The invoice date is only assumed",
        "Confirm the date in the invoice overview, one click for a whole import.", FINANCE, True)
    # credit notes
    CREDIT_NOTE = ("credit_note", "Credit notes were not exported by this version",
        "Export it again.", FINANCE, True)
    CREDIT_NOTES_OFF = ("credit_notes_off", "The key does not send credit notes",
        "Switch credit notes on for the key under Credentials. 24SevenOffice's form of them is not "
        "proven: have the accountant check the first one.", ADMIN, True)
    CREDIT_UNLINKED = ("credit_unlinked", "It is not known which invoice it credits",
        "Import RecMan's Credit notes report, or enter the number that the invoice has in "
        "24SevenOffice. One that credits several invoices, or none, is entered in "
        "24SevenOffice by hand: 24SevenOffice's form of a credit note names one invoice. Exclude "
        "it here then.", FINANCE, True)
    CREDIT_ORIGINAL = ("credit_original",
        "The invoice that it credits was not transferred to this company",
        "Export that invoice first. If 24SevenOffice has it already, enter the number that it has "
        "there.", FINANCE, True)
    CREDIT_ORIGINAL_OPEN = ("credit_original_open", "The invoice that it credits is not booked yet",
        "Retry when it is; an order for approval is approved in 24SevenOffice "
        "first.", FINANCE, True)
    CREDIT_NOT_FOUND = ("credit_not_found", "24SevenOffice has no such invoice to credit",
        "Enter the number that the invoice has there.", FINANCE, True)
    CREDIT_MISMATCH = ("credit_mismatch", "It does not fit the invoice that it credits",
        "Correct which invoice it credits. One that is right in RecMan and credits several "
        "invoices, or nothing that is invoiced, is entered in 24SevenOffice by hand; exclude it "
        "here then.", FINANCE, True)
    NEGATIVE_INVOICE = ("negative_invoice", "It is an invoice with a negative sum",
        "Correct it in RecMan, where it should be a credit note, and import again.", FINANCE, True)
    CUSTOMER_INCOMPLETE = ("customer_incomplete", "The customer is incomplete",
        "Complete the customer in RecMan, and import the customers list again.", FINANCE, True)
    NO_LINES = ("no_lines", "The document has no line with an amount",
        "Correct it in RecMan.", FINANCE, True)
    LINE_WITHOUT_PRODUCT = ("line_without_product", "A line has an amount but no product number",
        "Give the line a product in RecMan and import again, or have a System Administrator choose "
        "a product for such lines of the key under Credentials.", FINANCE, True)
    LINE_ARITHMETIC = ("line_arithmetic", "A line's quantity and price do not give its sum",
        "Compare it with the invoice that the customer got. If RecMan's invoice is wrong, credit "
        "it there and invoice it anew; if it is right, enter it in 24SevenOffice by hand and "
        "exclude it here.", FINANCE, True)
    TOTALS_DISAGREE = ("totals_disagree", "The report's own VAT or total contradicts its lines",
        "Correct it in RecMan and import again.", FINANCE, True)
    OTHER_COMPANY = ("other_company", "Known in another company already",
        "If it is right there, let the department go by that company's key (System Administrator) "
        "or exclude the invoice. If not, enter it by hand in the company it belongs to, correct "
        "the other one's books, and exclude the invoice: so24 never sends it to a second "
        "company.", FINANCE, True)
    FOREIGN_CURRENCY = ("foreign_currency", "The key does not carry foreign currency",
        "Switch it on for the key under Credentials, or enter the invoice in 24SevenOffice by "
        "hand.", ADMIN, True)
    CARRIED_TOO_LONG = ("carried_too_long",
        "A field that the key carries is longer than 24SevenOffice takes",
        "Shorten it in RecMan and import again, or have a System Administrator let the key leave "
        "the field out, under Credentials.", FINANCE, True)
    NO_TAX_CODE = ("no_tax_code",
        "The key has tax codes, but none for a kind of VAT of the document",
        "Choose a tax code for the rate, or for the VAT category without VAT, under "
        "Credentials.", ADMIN, True)
    TOO_LONG = ("too_long", "A value is longer than 24SevenOffice takes",
        "Shorten it in RecMan and import again.", FINANCE, True)
    DUE_BEFORE_DATE = ("due_before_date", "The due date is before the invoice date",
        "Correct it in RecMan and import again.", FINANCE, True)
    ILLEGAL_CHARACTER = ("illegal_character", "A text holds a character that cannot be sent",
        "Remove it in RecMan and import again.", FINANCE, True)
    CLOSED_PERIOD = ("closed_period", "The invoice date is in a closed period",
        "Open the period again (the setting SO24_CLOSED_UNTIL), or credit the invoice in RecMan "
        "and invoice it anew.", ADMIN, True)
    # blocked on the way
    AMBIGUOUS_CUSTOMER = ("ambiguous_customer",
        "24SevenOffice has a card that may be this customer's, and may not",
        "Say on the page Customers and products which card it is, or that a new one is to be "
        "created; then retry.", FINANCE, True)
    AMBIGUOUS_PRODUCT = ("ambiguous_product", "Several products have this product number",
        "Make the product number unique in 24SevenOffice, or say on the page Customers and "
        "products which product it is; then retry.", ACCOUNTANT, True)
    PRODUCT_ALIKE = ("product_alike",
        "24SevenOffice has a product whose number looks like this one, and is not the same",
        "Say on the page Customers and products which product it is, or that a new one is to be "
        "created; then retry.", FINANCE, True)
    PRODUCT_EXPIRED = ("product_expired", "The product is expired in 24SevenOffice",
        "Make it active there again, or say on the page Customers and products which product it "
        "is now; then retry.", ACCOUNTANT, True)
    PRODUCT_CHANGED = ("product_changed",
        "The product that was linked is not what it was in 24SevenOffice",
        "Say on the page Customers and products which product it is, or that a new one is to be "
        "created; then retry.", FINANCE, True)
    DEFAULT_PRODUCT_MISSING = ("default_product_missing",
        "24SevenOffice does not have the key's product for lines without a product number",
        "Choose another one for the key under Credentials, or none.", ADMIN, True)
    NO_CATEGORY = ("no_category",
        "A product is missing and the key has no category for new products",
        "Choose a category for the key under Credentials, for all or for the line's kind of "
        "VAT.", ADMIN, True)
    AMBIGUOUS_PROJECT = ("ambiguous_project", "Several projects fit the document's project number",
        "Rename the projects in 24SevenOffice so that one begins with the "
        "number.", ACCOUNTANT, True)
    MISSING_PROJECT = ("missing_project", "The document's project is not in 24SevenOffice",
        "Open the project there, or have a System Administrator let the key leave missing projects "
        "out, under Credentials.", ACCOUNTANT, True)
    LIST_REFUSED = ("list_refused", "24SevenOffice refused a list that the key's fields need",
        "Give the key's account access to it there, or let the key leave the field out "
        "(Credentials).", ADMIN, True)
    UNKNOWN_CURRENCY = ("unknown_currency", "24SevenOffice has no rate for the document's currency",
        "Add the currency in 24SevenOffice.", ACCOUNTANT, True)
    NEVER_SHOWN = ("never_shown",
        "24SevenOffice takes the order and does not show it under our reference",
        "Look there for the orders named here and for others of this document: delete them, or "
        "invoice one and exclude the document. It may change the references that so24 sends, which "
        "its support can tell; retry makes another draft.", ACCOUNTANT, True)
    ORDER_GONE = ("order_gone",
        "The order was deleted in 24SevenOffice after so24 had set about invoicing it",
        "Make sure that it is not booked, then retry: unless it is seen there by then, it is sent "
        "as a new order.", ACCOUNTANT, True)
    # refused
    APPROVAL_WITHDRAWN = ("approval_withdrawn",
        "The order no longer waits for approval in 24SevenOffice, and is not invoiced",
        "Ask the accountant why; retry sends it for approval again.", ACCOUNTANT, True)
    REFUSED_CUSTOMER = ("refused_customer", "24SevenOffice refused the customer",
        "Correct the customer in RecMan or in 24SevenOffice.", FINANCE, True)
    REFUSED_PRODUCT = ("refused_product", "24SevenOffice refused the product",
        "Correct the product in RecMan or in 24SevenOffice.", FINANCE, True)
    REFUSED_ORDER = ("refused_order", "24SevenOffice refused the order",
        "Read its words; mend the cause there or in RecMan.", FINANCE, True)
    DEPARTMENT_REQUIRED = ("department_required",
        "24SevenOffice takes no order without a department here",
        "Choose its department for ours under Credentials.", ADMIN, True)
    PROJECT_REQUIRED = ("project_required", "24SevenOffice takes no order without a project here",
        "Let the key carry projects (Credentials), and give the document one in "
        "RecMan.", ADMIN, True)
    REFUSED_INVOICING = ("refused_invoicing", "24SevenOffice refused to invoice the order",
        "The order stays as it is; mend the cause in 24SevenOffice.", ACCOUNTANT, True)
    # differs
    DRAFT_DIFFERS = ("draft_differs", "The order in 24SevenOffice differs from RecMan",
        "Nothing is booked. Correct the draft, or delete it and retry. Where VAT differs, first "
        "correct the product's VAT there, or have a System Administrator choose tax codes for the "
        "key under Credentials; a category for each VAT rate does it for products still to be "
        "created.", ACCOUNTANT, True)
    DRAFT_OUTDATED = ("draft_outdated", "The draft in 24SevenOffice was made from other data",
        "Nothing is booked. Delete the draft there, then retry: a new one is made from the data of "
        "now. Or change the key's options or the document back, and retry.", ACCOUNTANT, True)
    BOOKED_DIFFERS = ("booked_differs", "The invoice in 24SevenOffice differs from RecMan",
        "It is booked: the accountant corrects it there.", ACCOUNTANT, True)
    APPROVAL_DIFFERS = ("approval_differs", "The order that waits for approval differs from RecMan",
        "It is not booked yet: correct it in 24SevenOffice before it is approved, or delete it "
        "there; then retry.", ACCOUNTANT, True)
    # not sent
    UNREACHABLE = ("unreachable", "24SevenOffice could not be reached",
        "Try again when its status page is green.", WAIT, True)
    THROTTLED = ("throttled", "24SevenOffice takes no calls for now",
        "Try again later.", WAIT, True)
    OFFICE_REFUSES = ("office_refuses", "24SevenOffice refused to answer",
        "Read its words; try again later.", WAIT, True)
    NOT_ANSWERING = ("not_answering", "24SevenOffice does not show what this run has sent",
        "Try again later; so24 looks first.", WAIT, True)
    # cancelled
    CANCELLED = ("cancelled", "Stopped before it was sent",
        "Select it again when it shall go.", FINANCE, True)
    CANCELLED_DRAFT = ("cancelled_draft", "Stopped; a draft stays in 24SevenOffice",
        "Retry takes up the draft, or delete it in 24SevenOffice.", FINANCE, True)
    CANCELLED_UNSEEN = ("cancelled_unseen",
        "Stopped; an order may stay in 24SevenOffice under another reference",
        "Look there for the orders named here, and delete them before it is sent "
        "again.", ACCOUNTANT, True)
    CANCELLED_ABSENT = ("cancelled_absent", "Stopped; nothing of it stays in 24SevenOffice",
        "Select it again when it shall go.", FINANCE, True)
    RESTORED = ("restored",
        "Stopped by a restore; what became of it since the back-up is not known",
        "Export it again: so24 looks first, and books nothing twice.", FINANCE, True)
    # in transfer
    TRIED_AGAIN = ("tried_again", "It is tried again by itself",
        "Wait.", NOBODY, False)
    RESTORED_LOOKING_UP = ("restored_looking_up", "Sent before a restore: being looked up",
        "Wait.", NOBODY, False)
    LOOKING_UP = ("looking_up", "No answer came: being looked up",
        "Wait.", NOBODY, False)
    REFUSAL_LOOKED_UP = ("refusal_looked_up",
        "24SevenOffice refused to invoice the order: being looked up, in case it is booked",
        "Wait.", NOBODY, False)
    ANSWERED_OTHERWISE = ("answered_otherwise",
        "24SevenOffice answered for another reference: being looked up",
        "Wait.", NOBODY, False)
    SENT_TWICE = ("sent_twice",
        "Another installation or an earlier request is sending it: one order is kept",
        "Wait.", NOBODY, False)
    DRAFT_GONE = ("draft_gone", "The draft was deleted in 24SevenOffice and is made anew",
        "Wait.", NOBODY, False)
    WAITS_FOR_PASSWORD = ("waits_for_password",
        "No answer came, and the look-up waits: 24SevenOffice refused the key's password",
        "Replace the key's password under Credentials, or test the key there until it succeeds. "
        "Then so24 looks up what became of it, by itself.", ADMIN, False)
    WAITS_FOR_COMPANY = ("waits_for_company",
        "No answer came, and the look-up waits: the key does not reach its company",
        "Give the key's account access to the company in 24SevenOffice and test the key under "
        "Credentials, or replace its password there. Then so24 goes on by itself.", ADMIN, False)
    WAITS_FOR_KEY = ("waits_for_key",
        "No answer came, and the look-up waits: the key cannot be used",
        "Mend the key under Credentials. Then so24 goes on by itself. Of a key that was deleted "
        "the accountant looks in 24SevenOffice whether the document is there.", ADMIN, False)
    CREATING_CUSTOMER = ("creating_customer", "Creating the customer",
        "Wait.", NOBODY, False)
    CREATING_PRODUCT = ("creating_product", "Creating the product",
        "Wait.", NOBODY, False)
    SENDING_DRAFT = ("sending_draft", "Sending the draft",
        "Wait.", NOBODY, False)
    ADOPTED = ("adopted", "A draft of ours was found and is used",
        "Wait.", NOBODY, False)
    # transferred
    WAITS_APPROVAL = ("waits_approval", "Transferred, waits for approval",
        "Approve the order in 24SevenOffice.", ACCOUNTANT, False)
    # what is only doubtful: it is shown before an export and never blocks one
    ORGANIZATION_NUMBER_MISSING = ("organization_number_missing",
        "The customer has no organization number",
        "Enter it on the customer in RecMan, unless it is a private person.", FINANCE)
    ORGANIZATION_NUMBER_WRONG = ("organization_number_wrong",
        "The organization number cannot be right",
        "Correct it on the customer in RecMan; so24 does not look for the company by it.", FINANCE)
    DETAIL_DOUBTED = ("detail_doubted",
        "A detail of the customer could not be read, or is doubtful",
        "Mend the cell that is named here, in RecMan, and import the customers list "
        "again.", FINANCE)
    SAID_SAME_FIRM = ("said_same_firm",
        "It is made out to another name than its customer's",
        "Make sure that both are one firm; else take the answer back at the document before it is "
        "sent.", FINANCE)
    KID_WRONG = ("kid_wrong", "The KID passes neither modulus 10 nor modulus 11",
        "Compare it with the invoice; a payment with this KID may not be recognised.", FINANCE)
    VAT_RATE_UNKNOWN = ("vat_rate_unknown", "The VAT rate is not one of the known rates",
        "Correct the product's VAT in RecMan, or have a System Administrator add the rate to the "
        "setting SO24_VAT_RATES.", FINANCE)
    LINE_DISCOUNTED = ("line_discounted",
        "A line's sum is less than its quantity and price give",
        "Make sure that the customer was given this discount: 24SevenOffice gets the sum that was "
        "billed.", FINANCE)
    TOTALS_APART = ("totals_apart",
        "The document's stated VAT or total differs from its lines by more than rounding",
        "Compare them where the document was made: 24SevenOffice gets what the lines give, and the "
        "customer's invoice says what is stated.", FINANCE)
    TOTALS_ROUNDED = ("totals_rounded",
        "The document's stated VAT or total differs from its lines, by VAT rounded on each line",
        "24SevenOffice gets what the lines give, and the customer pays what the invoice says: the "
        "accountant settles the difference in the ledger.", FINANCE)
    FUTURE_DATE = ("future_date", "The invoice date is in the future",
        "Make sure that the date is right before it is booked.", FINANCE)
    TEXT_SHORTENED = ("text_shortened", "A text is longer than 24SevenOffice takes, and is cut",
        "Shorten it in RecMan if what is cut matters.", FINANCE)
    AMOUNT_UNUSUAL = ("amount_unusual", "The amount is far from this customer's usual one",
        "Make sure that quantities and prices are right.", FINANCE)
    SAME_AGAIN = ("same_again", "Another document has the same customer, date and amount",
        "Make sure that it is not the same invoice twice; exclude one of them if it is.", FINANCE)
    NUMBER_AGAIN = ("number_again", "Another document has the same number but for leading zeros",
        "Make sure that it is not the same invoice twice; exclude one of them if it is.", FINANCE)
    CATEGORY_MISSING = ("category_missing", "The key has no category for new products",
        "Choose a category for the key under Credentials; without it the invoice is blocked where "
        "24SevenOffice lacks one of its products.", ADMIN)
    VAT_MAY_DIFFER = ("vat_may_differ", "24SevenOffice may reckon another VAT than the line has",
        "Choose a tax code for this VAT for the key under Credentials, or for a new product a "
        "category for it. If the VAT differs, the draft stays and nothing is booked.", ADMIN)
    # fmt: on


# the reason of a transfer in flight whose key is parked, by why it is
WAITING = {
    Reason.LOGIN_REFUSED: Reason.WAITS_FOR_PASSWORD,
    Reason.WRONG_COMPANY: Reason.WAITS_FOR_COMPANY,
    Reason.KEY_UNUSABLE: Reason.WAITS_FOR_KEY,
}

# reasons by which documents wait for a person to say which product a number is
PRODUCT_QUESTIONS = (
    Reason.AMBIGUOUS_PRODUCT,
    Reason.PRODUCT_ALIKE,
    Reason.PRODUCT_EXPIRED,
    Reason.PRODUCT_CHANGED,
)

# reasons that a person settles by entering which invoice in 24SevenOffice a credit note credits
CREDIT_QUESTIONS = (
    Reason.CREDIT_UNLINKED,
    Reason.CREDIT_ORIGINAL,
    Reason.CREDIT_NOT_FOUND,
    Reason.CREDIT_MISMATCH,
)

# reasons that a person settles by saying which card a customer's is
CARD_QUESTIONS = (Reason.AMBIGUOUS_CUSTOMER,)

# reasons that a person settles in the invoice overview
IN_THE_OVERVIEW = (Reason.HELD, Reason.DATE_ASSUMED, Reason.EXCLUDED)

# what a screen has a field or a page for, on the command line
COMMANDS = {
    Reason.EXISTS_REFERENCE: "so24 decide NUMBER --same, if it is the same document",
    Reason.EXISTS_PROBABLY: "so24 decide NUMBER --same, or --other",
    Reason.EXCLUDED: "so24 include NUMBER",
    Reason.DATE_ASSUMED: "so24 dates confirm",
    **dict.fromkeys(CARD_QUESTIONS, "so24 customers candidates, then so24 customers link"),
    **dict.fromkeys(CREDIT_QUESTIONS, "so24 decide NUMBER --credits INVOICE"),
    **dict.fromkeys(PRODUCT_QUESTIONS, "so24 products candidates, then so24 products link"),
}

# reasons whose particulars are 24SevenOffice's own words
OFFICE_SPEAKS = frozenset(
    {
        Reason.REFUSED_CUSTOMER,
        Reason.REFUSED_PRODUCT,
        Reason.REFUSED_ORDER,
        Reason.REFUSED_INVOICING,
        Reason.REFUSAL_LOOKED_UP,
        Reason.OFFICE_REFUSES,
        Reason.DEPARTMENT_REQUIRED,
        Reason.PROJECT_REQUIRED,
    }
)
