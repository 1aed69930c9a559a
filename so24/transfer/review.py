"""What the checks find in documents that may still be sent, for the pages and the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session

from so24.errors import NotActivated
from so24.installation import Installation
from so24.invoices.number_series import SeriesReport, report_series
from so24.keys.routing import KeyScope, route, scopes_of, why_no_way
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.sources.landing.whose import is_said
from so24.store.documents import documents, neighbours
from so24.store.documents.buyers import who_said_whose
from so24.store.documents.documents import Document
from so24.store.keys import keys
from so24.store.links.product_links import linked_products
from so24.store.people import audit
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import live_transfers
from so24.transfer.checks import check_document, check_surroundings
from so24.transfer.checks.finding import CheckContext, Finding, KeyProducts, Severity, rules_of
from so24.transfer.lane.batches import in_chunks
from so24.transfer.order.vat_doubts import VatKnowledge
from so24.transfer.plan.known_numbers import foresee_numbers
from so24.transfer.plan.plan import plan_in
from so24.transfer.preview.preview import Preview

_PART = 2000  # documents in memory at a time


def read_findings(desk: Desk, invoice_ids: Sequence[int]) -> dict[int, tuple[Finding, ...]]:
    """What the checks find in each document, by invoice id, errors first.

    Documents that are excluded, in transfer or transferred are left out: nothing of them will be
    sent. Raises :class:`NotAllowed`.
    """
    desk.require(Permission.SEE_INVOICES)
    found: dict[int, tuple[Finding, ...]] = {}
    for part in in_chunks(invoice_ids, _PART):
        with desk.reading(Permission.SEE_INVOICES) as session:
            live = live_transfers(session, part)
            selected = documents.load_documents(session, (id_ for id_ in part if id_ not in live))
            waiting = [each for each in selected if not each.invoice.excluded]
            context = load_context(session, desk.settings, waiting)
        found |= {each.invoice_id: check_document(each, context) for each in waiting}
    return found


def read_all_findings(desk: Desk, invoice_ids: Sequence[int]) -> dict[int, tuple[Finding, ...]]:
    """The findings, and whatever else a run of just these documents would block them for.

    That needs more than the document: what a credit note credits, orders in another company,
    which number comes next. Nothing of it is told while the integration is not activated. Raises
    as :func:`read_findings`, and :class:`NotAllowed` to who may not export.
    """
    found = read_findings(desk, invoice_ids)
    try:
        with desk.reading(Permission.EXPORT) as session:
            plan = plan_in(desk.installation, session, list(found))
            refused = dict(foresee_numbers(session, plan))
    except NotActivated:
        return found
    for new in plan.transfers:
        told = found[new.invoice_id]
        if new.state is not State.QUEUED and all(each.reason != new.reason for each in told):
            found[new.invoice_id] = (Finding(new.reason, new.words), *told)
    for invoice_id, refusal in refused.items():
        found[invoice_id] = (Finding(refusal.reason, refusal.words), *found[invoice_id])
    return found


def find_warnings(desk: Desk, preview: Preview) -> dict[int, tuple[Finding, ...]]:
    """The warnings of the documents that go by this preview and have any, by invoice id.

    For the question before an export: these go unless a person thinks better of it. What the plan
    has found is not looked for again. Raises as :func:`read_findings`.
    """
    desk.require(Permission.SEE_INVOICES)
    plan = preview.plan
    going = [plan.documents[each] for lane in preview.lanes for each in lane.invoice_ids]
    with desk.reading(Permission.SEE_INVOICES) as session:
        context = load_context(session, desk.settings, going)
    found: dict[int, tuple[Finding, ...]] = {}
    for document in going:
        known = plan.warnings.get(document.invoice_id, ())
        told = (*known, *check_surroundings(document, context))
        if told and all(each.severity is Severity.WARNING for each in told):
            found[document.invoice_id] = told
    return found


def read_series(desk: Desk) -> list[SeriesReport]:
    """Every number series with its gaps and doubled numbers; raises :class:`NotAllowed`."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        numbers = neighbours.all_numbers(session)
    return report_series(numbers)


def newest_change(installation: Installation) -> int:
    """A figure that grows with every import, decision and change of a key.

    What was found at one figure still holds at the same figure; what 24SevenOffice was seen to
    have meanwhile is not in it.
    """
    with installation.db.reading() as session:
        return audit.newest_change(session)


def load_context(
    session: Session, settings: Settings, documents: Sequence[Document]
) -> CheckContext:
    """The rules with everything that the store knows around these documents.

    Some few queries per 500 documents, whatever their customers have besides.
    """
    ids = [each.invoice_id for each in documents]
    departments = {each.invoice.department_id for each in documents}
    numbers = {line.product_number for each in documents for line in each.lines}
    return replace(
        _read_ways(session, rules_of(settings), departments, numbers),
        said_by=_read_said(session, documents),
        usual=neighbours.usual_totals(session, (each.invoice.customer_id for each in documents)),
        documents_alike=neighbours.documents_alike(session, ids),
        numbers_alike=neighbours.numbers_alike(session, [each.invoice for each in documents]),
    )


def _read_said(session: Session, documents: Sequence[Document]) -> dict[int, str]:
    """Who has said that these documents are their customers', where that is a person's word."""
    names = {each.invoice_id: each.invoice.full_name for each in documents if is_said(each.invoice)}
    said = who_said_whose(session, names.values())
    return {each: said[name] for each, name in names.items() if name in said}


def _read_ways(
    session: Session, rules: CheckContext, departments: Iterable[int], numbers: Iterable[str]
) -> CheckContext:
    """The rules with what is known of the keys by which the departments go."""
    rows = keys.living_keys(session)
    scopes = scopes_of(rows, keys.served_departments(session))
    routed = {each: route(each, scopes) for each in departments}
    ways = {each: scope for each, scope in routed.items() if scope is not None}
    known = {scope: _know_products(session, scope, numbers) for scope in set(ways.values())}
    return replace(
        rules,
        keyless={each: why_no_way(each, scopes) for each, to in routed.items() if to is None},
        key_fields={each: scope.key_fields for each, scope in ways.items()},
        key_products={each: known[scope] for each, scope in ways.items()},
        default_products={each: scope.default_product for each, scope in ways.items()},
    )


def _know_products(session: Session, scope: KeyScope, numbers: Iterable[str]) -> KeyProducts:
    linked = linked_products(session, scope.client_id, [*numbers, scope.default_product])
    return KeyProducts(scope.name, VatKnowledge(scope.key_fields, scope.categories, linked))
