"""The commands of the program, a module for each subject; here is the list of them all."""

from __future__ import annotations

from typing import NamedTuple

from so24.language.said import say


class Place(NamedTuple):
    """The module here that a command is written in, and what the list of commands says of it."""

    module: str
    summary: str


# in the order of the work; the sentences stand here, where the list can be shown without loading a
# command, and each command begins its help with its own
COMMANDS = {
    "users": Place("people", say("People who may sign in to the dashboard.")),
    "today": Place(
        "now.today",
        say("Say what needs whom now: problems, runs, keys, the last import and reconciliation."),
    ),
    "activate": Place(
        "people", say("Activate the integration, as the Marketplace's blue button does.")
    ),
    "deactivate": Place(
        "people", say("Stop new runs; keys, invoices, receipts and work under way are kept.")
    ),
    "audit": Place(
        "people",
        say("List who did what, or was refused it, and from where: the audit trail, newest first."),
    ),
    "keys": Place("keys", say("Credentials to 24SevenOffice.")),
    "customers": Place("customers", say("Customers as RecMan and 24SevenOffice have them.")),
    "products": Place("products", say("Products as RecMan and 24SevenOffice have them.")),
    "import": Place(
        "imports",
        say("Import RecMan's reports (xlsx, csv), EHF files (xml) and zip archives of them."),
    ),
    "imports": Place(
        "imports",
        say("List what was imported, newest first, or show the whole report of one import."),
    ),
    "ehf": Place("files", say("EHF files: checked without importing them.")),
    "watch": Place(
        "service", say("Import what is dropped into a folder, and move it away, until Ctrl-C.")
    ),
    "originals": Place("files", say("Files as they came.")),
    "kept": Place("keeping.kept", say("What is kept, of whom and how long.")),
    "recman": Place("recman", say("The connection to RecMan's API.")),
    "dates": Place("decisions", say("Assumed invoice dates.")),
    "exclude": Place(
        "decisions",
        say("Leave documents out of all exports; exit code 1 where some are sent or being sent."),
    ),
    "include": Place("decisions", say("Take documents in again that were left out of exports.")),
    "release": Place(
        "decisions", say("Say what documents are that are held because their report does not tell.")
    ),
    "answer": Place(
        "decisions",
        say(
            "Answer what is asked about documents: whether it is the same one, or whether "
            "it is the firm."
        ),
    ),
    "invoices": Place(
        "documents", say("List the documents of RecMan with their standing, by number.")
    ),
    "export": Place(
        "runs", say("Send documents to 24SevenOffice; what is there already is not sent again.")
    ),
    "receipt": Place(
        "receipts",
        say("Show the receipt of a run; exit code 1 unless every document on it is transferred."),
    ),
    "retry": Place("runs", say("Send those documents of a run again that failed and may go now.")),
    "stop": Place(
        "runs",
        say("Stop a run before its next call; what is sent already is looked up, never undone."),
    ),
    "decide": Place(
        "runs",
        say(
            "Say whether an order found is the document that so24 wanted to send, or what "
            "it credits."
        ),
    ),
    "reconcile": Place(
        "ledger.reconcile",
        say(
            "Read a period's orders from 24SevenOffice, or a SAF-T export of it, and put our "
            "documents beside them."
        ),
    ),
    "payments": Place(
        "now.payments",
        say("Read from 24SevenOffice which of the transferred invoices are paid."),
    ),
    "history": Place("ledger.reconcile", say("The record of all transfers.")),
    "evidence": Place(
        "evidence",
        say("Write the evidence pack of a company and month, with a verifier that needs no so24."),
    ),
    "alerts": Place("now.alerts", say("Who is told of what goes wrong, and where.")),
    "schedules": Place(
        "now.schedules",
        say("What is done by itself, and when: the fetch from RecMan, and exports by a key."),
    ),
    "worker": Place(
        "service",
        say("Run the jobs in this process, until Ctrl-C; takes over where another process goes."),
    ),
    "sandbox": Place(
        "service", say("Serve a 24SevenOffice of this machine until Ctrl-C; prints its address.")
    ),
    "demo": Place(
        "service",
        say("Load the demo into an installation that nobody has used yet; in sandbox mode only."),
    ),
    "check": Place(
        "status",
        say(
            "Look at settings, 24SevenOffice, database, engine, workers, clocks, secrets and keys."
        ),
    ),
    "secrets": Place("keeping.upkeep", say("Key material.")),
    "db": Place("keeping.upkeep", say("The database.")),
}


def explain(name: str, *more: str) -> str:
    """The help of a command of the list: what the list says of it, and more paragraphs."""
    return in_paragraphs(COMMANDS[name].summary, *more)


def in_paragraphs(*texts: str) -> str:
    """Said texts as the paragraphs of a help; each is told by itself when the help is shown."""
    return "\n\n".join(texts)
