"""What will happen to each selected document, decided before anything is sent.

All but :func:`plan_in` and :func:`plan_documents`, which read what a plan needs, is pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlmodel import Session

from so24.errors import NotActivated
from so24.installation import Installation
from so24.keys.routing import KeyScope, route, scopes_of, why_no_way
from so24.language.said import join_said, say
from so24.reasons import Reason
from so24.store.documents.credits import Credited, read_credited
from so24.store.documents.documents import Document, load_documents, order_numbers
from so24.store.keys.keys import activation_row, living_keys, served_departments
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import KnownOrder, known_orders, live_transfers
from so24.transfer.checks import check_by_rules
from so24.transfer.checks.finding import CheckContext, Finding, Severity, list_errors, rules_of
from so24.transfer.checks.key import missing_key
from so24.transfer.order.number_agreement import place_of
from so24.transfer.plan.credit_notes import CreditQueue, find_target


@dataclass(frozen=True)
class Plan:
    """What a run of some documents would do: a transfer for each, in the order of the run.

    ``documents`` are the same documents by their ids; ``warnings`` what the checks have found in
    those that go, as far as a plan checks.
    """

    transfers: Sequence[NewTransfer]
    documents: Mapping[int, Document]
    warnings: Mapping[int, tuple[Finding, ...]]


def plan_in(installation: Installation, session: Session, invoice_ids: Collection[int]) -> Plan:
    """Plan the documents by what this session sees; raises :class:`NotActivated`."""
    activation = activation_row(session)
    if activation is None or not activation.active:
        raise NotActivated(
            say(
                "The integration is not activated. A System Administrator activates it in the "
                "Marketplace."
            )
        )
    return plan_documents(installation, session, invoice_ids)


def plan_documents(
    installation: Installation, session: Session, invoice_ids: Collection[int]
) -> Plan:
    """The same, whether the integration is activated or not."""
    scopes = scopes_of(living_keys(session), served_departments(session))
    selected = load_documents(session, invoice_ids)
    live = live_transfers(session, invoice_ids)
    known = known_orders(session, invoice_ids)
    notes = [each.invoice for each in selected if each.invoice.kind is DocumentKind.CREDIT_NOTE]
    rules = rules_of(installation.settings)
    credited = read_credited(session, notes)
    planned = list(plan_run(selected, scopes, live, known, credited, rules))
    documents = {each.invoice_id: each for each in selected}
    return Plan(
        order_by_numbers([each.transfer for each in planned], documents, scopes),
        documents,
        {each.transfer.invoice_id: each.warnings for each in planned if each.warnings},
    )


def order_by_numbers(
    transfers: Sequence[NewTransfer],
    documents: Mapping[int, Document],
    keys: Sequence[KeyScope],
) -> list[NewTransfer]:
    """The transfers with those last that book by RecMan's numbers, in the order of these.

    There credit notes stand among the invoices: both get their numbers from one series.
    """
    strict = {key.key_id for key in keys if key.same_numbers}

    def place(new: NewTransfer) -> tuple[int, str, str, str]:
        invoice = documents[new.invoice_id].invoice
        return place_of(invoice.series, invoice.kind, invoice.number)

    free = [each for each in transfers if each.key_id not in strict]
    return free + sorted((each for each in transfers if each.key_id in strict), key=place)


class PlannedDocument(NamedTuple):
    """The plan for one document, and of one that goes what the checks have found."""

    transfer: NewTransfer
    warnings: tuple[Finding, ...] = ()


def plan_run(
    documents: Sequence[Document],
    keys: Sequence[KeyScope],
    live: Mapping[int, Transfer],
    known: Mapping[int, Sequence[KnownOrder]],
    credited: Mapping[int, Credited],
    context: CheckContext,
) -> Iterator[PlannedDocument]:
    """One transfer per document: queued for its key, or ended with the reason why not.

    ``live`` holds the documents' live transfers of other runs, ``known`` the orders that earlier
    transfers have named, ``credited`` what credit notes credit, all by invoice id; ``context`` the
    installation's rules for the checks, whose warnings change nothing. Queued ones come in RecMan's
    number order, in which they will be invoiced, credit notes after invoices; of several that are
    too much for one invoice together, the first ones go.
    """
    going: dict[int, KeyScope] = {}
    scopes = {key.key_id: key for key in keys}
    queue = CreditQueue(credited)
    rules: dict[int, CheckContext] = {}
    for each in sorted(documents, key=_sending_order):
        invoice = each.invoice
        is_note = invoice.kind is DocumentKind.CREDIT_NOTE
        facts = {each.invoice_id: queue.facts_of(invoice)} if is_note else {}
        if invoice.department_id not in rules:
            rules[invoice.department_id] = _with_key(context, invoice.department_id, keys)
        found = rules[invoice.department_id]
        planned = _plan_document(each, keys, live, known, facts, found, going)
        yield planned
        new = planned.transfer
        if new.key_id is None or new.organization_id is None:
            continue
        if is_note:
            queue.add(invoice, new.organization_id)
        else:
            going[new.invoice_id] = scopes[new.key_id]


def _with_key(context: CheckContext, department: int, keys: Sequence[KeyScope]) -> CheckContext:
    """The rules with the choices of the key by which the department goes."""
    key = route(department, keys)
    if key is None:
        return context
    return replace(
        context,
        key_fields={department: key.key_fields},
        default_products={department: key.default_product},
    )


def _plan_document(
    document: Document,
    keys: Sequence[KeyScope],
    live: Mapping[int, Transfer],
    known: Mapping[int, Sequence[KnownOrder]],
    credited: Mapping[int, Credited],
    rules: CheckContext,
    going: Mapping[int, KeyScope],
) -> PlannedDocument:
    invoice_id = document.invoice_id
    standing = live.get(invoice_id)
    if standing is not None:
        return PlannedDocument(_plan_again(invoice_id, standing))
    key = route(document.invoice.department_id, keys)
    findings = check_by_rules(document, rules)
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if errors:
        words = list_errors(errors)
        ending = NewTransfer(invoice_id, State.BLOCKED, reason=errors[0].reason, words=words)
    elif key is None:
        name = document.department.name or document.department.number
        missing = missing_key(name, why_no_way(document.invoice.department_id, keys))
        ending = NewTransfer(invoice_id, State.LOGIN, reason=missing.reason, words=missing.words)
    elif elsewhere := _elsewhere(document, key, known.get(invoice_id, ())):
        ending = NewTransfer(
            invoice_id, State.BLOCKED, reason=Reason.OTHER_COMPANY, words=elsewhere
        )
    elif fault := _check_credit(document, key, credited, going):
        ending = NewTransfer(invoice_id, State.BLOCKED, reason=fault.reason, words=fault.words)
    else:
        queued = NewTransfer(invoice_id, State.QUEUED, key.key_id, key.client_id)
        return PlannedDocument(queued, findings)
    return PlannedDocument(ending)


def _check_credit(
    document: Document,
    key: KeyScope,
    credited: Mapping[int, Credited],
    going: Mapping[int, KeyScope],
) -> Finding | None:
    """Why a credit note cannot go by this key; None for one that can, and for invoices."""
    if document.invoice.kind is not DocumentKind.CREDIT_NOTE:
        return None
    if not key.credit_notes:
        return Finding(Reason.CREDIT_NOTES_OFF, say("Key: {key}.", key=key.name))
    facts = credited.get(document.invoice_id, Credited())
    found = find_target(document.invoice, facts, key.client_id, going)
    return found if isinstance(found, Finding) else None


def _elsewhere(document: Document, key: KeyScope, known: Sequence[KnownOrder]) -> str:
    """Names the document's orders in another company than the key's; empty where there are none.

    A department that goes by another key now must not have its invoices booked a second time.
    """
    declared = document.invoice.other_orders.split(",")
    orders = [
        say(
            "order {order} in company {company}",
            order=order.order_id,
            company=order.organization_id,
        )
        for order in known
        if order.organization_id != key.client_id and str(order.order_id) not in declared
    ]
    return say("There is {orders}.", orders=join_said(orders, ", ")) if orders else ""


def _sending_order(document: Document) -> tuple[bool, tuple[str, int, str]]:
    """A credit note names what its invoice has become, so all invoices go first."""
    return document.invoice.kind is DocumentKind.CREDIT_NOTE, number_order(document)


def number_order(document: Document) -> tuple[str, int, str]:
    """Sorts documents by number series, then number."""
    return order_numbers(document.invoice.series, document.invoice.number)


def _plan_again(invoice_id: int, standing: Transfer) -> NewTransfer:
    if standing.state is State.TRANSFERRED:
        words = (
            say("Order {order}, which waits for approval.", order=standing.order_id)
            if standing.reason is Reason.WAITS_APPROVAL
            else say(
                "Order {order}, invoice {invoice}.",
                order=standing.order_id,
                invoice=standing.office_invoice_id,
            )
        )
        return NewTransfer(invoice_id, State.EXISTS, reason=Reason.ALREADY_TRANSFERRED, words=words)
    words = say("Run {run}.", run=standing.run_id)
    return NewTransfer(invoice_id, State.BLOCKED, reason=Reason.IN_OTHER_RUN, words=words)
