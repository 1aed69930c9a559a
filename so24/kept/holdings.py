"""What so24 keeps, by subject: what it is, why it is kept, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.upkeep import about

LAW = say(
    "The Bookkeeping Act (bokføringsloven § 13) asks for sales documents and what proves "
    "them, until five years after the end of the accounting year."
)


@dataclass(frozen=True)
class KeptSubject:
    """A subject of what is kept; ``how_long`` may name the settings ``{years}`` and ``{refused}``.

    ``tables`` are those of the store that hold it.
    """

    name: str
    what: str
    why: str
    how_long: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Holding:
    """A subject as it stands here: for how long by these settings, and how many rows there are."""

    name: str
    what: str
    why: str
    how_long: str
    rows: int


SUBJECTS = (
    KeptSubject(
        say("Customers"),
        say("Name, organization number, address, e-mail and payment terms, as RecMan states "
            "them, and the card in 24SevenOffice. Private persons are among them."),
        say("To bill them. {law}", law=LAW),
        say("{years} years after the end of the year of the latest document; then a purge leaves "
            "the number. One of whom no document came: until somebody has it forgotten."),
        ("customer", "customer_link"),
    ),
    KeptSubject(
        say("Documents"),
        say("Invoices and credit notes with lines, references, texts and KID, and each order as it "
            "went out; they may name persons."),
        LAW,
        say("Details {years} years after the end of their year; then a purge. Number, dates, "
            "amounts and the hash of the content stay for good, so that nothing is sent twice."),
        ("invoice", "invoice_line", "credit_statement", "sent_order"),
    ),
    KeptSubject(
        say("Transfers and history"),
        say("What was sent when, by whose press, with which order and answer; sentences of the "
            "history may name a customer's card."),
        say("They prove what was booked, and keep a document from being sent twice."),
        say("For good: each event is within the hashes of what follows. The name of the card on "
            "a receipt goes with its document's details."),
        ("run", "transfer", "transfer_event", "history_anchor", "day_head", "order_link"),
    ),
    KeptSubject(
        say("Payments"),
        say("Of each booked invoice whether 24SevenOffice states it as paid, since which day, and "
            "when that was read; of each company when it was last read."),
        say("To show what is not paid."),
        say("As long as the document is kept."),
        ("payment", "payment_reading"),
    ),
    KeptSubject(
        say("Schedules"),
        say("What is done by itself at which times, who has set it, what became of each time, and "
            "which documents the last one has left for people, and why."),
        say("To do it once, and to say whose wish it was."),
        say("What was left until the next time; the rest for good."),
        ("schedule", "schedule_occasion", "schedule_left"),
    ),
    KeptSubject(
        say("Alerts"),
        say("What went wrong and was well again, who wants to be told of it at which address, and "
            "which messages went out. Addresses are sealed."),
        say("To tell those who asked for it."),
        say("Addresses until their user takes them back; the rest for good."),
        ("alert_choice", "alert", "alert_delivery"),
    ),
    KeptSubject(
        say("Imports"),
        say("Who imported which file, its report with refused rows, and which documents it "
            "brought."),
        say("They prove where a document came from."),
        say("Counts and hash for good. Names and reports {years} years after the end of the "
            "year, of what brought nothing {refused} days; then, once its files are purged, a "
            "purge."),
        ("import_run", "import_original", "document_import", "inbox_file"),
    ),
    KeptSubject(
        say("Originals"),
        say("Imported files as they came, bit by bit."),
        LAW,
        say("{years} years after the end of the year, what brought nothing {refused} days; then "
            "a purge of originals."),
        ("original", "original_piece"),
    ),
    KeptSubject(
        say("What dry runs have shown"),
        say("Numbers, sums and cards of the documents that a dry run was about."),
        say("An export may be bound to what was shown."),
        say("14 days, then with the next dry run."),
        ("shown_preview",),
    ),
    KeptSubject(
        say("Users"),
        say("User name, role, when it was added and last signed in; of the password a hash, of "
            "recovery codes too; the second factor, encrypted; logins with times, address and "
            "browser; what they chose to see on lists, the names of their views, which documents "
            "they have ticked; who one is at the company login: a subject, before the first "
            "sign-in an e-mail."),
        say("To let them in, and to say who did what."),
        say("The name for good, because the history names it. Logins until 30 days after they "
            "end. Views until their user deletes them, ticks two days, then with the next tick."),
        (
            "user_account", "login_session", "recovery_code", "failure_tally", "company_identity",
            "used_company_answer", "list_view", "ticked_documents",
        ),
    ),
    KeptSubject(
        say("Audit trail"),
        say("Who did what, or was refused it, when, and from where: address, login and browser."),
        say("To find out afterwards who has done what to keys, users, imports, customers and "
            "exports."),
        say("For good: each day is within a sealed head."),
        ("audit_event",),
    ),
    KeptSubject(
        say("Keys and connections"),
        say("Departments, accounts at 24SevenOffice and RecMan, their passwords encrypted, who "
            "entered them."),
        say("To reach 24SevenOffice and RecMan."),
        say("Passwords until the key is deleted; its name for good, because transfers name it."),
        (
            "activation", "department", "office_key", "key_department", "office_department",
            "recman_connection", "recman_calls",
        ),
    ),
    KeptSubject(
        say("Products and processes"),
        say("Product numbers and names, their links, and the processes that run jobs. No persons, "
            "but who has linked a product."),
        say("To send lines, and to share the work."),
        say("As long as so24 is used."),
        ("product", "product_link", "worker"),
    ),
    KeptSubject(
        say("Reconciliations"),
        say("Who has put which period of which company beside 24SevenOffice or a SAF-T export, "
            "sums and counts, and number, date and amounts of each line that did not agree; of a "
            "SAF-T file its name and SHA-256, and nothing of its content."),
        say("To see what has changed since, and to tell of it."),
        say("Of each company the newest 30, what says what still does not agree, and the last of "
            "each month, these for {years} years after the end of the year; then until the next "
            "reconciliation."),
        ("ledger_result",),
    ),
)  # fmt: skip


def say_how_long(subject: KeptSubject, settings: Settings) -> str:
    """For how long a subject is kept by these settings."""
    template = str(subject.how_long)  # said above
    return say(template, years=settings.keep_years, refused=settings.keep_refused_days)


def list_holdings(desk: Desk) -> list[Holding]:
    """Every subject as it stands here. Raises :class:`NotAllowed`."""
    with desk.reading(Permission.SEE_KEPT) as session:
        return [
            Holding(
                each.name,
                each.what,
                each.why,
                say_how_long(each, desk.settings),
                about.count_rows(session, each.tables),
            )
            for each in SUBJECTS
        ]
