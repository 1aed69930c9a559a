"""All tables in one place, for the migrations and for whoever wants the whole picture.

::

    user_account ─< login_session          audit_event        activation
    user_account ─< list_view, ticked_documents: filters under names, ticks of open tabs
    department >─< office_key (key_department)
    customer ─< invoice ─< invoice_line    product            import_run ─< invoice
    credit_statement: what RecMan's report says of a credit note, whether that is here or not
    run ─< transfer >─ invoice             transfer ─< transfer_event     history_anchor
    sent_order: what was to be sent of a document, in full, by the hash in its history
    day_head: what history and audit trail were when a day ended, sealed
    customer_link, product_link, order_link: our ids beside 24SevenOffice's, per organization
    invoice ─ payment: what 24SevenOffice states of it     payment_reading: how far that is read
    recman_connection, recman_calls: the key to RecMan and how it is read, calls per day
    user_account ─< alert_choice ─< alert_delivery >─ alert: who is told of what, and what was
    schedule ─< schedule_occasion: what is done by itself when     schedule_left >─ invoice
    ledger_result: what each reconciliation has said, by which witness
    worker: living processes               shown_preview: what dry runs have shown
    original ─< original_piece: files as they came       original ─< import_original >─ import_run
    document_import: which imports brought a document    inbox_file: what a drop folder owes
"""

from __future__ import annotations

from so24.store.tables import (
    alert_tables,
    document_tables,
    key_tables,
    ledger_tables,
    original_tables,
    payment_tables,
    people_tables,
    schedule_tables,
    transfer_tables,
)
from so24.store.tables.ground import Table

METADATA = Table.metadata
MODULES = (
    alert_tables,
    people_tables,
    key_tables,
    document_tables,
    original_tables,
    transfer_tables,
    payment_tables,
    schedule_tables,
    ledger_tables,
)
