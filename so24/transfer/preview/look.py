"""A look at one lane: what would become of each document, by reading calls only.

The lane's own steps are taken: session, guard, customers, products, look-up. A company that a
run is working in is left alone, before the first call and between any two of them, so that a
lane's session and order of calls are its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from so24.errors import So24Error, WrongUse
from so24.keys.access import open_office
from so24.keys.key_categories import categories_of
from so24.language.said import join_said, say
from so24.office.values import Order
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.store.documents.credits import read_credited
from so24.store.documents.documents import Document, documents_by_ids, load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.links.product_links import look_again
from so24.store.tables.key_tables import KeyMode
from so24.store.transfers.open_lanes import run_of_company
from so24.transfer.lane.bind import is_outdated, read_payloads
from so24.transfer.lane.credited_orders import block_orphans, find_waiting, way_to_credited
from so24.transfer.lane.lane import look_before_sending
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import product_names
from so24.transfer.lane.look_up import read_missed
from so24.transfer.lane.products import list_unsure
from so24.transfer.lane.same_numbers import has_same_numbers
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.order.mapping import product_kinds
from so24.transfer.order.vat_doubts import VatKnowledge, doubt_vat
from so24.transfer.preview.forecast import (
    Creation,
    Forecast,
    LookResult,
    Outcome,
    forecast_ending,
    forecast_match,
    forecast_missed,
    forecast_outdated,
)
from so24.transfer.preview.read_only_pass import begin_read_only
from so24.transfer.preview.requests_and_time import (
    DocumentSteps,
    LaneSizes,
    MissingCustomer,
    count_requests,
)


def look_at_lane(
    desk: Desk,
    key_id: int,
    invoice_ids: Sequence[int],
    credit_notes: Sequence[int],
) -> LookResult:
    """Look at these documents in the key's company; writes nothing there and no transfer here.

    The documents are in the order of the run; ``credit_notes`` are all that the run sends to this
    company, those by other keys too, in its order. What 24SevenOffice, the key or a run under way
    says against it is the result's ``problem``. Raises :class:`NotAllowed`.
    """
    desk.require(Permission.EXPORT)
    try:
        return _Look(desk, key_id, invoice_ids, credit_notes).take()
    except So24Error as error:
        return LookResult(key_id, problem=error.words)


class _Look:
    def __init__(
        self,
        desk: Desk,
        key_id: int,
        invoice_ids: Sequence[int],
        credit_notes: Sequence[int],
    ) -> None:
        self.installation = installation = desk.installation
        self.origin = desk.actor.origin
        self.key_id = key_id
        self.operations: Counter[str] = Counter()
        self.absent: list[str] = []
        self.missed: dict[LaneDocument, Order | None] = {}
        with installation.db.reading() as session:
            key = key_of_lane(session, key_id)
            lane = begin_read_only(installation, session, key, load_documents(session, invoice_ids))
            notes = documents_by_ids(session, credit_notes)
            lane.recorder.notes = [notes[each] for each in credit_notes if each in notes]
            lane.recorder.credited = read_credited(session, lane.recorder.notes)
        self.lane_pass, self.recorder = lane.lane_pass, lane.recorder
        self.documents = list(self.lane_pass.documents)
        self.waiting = find_waiting(self.documents)
        self.unlinked = {doc for doc in self.documents if doc.company_id is None}
        self.unsure = list_unsure(self.lane_pass, product_names(self.documents))

    def take(self) -> LookResult:
        self._leave_to_run()  # before the office is opened, which may log in
        opened = open_office(
            self.installation, self.key_id, origin=self.origin, before_call=self._before_call
        )
        with opened.office as office:
            self.lane_pass.office = office
            self.absent = look_before_sending(self.lane_pass)
            self.missed = read_missed(self.lane_pass)
            read_payloads(self.lane_pass, self.lane_pass.documents)
            block_orphans(self.lane_pass, self.waiting, self._staying())
            self._have_doubted_looked_at()
            return LookResult(
                self.key_id,
                forecasts=tuple(self._forecast(doc) for doc in self.documents),
                customers=tuple(self._new_customers()),
                products=tuple(self._new_products()),
                requests=self._count(),
                quota=office.quota,
                found_cards=self.recorder.cards,
                found_products=self.recorder.products,
                key_lists=self.lane_pass.key_lists,
                credited={doc.id: doc.credited for doc in self.documents if doc.credited},
                round_trip=office.seconds / max(office.calls, 1),
            )

    def _have_doubted_looked_at(self) -> None:
        """Let the run that may follow find what this look has found of linked products."""
        doubted, organization_id = self.recorder.doubted, self.lane_pass.organization_id
        if doubted:
            db = self.installation.db
            db.insisting(lambda session: look_again(session, organization_id, doubted))

    def _before_call(self, operation: str) -> None:
        if operation.startswith("Save"):
            raise RuntimeError(f"a preview must not call {operation}")
        self._leave_to_run()
        self.operations[operation] += 1

    def _leave_to_run(self) -> None:
        with self.installation.db.reading() as session:
            run = run_of_company(session, self.lane_pass.organization_id)
        if run is not None:
            raise WrongUse(
                say(
                    "Run {run} is working in company {company}. Look again when it has ended.",
                    run=run,
                    company=self.lane_pass.organization_id,
                )
            )

    def _forecast(self, doc: LaneDocument) -> Forecast:
        forecast = self._forecast_found(doc)
        if forecast.outcome.is_fine:
            card = str(doc.card) if doc.card else say("a new one")
            forecast = replace(forecast, customer_card=card, doubt=self._doubt_vat(doc, forecast))
        if forecast.outcome is Outcome.SENT and self.lane_pass.key.mode is KeyMode.APPROVAL:
            return replace(forecast, outcome=Outcome.FOR_APPROVAL)
        return forecast

    def _doubt_vat(self, doc: LaneDocument, forecast: Forecast) -> str:
        """What is doubtful about the VAT of a document whose draft is to be made."""
        file = self.lane_pass.product_file
        if file is None or forecast.outcome is not Outcome.SENT:
            return ""
        known = VatKnowledge(
            self.lane_pass.key_lists.fields,
            categories_of(self.lane_pass.key),
            self.lane_pass.linked_products,
            file.rates_of_category,
        )
        doubts = [each.words for each in doubt_vat(doc.document, known)]
        card = Reason.VAT_MAY_DIFFER.card
        return join_said((card.sentence, *doubts, card.remedy)) if doubts else ""

    def _staying(self) -> list[LaneDocument]:
        return [doc for doc in self.documents if not self._forecast_found(doc).outcome.is_fine]

    def _forecast_found(self, doc: LaneDocument) -> Forecast:
        if doc.id in self.recorder.endings:
            return forecast_ending(doc, self.recorder.endings[doc.id])
        if doc in self.missed:
            forecast, order = forecast_missed(doc, self.missed[doc]), self.missed[doc]
        else:
            forecast = forecast_match(doc)
            order = doc.match.order if doc.match else None
        goes_on = forecast.outcome in (Outcome.GOES_ON, Outcome.ADOPTED)
        if order and goes_on and is_outdated(self.lane_pass, doc):
            return forecast_outdated(doc, order)
        return forecast

    def _new_customers(self) -> Iterator[Creation]:
        missing = {
            doc.customer.number: doc.customer
            for doc in self.documents
            if doc.company_id is None and not self._is_ambiguous(doc)
        }
        for _, customer in sorted(missing.items()):
            yield Creation.of_customer(customer)

    def _new_products(self) -> Iterator[Creation]:
        names, kinds = product_names(self.documents), product_kinds(self._papers())
        categories = categories_of(self.lane_pass.key)
        for number in sorted(self.absent):
            category = categories.for_kind(kinds[number])
            yield Creation(number, names[number] or number, category.name if category else "")

    def _papers(self) -> list[Document]:
        return [doc.document for doc in self.documents]

    def _is_ambiguous(self, doc: LaneDocument) -> bool:
        ending = self.recorder.endings.get(doc.id)
        return ending is not None and ending.reason == Reason.AMBIGUOUS_CUSTOMER

    def _count(self) -> int:
        settings = self.installation.settings
        card_calls = self.operations["GetCompanies"] - bool(self._read_again())
        sizes = LaneSizes(
            settings.chunk_size,
            settings.batch_size,
            company_pages=self.operations["GetCompanySyncList"],
            card_calls=max(card_calls, 1),
            created_products=frozenset(each.number for each in self._new_products()),
            watched=self.lane_pass.key.companies > 1,
            same_numbers=has_same_numbers(self.lane_pass),
        )
        requests = count_requests([self._steps_of(doc) for doc in self.documents], sizes)
        # without a card there is none to be read, until the first chunk has made some
        empty = self.unlinked and not card_calls
        return requests - 1 if empty else requests

    def _read_again(self) -> set[int]:
        """The customers whose linked cards had changed, so that they were read again."""
        linked = {doc.customer_id for doc in self.documents if doc not in self.unlinked}
        return linked & self.recorder.cards.keys()

    def _steps_of(self, doc: LaneDocument) -> DocumentSteps:
        outcome = self._forecast(doc).outcome
        goes_on = outcome.is_fine and outcome is not Outcome.CONFIRMED
        ambiguous = doc in self.unlinked and self._is_ambiguous(doc)
        customer_id = doc.customer_id
        products = self.unsure & product_names([doc]).keys()
        return DocumentSteps(
            self._missing_customer(doc) if doc in self.unlinked else None,
            customer_id if customer_id in self._read_again() else None,
            frozenset() if ambiguous else frozenset(products),
            looked_up=doc.match is not None,
            drafted=outcome in (Outcome.SENT, Outcome.FOR_APPROVAL),
            compared=goes_on or outcome is Outcome.OUTDATED,
            invoiced=goes_on,
            confirmed=outcome.is_fine,
            second_drafts=bool(doc.match and doc.match.second_drafts),
            lists=wanted_lists(doc.document, self.lane_pass.key_lists.fields),
            credited=way_to_credited(doc.invoice),
            waits=doc in self.waiting,
        )

    def _missing_customer(self, doc: LaneDocument) -> MissingCustomer:
        ambiguous = self._is_ambiguous(doc)
        return MissingCustomer(
            doc.customer_id,
            created=doc.company_id is None and not ambiguous,
            stays=ambiguous,
        )
