"""A look at one lane: what would become of each document, by reading calls only.

The lane's own steps are rehearsed: session, guard, customers, products, look-up. A company that a
run is working in is left alone, before the first call and between any two of them, so that a
lane's session and order of calls are its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from so24.errors import So24Error, WrongUse
from so24.installation import Installation
from so24.keys.access import open_office
from so24.office.values import Order
from so24.people.roles import Actor, Permission, require
from so24.reasons import Reason
from so24.store.documents.credits import read_credited
from so24.store.documents.documents import documents_by_ids, load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.tables.key_tables import KeyMode
from so24.store.transfers.transfers import run_of_company
from so24.transfer.lane.bind import is_outdated, recall_payloads
from so24.transfer.lane.credited_orders import (
    block_orphans,
    block_uncreditable,
    check_originals,
    find_waiting,
    way_to_original,
)
from so24.transfer.lane.customers import matched_number, resolve_customers
from so24.transfer.lane.key_lists import hold_back, read_key_lists
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.look_up import judge_items, leave_existing, read_missed
from so24.transfer.lane.products import product_names, resolve_products
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.plan.credit_queue import queue_notes
from so24.transfer.preview.forecast import (
    DRAFTED,
    FINE,
    ON_THE_WAY,
    Outcome,
    Prospect,
    tell_ending,
    tell_judgement,
    tell_missed,
    tell_outdated,
)
from so24.transfer.preview.look_result import Creation, LookedUp
from so24.transfer.preview.read_only_pass import begin_rehearsal
from so24.transfer.preview.request_count import MissingCustomer, Task, Terms, count_requests


def look_at_lane(
    installation: Installation,
    actor: Actor,
    key_id: int,
    invoice_ids: Sequence[int],
    credit_notes: Sequence[int],
) -> LookedUp:
    """Look at these documents in the key's company; writes nothing there and no transfer here.

    The documents are in the order of the run; ``credit_notes`` are all that the run sends to this
    company, those by other keys too, in its order. What 24SevenOffice, the key or a run under way
    says against it is the result's ``problem``. Raises :class:`NotAllowed`.
    """
    require(actor, Permission.EXPORT)
    try:
        return _Look(installation, key_id, invoice_ids, credit_notes).take()
    except So24Error as error:
        return LookedUp(key_id, problem=str(error))


class _Look:
    def __init__(
        self,
        installation: Installation,
        key_id: int,
        invoice_ids: Sequence[int],
        credit_notes: Sequence[int],
    ) -> None:
        self.installation = installation
        self.key_id = key_id
        self.operations: Counter[str] = Counter()
        self.absent: list[str] = []
        self.missed: dict[Item, Order | None] = {}
        with installation.db.reading() as session:
            key = key_of_lane(session, key_id)
            documents = load_documents(session, invoice_ids)
            notes = documents_by_ids(session, credit_notes)
            self.notes = [notes[each] for each in credit_notes if each in notes]
            self.credited = read_credited(session, self.notes)
            self.rehearsal = begin_rehearsal(installation, session, key, documents)
        self.items = list(self.rehearsal.items)
        self.waiting = find_waiting(self.items)
        self.unlinked = {item for item in self.items if item.company_id is None}
        self.linked_products = frozenset(self.rehearsal.products)

    def take(self) -> LookedUp:
        self._leave_to_run()  # before the office is opened, which may log in
        opened = open_office(self.installation, self.key_id, before_call=self._before_call)
        with opened.office as office:
            self.rehearsal.office = office
            resolve_customers(self.rehearsal, create=False)
            self.absent = resolve_products(self.rehearsal, create=False)
            read_key_lists(self.rehearsal)
            self._read_originals()
            judge_items(self.rehearsal)
            leave_existing(self.rehearsal)
            hold_back(self.rehearsal)
            block_uncreditable(self.rehearsal)
            self.missed = read_missed(self.rehearsal)
            recall_payloads(self.rehearsal, self.rehearsal.items)
            block_orphans(self.rehearsal, self.waiting, self._staying())
            return LookedUp(
                self.key_id,
                prospects=tuple(self._tell(item) for item in self.items),
                customers=tuple(self._new_customers()),
                products=tuple(self._new_products()),
                requests=self._count(),
                quota=office.quota,
                found_companies=self.rehearsal.found_companies,
                found_products=self.rehearsal.found_products,
                key_lists=self.rehearsal.key_lists,
                credited={item.id: item.credited for item in self.items if item.credited},
                round_trip=office.seconds / max(office.calls, 1),
            )

    def _before_call(self, operation: str) -> None:
        if operation.startswith("Save"):
            raise RuntimeError(f"a preview must not call {operation}")
        self._leave_to_run()
        self.operations[operation] += 1

    def _leave_to_run(self) -> None:
        with self.installation.db.reading() as session:
            run = run_of_company(session, self.rehearsal.organization_id)
        if run is not None:
            raise WrongUse(
                f"Run {run} is working in company {self.rehearsal.organization_id}. Look again "
                "when it has ended."
            )

    def _read_originals(self) -> None:
        """What credit notes credit; those that go after their invoices wait for that."""
        gone = {item.id for item in self.rehearsal.endings}
        going = [note for note in self.notes if note.id not in gone]
        facts = queue_notes(going, self.credited, self.rehearsal.organization_id)
        check_originals(self.rehearsal, facts)
        for item in self.waiting:
            if item.fault is not None and item.fault.reason == Reason.CREDIT_ORIGINAL:
                item.fault = None

    def _tell(self, item: Item) -> Prospect:
        prospect = self._tell_found(item)
        if prospect.outcome is Outcome.SENT and self.rehearsal.key.mode is KeyMode.APPROVAL:
            return replace(prospect, outcome=Outcome.FOR_APPROVAL)
        return prospect

    def _staying(self) -> list[Item]:
        return [item for item in self.items if self._tell_found(item).outcome not in FINE]

    def _tell_found(self, item: Item) -> Prospect:
        if item in self.rehearsal.endings:
            return tell_ending(item, self.rehearsal.endings[item])
        if item in self.missed:
            prospect, order = tell_missed(item, self.missed[item]), self.missed[item]
        else:
            prospect = tell_judgement(item)
            order = item.judgement.order if item.judgement else None
        goes_on = prospect.outcome in (Outcome.GOES_ON, Outcome.ADOPTED)
        if order and goes_on and is_outdated(self.rehearsal, item):
            return tell_outdated(item, order)
        return prospect

    def _new_customers(self) -> Iterator[Creation]:
        missing = {
            item.document.customer.number: item.document.customer.name
            for item in self.items
            if item.company_id is None and not self._is_ambiguous(item)
        }
        for number, name in sorted(missing.items()):
            yield Creation(number, name)

    def _new_products(self) -> Iterator[Creation]:
        key = self.rehearsal.key
        if key.category_id is None:
            return
        names = product_names(self.items)
        for number in sorted(self.absent):
            yield Creation(
                number, names[number] or number, key.category_name or str(key.category_id)
            )

    def _is_ambiguous(self, item: Item) -> bool:
        ending = self.rehearsal.endings.get(item)
        return ending is not None and ending.reason == Reason.AMBIGUOUS_CUSTOMER

    def _count(self) -> int:
        settings = self.installation.settings
        terms = Terms(
            settings.chunk_size,
            settings.batch_size,
            company_pages=self.operations["GetCompanySyncList"],
            card_calls=self.operations["GetCompanies"],
            created_products=frozenset(each.number for each in self._new_products()),
        )
        return count_requests([self._task(item) for item in self.items], terms)

    def _task(self, item: Item) -> Task:
        outcome = self._tell(item).outcome
        ambiguous = self._is_ambiguous(item)
        products = frozenset(product_names([item])) - self.linked_products
        return Task(
            self._missing_customer(item) if item in self.unlinked else None,
            frozenset() if ambiguous else products,
            looked_up=item.judgement is not None,
            drafted=outcome in DRAFTED,
            compared=outcome in ON_THE_WAY or outcome is Outcome.OUTDATED,
            invoiced=outcome in ON_THE_WAY,
            confirmed=outcome in ON_THE_WAY or outcome is Outcome.CONFIRMED,
            twins=bool(item.judgement and item.judgement.twins),
            lists=wanted_lists(item.document, self.rehearsal.key_lists.fields),
            original=way_to_original(item.document.invoice),
            waits=item in self.waiting,
        )

    def _missing_customer(self, item: Item) -> MissingCustomer:
        ambiguous = self._is_ambiguous(item)
        return MissingCustomer(
            item.document.invoice.customer_id,
            by_number=bool(matched_number(item.document.customer)),
            created=item.company_id is None and not ambiguous,
            stays=ambiguous,
        )
