"""The commands of the program, a module for each subject; here is the list of them all."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """The module here that a command is written in, and what the list of commands says of it."""

    module: str
    summary: str


# in the order of the work; the sentences are the commands' own first ones, told again here so that
# the list can be shown without loading a command
COMMANDS = {
    "users": Place("people", "People who may sign in to the dashboard."),
    "today": Place(
        "now.today",
        "Say what needs whom now: problems, runs, keys, the last import and reconciliation.",
    ),
    "activate": Place("people", "Activate the integration, as the Marketplace's blue button does."),
    "deactivate": Place(
        "people", "Stop new runs; keys, invoices, receipts and work under way are kept."
    ),
    "audit": Place(
        "people",
        "List who did what, or was refused it, and from where: the audit trail, newest first.",
    ),
    "keys": Place("keys", "Credentials to 24SevenOffice."),
    "customers": Place("customers", "Customers as RecMan and 24SevenOffice have them."),
    "products": Place("customers", "Products as RecMan and 24SevenOffice have them."),
    "import": Place(
        "imports", "Import RecMan's reports (xlsx, csv), EHF files (xml) and zip archives of them."
    ),
    "imports": Place(
        "imports", "List what was imported, newest first, or show the whole report of one import."
    ),
    "ehf": Place("files", "EHF files: checked without importing them."),
    "watch": Place(
        "service", "Import what is dropped into a folder, and move it away, until Ctrl-C."
    ),
    "originals": Place("files", "Files as they came."),
    "kept": Place("keeping.kept", "What is kept, of whom and how long."),
    "recman": Place("recman", "The connection to RecMan's API."),
    "dates": Place("decisions", "Assumed invoice dates."),
    "exclude": Place(
        "decisions",
        "Leave documents out of all exports; exit code 1 where some are sent or being sent.",
    ),
    "include": Place("decisions", "Take documents in again that were left out of exports."),
    "release": Place(
        "decisions", "Say what documents are that are held because their report does not tell."
    ),
    "answer": Place(
        "decisions",
        "Answer what is asked about documents: whether it is the same one, or whether it is the "
        "firm.",
    ),
    "invoices": Place("documents", "List the documents of RecMan with their standing, by number."),
    "export": Place(
        "runs", "Send documents to 24SevenOffice; what is there already is not sent again."
    ),
    "receipt": Place(
        "receipts",
        "Show the receipt of a run; exit code 1 unless every document on it is transferred.",
    ),
    "retry": Place("runs", "Send those documents of a run again that failed and may go now."),
    "stop": Place(
        "runs",
        "Stop a run before its next call; what is sent already is looked up, never undone.",
    ),
    "decide": Place(
        "runs",
        "Say whether an order found is the document that so24 wanted to send, or what it credits.",
    ),
    "reconcile": Place(
        "ledger", "Read a period's orders from 24SevenOffice and put our documents beside them."
    ),
    "history": Place("ledger", "The record of all transfers."),
    "evidence": Place(
        "evidence",
        "Write the evidence pack of a company and month, with a verifier that needs no so24.",
    ),
    "worker": Place(
        "service",
        "Run the jobs in this process, until Ctrl-C; takes over where another process goes.",
    ),
    "sandbox": Place(
        "service", "Serve a 24SevenOffice of this machine until Ctrl-C; prints its address."
    ),
    "demo": Place(
        "service",
        "Load the demo into an installation that nobody has used yet; in sandbox mode only.",
    ),
    "check": Place(
        "status",
        "Look at settings, 24SevenOffice, database, engine, workers, clocks, secrets and keys.",
    ),
    "secrets": Place("keeping.upkeep", "Key material."),
    "db": Place("keeping.upkeep", "The database."),
}
