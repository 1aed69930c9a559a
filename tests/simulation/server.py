"""The office as it answers when nothing goes wrong: accounts, sessions, reads and writes by name.

Each operation takes the interface's own fields and gives back its records, as the gateway's reader
expects them. What goes wrong on the way is :mod:`tests.simulation.wire`'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from so24.errors import Refused, SessionLost
from tests.simulation.books import INVOICED, ItemRefused, Ledger, Order, Record
from tests.simulation.habits import Habits
from tests.simulation.schedule import BEGIN, Scheduler

HERE, THERE = 10000001, 20000002


@dataclass
class Session:
    """A login; ``client`` is the company that it works for at this moment."""

    account: str
    client: int
    alive: bool = True


class Server:
    """Two companies' books, and who may work in them."""

    def __init__(self, scheduler: Scheduler, habits: Habits) -> None:
        self.scheduler = scheduler
        self.habits = habits
        self.ledgers = {HERE: Ledger(HERE, "Her AS"), THERE: Ledger(THERE, "Der AS")}
        self.ledgers[THERE].invoices += 100
        self.sessions: dict[str, Session] = {}
        self.away_until = 0.0
        self.accounts: dict[str, tuple[int, ...]] = {}  # the companies that each one reaches
        if habits.has("ids at random"):
            for ledger in self.ledgers.values():
                ledger.random_ids = scheduler.draw("ids")
        self._read: Mapping[str, Callable[[Ledger, Mapping[str, Any]], Any]] = {
            "GetCompanySyncList": self._list_companies,
            "GetCompanies": self._read_companies,
            "GetProducts": lambda ledger, _: list(ledger.products.values()),
            "GetCategories": lambda _ledger, _: [{"Id": 1, "No": "1", "Name": "Arbeid"}],
            "GetInvoices": self._read_orders,
        }

    def is_write(self, operation: str) -> bool:
        """Whether the operation changes the books."""
        return operation.startswith("Save")

    # -- sessions --

    def reach(self, account: str) -> tuple[int, ...]:
        """The companies that the account may work for; all, where nothing else is said."""
        return self.accounts.get(account, tuple(self.ledgers))

    def log_in(self, account: str) -> str:
        """A session of this account, which begins in the account's standard company."""
        if self.habits.has("two keys of one account"):
            for name, session in self.sessions.items():
                if session.account == account and session.alive:
                    return name
        name = f"session{len(self.sessions) + 1:04d}"
        self.sessions[name] = Session(account, self.reach(account)[0])
        return name

    def session(self, name: str | None) -> Session:
        """The session of this name; raises :class:`SessionLost`."""
        session = self.sessions.get(name or "")
        if session is None or not session.alive:
            raise SessionLost("The session has ended.")
        return session

    def move(self, session: Session) -> None:
        """Somebody lets the session work for the other company."""
        session.client = next(each for each in self.ledgers if each != session.client)
        self.scheduler.tell(f"the session is moved to {session.client}")

    def choose(self, session: Session, identity: str) -> bool:
        """Let the session work for another company."""
        session.client = int(identity)
        return True

    def identity(self, session: Session, client: int) -> Record:
        """One company that the account reaches."""
        return {
            "Id": str(client),
            "Client": {"Id": client, "Name": self.ledgers[client].name},
            "IsCurrent": session.client == client,
            "IsDefault": client == HERE,
        }

    # -- reads --

    def read(self, session: Session, operation: str, asked: Mapping[str, Any]) -> Any:
        """Answer a read of the session's company."""
        read = self._read.get(operation)
        if read is None:
            raise Refused(f"{operation} is not known here.")
        return read(self.ledgers[session.client], asked)

    def _list_companies(self, ledger: Ledger, _asked: Mapping[str, Any]) -> Record:
        names = ("ExternalId", "Active", "DateChanged", "DateRegistered")
        items = [
            {"CompanyId": card["Id"], **{name: card.get(name) for name in names}}
            for card in ledger.companies.values()
        ]
        return {"Items": items, "TotalItems": len(items), "TotalPages": 1}

    def _read_companies(self, ledger: Ledger, asked: Mapping[str, Any]) -> list[Record]:
        wanted = asked["searchParams"]["CompanyIds"]["int"]
        return [ledger.companies[each] for each in wanted if each in ledger.companies]

    def _read_orders(self, ledger: Ledger, asked: Mapping[str, Any]) -> list[Record]:
        search, habits = asked["searchParams"], self.habits
        moment = self.scheduler.time - self._draw_lag()
        since = search.get("ChangedAfter")
        seen = [
            record
            for order in ledger.orders.values()
            if (record := order.seen_at(moment))
            if since is None or BEGIN + dt.timedelta(seconds=order.past[-1][0]) > _aware(since)
        ]
        found = [record for record in seen if _fits(record, search)]
        if habits.strikes("reads lack items"):
            found = [each for each in found if self._is_shown(ledger, each)]
        if len(found) > 1 and habits.strikes("reads are capped"):
            found = found[-self.scheduler.draw("reads").randint(1, len(found) - 1) :]
        if habits.strikes("reads shuffled"):
            self.scheduler.draw("reads").shuffle(found)
        for each in found:
            order = ledger.orders[each["OrderId"]]
            order.shown_at = self.scheduler.time if order.shown_at is None else order.shown_at
        columns = set(asked["invoiceReturnProperties"]["string"])
        return [self._cut(record, columns) for record in found]

    def _is_shown(self, ledger: Ledger, record: Record) -> bool:
        """Whether an answer that lacks items has this one; what it leaves out is remembered."""
        shown = self.scheduler.draw("reads").random() > 0.4
        ledger.orders[record["OrderId"]].withheld += not shown
        return shown

    def _draw_lag(self) -> float:
        if self.habits.strikes("reads lag"):
            return self.scheduler.draw("reads").uniform(0.0, 8.0)
        if self.habits.strikes("reads lag for long"):
            return self.scheduler.draw("reads").uniform(8.0, 60.0)
        return 0.0

    def _cut(self, record: Record, columns: set[str]) -> Record:
        cut = {name: value for name, value in record.items() if name in columns}
        if len(cut.get("InvoiceRows", ())) > 1 and self.habits.strikes("rows shuffled"):
            cut["InvoiceRows"] = cut["InvoiceRows"][::-1]
        return cut

    # -- writes --

    def write(self, client: int, operation: str, items: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Save the items one by one; each answers with its ids or its exception."""
        ledger = self.ledgers[client]
        answers: list[Record] = []
        for item in items:
            try:
                answers.append(self._save(ledger, operation, item))
            except ItemRefused as refusal:
                answers.append(refused(str(refusal)))
        self.scheduler.tell(f"{operation} in {client}: {[_brief(each) for each in answers]}")
        return answers

    def note_answered(self, client: int, answers: Sequence[Record]) -> None:
        """The answer gets through: whoever has asked knows the orders' numbers."""
        for each in answers:
            if "OrderId" in each:
                self.ledgers[client].orders[each["OrderId"]].answered = True

    def _save(self, ledger: Ledger, operation: str, sent: Mapping[str, Any]) -> Record:
        key, held = _HELD.get(operation, ("", "orders"))
        if key and any(each.get(key) == sent[key] for each in getattr(ledger, held).values()):
            self.habits.note("doubled cards")
        if operation == "SaveCompanies":
            return ledger.save_company(sent, self._wall_clock())
        if operation == "SaveProducts":
            return ledger.save_product(sent)
        reference = sent["ReferenceNumber"]
        return ledger.save_order(self._as_kept(sent), self.scheduler.time, reference)

    def _as_kept(self, sent: Mapping[str, Any]) -> Record:
        """An order as this office writes it down."""
        kept = dict(sent)
        if self.habits.has("references rewritten"):
            kept["ReferenceNumber"] = kept["ReferenceNumber"].lower()
            self.habits.note("references rewritten")
        elif self.habits.has("references dropped"):
            kept["ReferenceNumber"] = None
            self.habits.note("references dropped")
        if self.habits.has("dates moved") and kept["OrderStatus"] == INVOICED:
            kept["DateInvoiced"] = kept["DateInvoiced"] + dt.timedelta(days=20)
            self.habits.note("dates moved")
        return kept

    def _wall_clock(self) -> dt.datetime:
        return self.scheduler.now()

    # -- for the judge --

    def orders(self) -> list[tuple[int, Order]]:
        """Every order that ever was, with its company."""
        return [
            (ledger.client, order)
            for ledger in self.ledgers.values()
            for order in ledger.orders.values()
        ]


_HELD = {"SaveCompanies": ("ExternalId", "companies"), "SaveProducts": ("No", "products")}


def _aware(time: dt.datetime) -> dt.datetime:
    return time.replace(tzinfo=dt.UTC)


def refused(words: str) -> Record:
    """The answer of an item that was not saved."""
    return {"APIException": {"Type": "InvoiceException", "Message": words}}


def _fits(record: Record, search: Mapping[str, Any]) -> bool:
    for name, column in (
        ("CustomerIds", "CustomerId"), ("OrderIds", "OrderId"), ("InvoiceIds", "InvoiceId"),
    ):  # fmt: skip
        if name in search and record[column] not in search[name]["int"]:
            return False
    return True


def _brief(answer: Record) -> str:
    if "APIException" in answer:
        return str(answer["APIException"]["Message"])
    return " ".join(str(value) for value in answer.values())
