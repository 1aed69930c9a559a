"""Why a transfer stands where it stands: the reasons, and the card that people read of each.

One place for the dashboard, the command line and the documentation. A reason's value is what the
store keeps; the particulars of a document (the vendor's words, figures, names) stand beside it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from so24.language.said import say

FINANCE = say("Finance")
ADMIN = say("System Administrator")
ACCOUNTANT = say("Accountant, in 24SevenOffice")
NOBODY = say("nobody, so24 goes on by itself")
WAIT = say("Nobody: wait for 24SevenOffice")


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
        return say("{title}.", title=self.title) if self.title else ""


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
        title = say("Ended by another version of so24 for a reason of its own, “{it}”", it=value)
        remedy = say("Read the particulars.")
        member.card = ReasonCard(title, remedy, FINANCE, retry=True, doubt=False)
        return member

    # fmt: off
    NONE = ("", "", "", "", True)
    WOULD_BE_SENT = ("would_be_sent", "", "", "", True)  # never stored: of a line that is a plan
    NOT_LOOKED_UP = ("not_looked_up", "", "", "", True)  # likewise: the look was not to be had
    # key and login
    NO_KEY = ("no_key", say("No key for this department"),
        say("Add a key for the department under Credentials."), ADMIN, True)
    KEY_UNUSABLE = ("key_unusable", say("The key cannot be used"),
        say("Enable or replace the key under Credentials."), ADMIN, True)
    KEY_DISABLED = ("key_disabled", say("The key of this department is disabled"),
        say("Enable the key under Credentials, or add another one for the "
            "department."), ADMIN, True)
    LOGIN_REFUSED = ("login_refused", say("24SevenOffice refused user name or password"),
        say("Replace the password of the key under Credentials."), ADMIN, True)
    WRONG_COMPANY = ("wrong_company",
        say("The key reaches another company than its Organization ID"),
        say("Correct the key under Credentials; nothing was written to that company."), ADMIN, True)
    # exists
    ALREADY_TRANSFERRED = ("already_transferred", say("Already transferred by so24"),
        say("Nothing to do: it is sent once only."), FINANCE, False)
    EXISTS_REFERENCE = ("exists_reference",
        say("Exists already in 24SevenOffice with our reference"),
        say("Compare the order, and say on the receipt if it is the same document. If it is "
            "another one, leave this document out, and have the accountant enter it in "
            "24SevenOffice by hand: so24 sends nothing under a reference that is taken "
            "there."), FINANCE, False)
    EXISTS_PROBABLY = ("exists_probably",
        say("Probably exists already: same customer, date and total"),
        say("Say on the receipt whether it is the same document."), FINANCE, True)
    # blocked by the plan
    IN_OTHER_RUN = ("in_other_run", say("In transfer by another run"),
        say("Watch the other run's receipt."), FINANCE, False)
    EXCLUDED = ("excluded", say("Excluded from export"),
        say("Include it again in the invoice overview."), FINANCE, False)
    HELD = ("held", say("Held for a decision"),
        say("Answer in the invoice overview."), FINANCE, True)
    CHANGED_AFTER_EXPORT = ("changed_after_export", say("Changed in RecMan after it was exported"),
        say("Compare both; correct by a credit note in RecMan."), FINANCE, False)
    CHANGED_AFTER_PRESS = ("changed_after_press",
        say("It has changed since the button was pressed"),
        say("Look at the document and the key's options, then export it as they are "
            "now."), FINANCE, True)
    DATE_ASSUMED = ("date_assumed", say("The invoice date is to be confirmed"),
        say("so24 proposed it, for no date was stated, or it is more than a year ahead or five "
            "years back. Confirm it, or give the right one, in the invoice overview: one click for "
            "a whole import."), FINANCE, True)
    # credit notes
    CREDIT_NOTE = ("credit_note", say("Credit notes were not exported by an earlier version"),
        say("Export it again."), FINANCE, True)
    CREDIT_NOTES_OFF = ("credit_notes_off", say("The key does not send credit notes"),
        say("Switch credit notes on for the key under Credentials. 24SevenOffice's form of them is "
            "not proven: have the accountant check the first one."), ADMIN, True)
    CREDIT_UNLINKED = ("credit_unlinked", say("It is not known which invoice it credits"),
        say("Import RecMan's Credit notes report, or enter the number that the invoice has in "
            "24SevenOffice. One that credits several invoices, or none, is entered in "
            "24SevenOffice by hand: 24SevenOffice's form of a credit note names one invoice. "
            "Exclude it here then."), FINANCE, True)
    CREDIT_ORIGINAL = ("credit_original",
        say("The invoice that it credits was not transferred to this company"),
        say("Export that invoice first. If 24SevenOffice has it already, enter the number that it "
            "has there."), FINANCE, True)
    CREDIT_ORIGINAL_OPEN = ("credit_original_open",
        say("The invoice that it credits is not booked yet"),
        say("Retry when it is; an order for approval is approved in 24SevenOffice "
            "first."), FINANCE, True)
    CREDIT_NOT_FOUND = ("credit_not_found", say("24SevenOffice has no such invoice to credit"),
        say("Enter the number that the invoice has there."), FINANCE, True)
    CREDIT_MISMATCH = ("credit_mismatch", say("It does not fit the invoice that it credits"),
        say("Correct which invoice it credits. One that is right in RecMan and credits several "
            "invoices, or nothing that is invoiced, is entered in 24SevenOffice by hand; exclude "
            "it here then."), FINANCE, True)
    NEGATIVE_INVOICE = ("negative_invoice", say("It is an invoice with a negative sum"),
        say("Correct it in RecMan, where it should be a credit note, and import "
            "again."), FINANCE, True)
    CUSTOMER_INCOMPLETE = ("customer_incomplete", say("The customer is incomplete"),
        say("Complete the customer in RecMan, and import the customers list again."), FINANCE, True)
    NO_LINES = ("no_lines", say("The document has no line with an amount"),
        say("Correct it in RecMan."), FINANCE, True)
    LINE_WITHOUT_PRODUCT = ("line_without_product",
        say("A line has an amount but no product number"),
        say("Give the line a product in RecMan and import again, or have a System Administrator "
            "choose a product for such lines of the key under Credentials."), FINANCE, True)
    LINE_ARITHMETIC = ("line_arithmetic", say("A line's quantity and price do not give its sum"),
        say("Compare it with the invoice that the customer got. If RecMan's invoice is wrong, "
            "credit it there and invoice it anew; if it is right, enter it in 24SevenOffice by "
            "hand and exclude it here."), FINANCE, True)
    TOTALS_DISAGREE = ("totals_disagree",
        say("The report's own VAT or total contradicts its lines"),
        say("Correct it in RecMan and import again."), FINANCE, True)
    OTHER_COMPANY = ("other_company", say("Known in another company already"),
        say("If it is right there, let the department go by that company's key (System "
            "Administrator) or exclude the invoice. If not, enter it by hand in the company it "
            "belongs to, correct the other one's books, and exclude the invoice: so24 never sends "
            "it to a second company."), FINANCE, True)
    FOREIGN_CURRENCY = ("foreign_currency", say("The key does not carry foreign currency"),
        say("Switch it on for the key under Credentials, or enter the invoice in 24SevenOffice by "
            "hand."), ADMIN, True)
    CARRIED_TOO_LONG = ("carried_too_long",
        say("A field that the key carries is longer than 24SevenOffice takes"),
        say("Shorten it in RecMan and import again, or have a System Administrator let the key "
            "leave the field out, under Credentials."), FINANCE, True)
    NO_TAX_CODE = ("no_tax_code",
        say("The key has tax codes, but none for a kind of VAT of the document"),
        say("Choose a tax code for the rate, or for the VAT category without VAT, under "
            "Credentials."), ADMIN, True)
    TOO_LONG = ("too_long", say("A value is longer than 24SevenOffice takes"),
        say("Shorten it in RecMan and import again."), FINANCE, True)
    DUE_BEFORE_DATE = ("due_before_date", say("The due date is before the invoice date"),
        say("Correct it in RecMan and import again."), FINANCE, True)
    ILLEGAL_CHARACTER = ("illegal_character", say("A text holds a character that cannot be sent"),
        say("Remove it in RecMan and import again."), FINANCE, True)
    CLOSED_PERIOD = ("closed_period", say("The invoice date is in a closed period"),
        say("Open the period again (the setting SO24_CLOSED_UNTIL), or credit the invoice in "
            "RecMan and invoice it anew."), ADMIN, True)
    # blocked on the way
    AMBIGUOUS_CUSTOMER = ("ambiguous_customer",
        say("It is not certain which card in 24SevenOffice is this customer's"),
        say("Say on the page Customers and products which card it is, or that a new one is to be "
            "created; then retry."), FINANCE, True)
    AMBIGUOUS_PRODUCT = ("ambiguous_product", say("Several products have this product number"),
        say("Make the product number unique in 24SevenOffice, or say on the page Customers and "
            "products which product it is; then retry."), ACCOUNTANT, True)
    PRODUCT_ALIKE = ("product_alike",
        say("24SevenOffice has a product whose number looks like this one, and is not the same"),
        say("Say on the page Customers and products which product it is, or that a new one is to "
            "be created; then retry."), FINANCE, True)
    PRODUCT_EXPIRED = ("product_expired", say("The product is expired in 24SevenOffice"),
        say("Make it active there again, or say on the page Customers and products which product "
            "it is now; then retry."), ACCOUNTANT, True)
    PRODUCT_CHANGED = ("product_changed",
        say("The product that was linked is not what it was in 24SevenOffice"),
        say("Say on the page Customers and products which product it is, or that a new one is to "
            "be created; then retry."), FINANCE, True)
    DEFAULT_PRODUCT_MISSING = ("default_product_missing",
        say("24SevenOffice does not have the key's product for lines without a product number"),
        say("Choose another one for the key under Credentials, or none."), ADMIN, True)
    NO_CATEGORY = ("no_category",
        say("A product is missing and the key has no category for new products"),
        say("Choose a category for the key under Credentials, for all or for the line's kind of "
            "VAT."), ADMIN, True)
    AMBIGUOUS_PROJECT = ("ambiguous_project",
        say("Several projects fit the document's project number"),
        say("Rename the projects in 24SevenOffice so that one begins with the "
            "number."), ACCOUNTANT, True)
    MISSING_PROJECT = ("missing_project", say("The document's project is not in 24SevenOffice"),
        say("Open the project there, or have a System Administrator let the key leave missing "
            "projects out, under Credentials."), ACCOUNTANT, True)
    LIST_REFUSED = ("list_refused", say("24SevenOffice refused a list that the key's fields need"),
        say("Give the key's account access to it there, or let the key leave the field out "
            "(Credentials)."), ADMIN, True)
    UNKNOWN_CURRENCY = ("unknown_currency",
        say("24SevenOffice has no rate for the document's currency"),
        say("Add the currency in 24SevenOffice."), ACCOUNTANT, True)
    NEVER_SHOWN = ("never_shown",
        say("24SevenOffice takes the order and does not show it under our reference"),
        say("Look there for the orders named here and for others of this document: delete them, or "
            "invoice one and exclude the document. It may change the references that so24 sends, "
            "which its support can tell; retry makes another draft."), ACCOUNTANT, True)
    NUMBER_GAP = ("number_gap", say("A number before it is missing"),
        say("Send the missing document first. If there is none, the accountant sets the invoice "
            "series in 24SevenOffice to this document's number and a System Administrator enters "
            "that for the key under Credentials, or chooses Own numbers there; then "
            "retry."), FINANCE, True)
    NUMBER_PASSED = ("number_passed",
        say("24SevenOffice would not give it RecMan's number any more"),
        say("Make sure that it is not in 24SevenOffice already; exclude it if it is. Else the "
            "accountant sets the invoice series in 24SevenOffice to its number and a System "
            "Administrator enters that for the key under Credentials, or chooses Own numbers "
            "there; then retry."), ACCOUNTANT, True)
    NUMBER_SERIES = ("number_series",
        say("Its number is not of the series that 24SevenOffice goes on with"),
        say("A company in 24SevenOffice has one series for all its invoices and credit notes. Let "
            "RecMan number them all by one counter, or choose Own numbers for the key under "
            "Credentials; then retry."), ADMIN, True)
    NUMBER_BEHIND = ("number_behind",
        say("A document with a lower number has to go before it"),
        say("Do what that document says, then retry both."), FINANCE, True)
    ORDER_GONE = ("order_gone",
        say("The order was deleted in 24SevenOffice after so24 had set about invoicing it"),
        say("Make sure that it is not booked, then retry: unless it is seen there by then, it is "
            "sent as a new order."), ACCOUNTANT, True)
    # refused
    APPROVAL_WITHDRAWN = ("approval_withdrawn",
        say("The order no longer waits for approval in 24SevenOffice, and is not invoiced"),
        say("Ask the accountant why; retry sends it for approval again."), ACCOUNTANT, True)
    REFUSED_CUSTOMER = ("refused_customer", say("24SevenOffice refused the customer"),
        say("Correct the customer in RecMan or in 24SevenOffice."), FINANCE, True)
    REFUSED_PRODUCT = ("refused_product", say("24SevenOffice refused the product"),
        say("Correct the product in RecMan or in 24SevenOffice."), FINANCE, True)
    REFUSED_ORDER = ("refused_order", say("24SevenOffice refused the order"),
        say("Read its words; mend the cause there or in RecMan."), FINANCE, True)
    DEPARTMENT_REQUIRED = ("department_required",
        say("24SevenOffice takes no order without a department here"),
        say("Choose its department for ours under Credentials."), ADMIN, True)
    PROJECT_REQUIRED = ("project_required",
        say("24SevenOffice takes no order without a project here"),
        say("Let the key carry projects (Credentials), and give the document one in "
            "RecMan."), ADMIN, True)
    REFUSED_INVOICING = ("refused_invoicing", say("24SevenOffice refused to invoice the order"),
        say("The order stays as it is; mend the cause in 24SevenOffice."), ACCOUNTANT, True)
    # differs
    DRAFT_DIFFERS = ("draft_differs", say("The order in 24SevenOffice differs from RecMan"),
        say("Nothing was booked. Correct the draft, or delete it and retry. Where VAT differs, "
            "first correct the product's VAT there, or have a System Administrator choose tax "
            "codes for the key under Credentials; a category for each VAT rate does it for "
            "products still to be created."), ACCOUNTANT, True)
    DRAFT_OUTDATED = ("draft_outdated", say("The draft in 24SevenOffice was made from other data"),
        say("Nothing was booked. Delete the draft there, then retry: a new one is made from the "
            "data of now. Or change the key's options or the document back, and "
            "retry."), ACCOUNTANT, True)
    BOOKED_DIFFERS = ("booked_differs", say("The invoice in 24SevenOffice differs from RecMan"),
        say("It is booked: the accountant corrects it there."), ACCOUNTANT, True)
    NUMBER_DIFFERS = ("number_differs",
        say("It is booked in 24SevenOffice, under another number than RecMan's"),
        say("It is not sent again. The accountant sets the invoice series in 24SevenOffice to "
            "RecMan's next number and a System Administrator enters that for the key under "
            "Credentials. Or choose Own numbers there: retry then counts this document as "
            "transferred."), ACCOUNTANT, True)
    APPROVAL_DIFFERS = ("approval_differs",
        say("The order that waits for approval differs from RecMan"),
        say("It is not booked yet: correct it in 24SevenOffice before it is approved, or delete it "
            "there; then retry."), ACCOUNTANT, True)
    # not sent
    UNREACHABLE = ("unreachable", say("24SevenOffice could not be reached"),
        say("Try again when its status page is green."), WAIT, True)
    THROTTLED = ("throttled", say("24SevenOffice takes no calls for now"),
        say("Try again later."), WAIT, True)
    OFFICE_REFUSES = ("office_refuses", say("24SevenOffice refused to answer"),
        say("Read its words; try again later."), WAIT, True)
    NOT_ANSWERING = ("not_answering", say("24SevenOffice does not show what this run has sent"),
        say("Try again later; so24 looks first."), WAIT, True)
    # cancelled
    CANCELLED = ("cancelled", say("Stopped before it was sent"),
        say("Select it again when it shall go."), FINANCE, True)
    CANCELLED_DRAFT = ("cancelled_draft", say("Stopped; a draft stays in 24SevenOffice"),
        say("Retry takes up the draft, or delete it in 24SevenOffice."), FINANCE, True)
    CANCELLED_UNSEEN = ("cancelled_unseen",
        say("Stopped; an order may stay in 24SevenOffice under another reference"),
        say("Look there for the orders named here, and delete them before it is sent "
            "again."), ACCOUNTANT, True)
    CANCELLED_ABSENT = ("cancelled_absent", say("Stopped; nothing of it stays in 24SevenOffice"),
        say("Select it again when it shall go."), FINANCE, True)
    RESTORED = ("restored",
        say("Stopped by a restore; what became of it since the back-up is not known"),
        say("Export it again: so24 looks first, and books nothing twice."), FINANCE, True)
    # in transfer
    TRIED_AGAIN = ("tried_again", say("It is tried again by itself"),
        say("Wait."), NOBODY, False)
    RESTORED_LOOKING_UP = ("restored_looking_up", say("Sent before a restore: being looked up"),
        say("Wait."), NOBODY, False)
    LOOKING_UP = ("looking_up", say("No answer came: being looked up"),
        say("Wait."), NOBODY, False)
    REFUSAL_LOOKED_UP = ("refusal_looked_up",
        say("24SevenOffice refused to invoice the order: being looked up, in case it is booked"),
        say("Wait."), NOBODY, False)
    ANSWERED_OTHERWISE = ("answered_otherwise",
        say("24SevenOffice answered for another reference: being looked up"),
        say("Wait."), NOBODY, False)
    SENT_TWICE = ("sent_twice",
        say("Another installation or an earlier request is sending it: one order is kept"),
        say("Wait."), NOBODY, False)
    DRAFT_GONE = ("draft_gone", say("The draft was deleted in 24SevenOffice and is made anew"),
        say("Wait."), NOBODY, False)
    WAITS_FOR_PASSWORD = ("waits_for_password",
        say("No answer came, and the look-up waits: 24SevenOffice refused the key's password"),
        say("Replace the key's password under Credentials, or test the key there until it "
            "succeeds. Then so24 looks up what became of it, by itself."), ADMIN, False)
    WAITS_FOR_COMPANY = ("waits_for_company",
        say("No answer came, and the look-up waits: the key does not reach its company"),
        say("Give the key's account access to the company in 24SevenOffice and test the key under "
            "Credentials, or replace its password there. Then so24 goes on by "
            "itself."), ADMIN, False)
    WAITS_FOR_KEY = ("waits_for_key",
        say("No answer came, and the look-up waits: the key cannot be used"),
        say("Mend the key under Credentials. Then so24 goes on by itself. Of a key that was "
            "deleted the accountant looks in 24SevenOffice whether the document is "
            "there."), ADMIN, False)
    CREATING_CUSTOMER = ("creating_customer", say("Creating the customer"),
        say("Wait."), NOBODY, False)
    CREATING_PRODUCT = ("creating_product", say("Creating the product"),
        say("Wait."), NOBODY, False)
    SENDING_DRAFT = ("sending_draft", say("Sending the draft"),
        say("Wait."), NOBODY, False)
    ADOPTED = ("adopted", say("A draft of ours was found and is used"),
        say("Wait."), NOBODY, False)
    # transferred
    WAITS_APPROVAL = ("waits_approval", say("Transferred, waits for approval"),
        say("Approve the order in 24SevenOffice."), ACCOUNTANT, False)
    # what is only doubtful: it is shown before an export and never blocks one
    ORGANIZATION_NUMBER_MISSING = ("organization_number_missing",
        say("The customer has no organization number"),
        say("Enter it on the customer in RecMan, unless it is a private person."), FINANCE)
    ORGANIZATION_NUMBER_WRONG = ("organization_number_wrong",
        say("The organization number cannot be right"),
        say("Correct it on the customer in RecMan; so24 does not look for the company by "
            "it."), FINANCE)
    DETAIL_DOUBTED = ("detail_doubted",
        say("A detail of the customer could not be read, or is doubtful"),
        say("Mend the cell that is named here, in RecMan, and import the customers list "
            "again."), FINANCE)
    SAID_SAME_FIRM = ("said_same_firm", say("It is made out to another name than its customer's"),
        say("Make sure that both are one firm; else take the answer back at the document before it "
            "is sent."), FINANCE)
    KID_WRONG = ("kid_wrong", say("The KID passes neither modulus 10 nor modulus 11"),
        say("Compare it with the invoice; a payment with this KID may not be recognised."), FINANCE)
    VAT_RATE_UNKNOWN = ("vat_rate_unknown", say("The VAT rate is not one of the known rates"),
        say("Correct the product's VAT in RecMan, or have a System Administrator add the rate to "
            "the setting SO24_VAT_RATES."), FINANCE)
    LINE_DISCOUNTED = ("line_discounted",
        say("A line's sum is less than its quantity and price give"),
        say("Make sure that the customer was given this discount: 24SevenOffice gets the sum that "
            "was billed."), FINANCE)
    TOTALS_APART = ("totals_apart",
        say("The document's stated VAT or total differs from its lines by more than rounding"),
        say("Compare them where the document was made: 24SevenOffice gets what the lines give, and "
            "the customer's invoice says what is stated."), FINANCE)
    TOTALS_ROUNDED = ("totals_rounded",
        say("The document's stated VAT or total differs from its lines, by VAT rounded on each "
            "line"),
        say("24SevenOffice gets what the lines give, and the customer pays what the invoice says: "
            "the accountant settles the difference in the ledger."), FINANCE)
    FUTURE_DATE = ("future_date", say("The invoice date is in the future"),
        say("Make sure that the date is right before it is booked."), FINANCE)
    TEXT_SHORTENED = ("text_shortened",
        say("A text is longer than 24SevenOffice takes, and is cut"),
        say("Shorten it in RecMan if what is cut matters."), FINANCE)
    AMOUNT_UNUSUAL = ("amount_unusual", say("The amount is far from this customer's usual one"),
        say("Make sure that quantities and prices are right."), FINANCE)
    SAME_AGAIN = ("same_again", say("Another document has the same customer, date and amount"),
        say("Make sure that it is not the same invoice twice; exclude one of them if it "
            "is."), FINANCE)
    NUMBER_AGAIN = ("number_again",
        say("Another document has the same number but for leading zeros"),
        say("Make sure that it is not the same invoice twice; exclude one of them if it "
            "is."), FINANCE)
    CATEGORY_MISSING = ("category_missing", say("The key has no category for new products"),
        say("Choose a category for the key under Credentials; without it the invoice is blocked "
            "where 24SevenOffice lacks one of its products."), ADMIN)
    VAT_MAY_DIFFER = ("vat_may_differ",
        say("24SevenOffice may reckon another VAT than the line has"),
        say("Choose a tax code for this VAT for the key under Credentials, or for a new product a "
            "category for it. If the VAT differs, the draft stays and nothing is booked."), ADMIN)
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

# reasons that only another statement of the document's source can take away
OF_ITS_SOURCE = (
    Reason.NO_LINES,
    Reason.LINE_ARITHMETIC,
    Reason.DUE_BEFORE_DATE,
    Reason.NEGATIVE_INVOICE,
)

# reasons that a key has only while it books by RecMan's numbers
NUMBER_REASONS = (
    Reason.NUMBER_GAP,
    Reason.NUMBER_PASSED,
    Reason.NUMBER_SERIES,
    Reason.NUMBER_BEHIND,
)

# reasons that a person settles by saying which card a customer's is
CARD_QUESTIONS = (Reason.AMBIGUOUS_CUSTOMER,)

# reasons that a person settles in the invoice overview
IN_THE_OVERVIEW = (Reason.HELD, Reason.DATE_ASSUMED, Reason.EXCLUDED)

# what a screen has a field or a page for, on the command line
COMMANDS = {
    Reason.EXISTS_REFERENCE: say("so24 decide NUMBER --same, if it is the same document"),
    Reason.EXISTS_PROBABLY: say("so24 decide NUMBER --same, or --other"),
    Reason.EXCLUDED: "so24 include NUMBER",  # in English: a command
    Reason.HELD: say("so24 invoices --asked, which names the command of each answer"),
    Reason.DATE_ASSUMED: "so24 dates confirm",  # in English: a command
    **dict.fromkeys(CARD_QUESTIONS, say("so24 customers candidates, then so24 customers link")),
    # in English: a command
    **dict.fromkeys(CREDIT_QUESTIONS, "so24 decide NUMBER --credits INVOICE"),
    **dict.fromkeys(PRODUCT_QUESTIONS, say("so24 products candidates, then so24 products link")),
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
