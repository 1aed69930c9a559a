"""The fingerprint of a document's content, by which a change is seen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple

from so24.sources.documents.documents import CUSTOMER, Particulars, SourceDocument, SourceLine


def fingerprint(document: SourceDocument, department: str = "") -> str:
    """A hash of all that the source states about the document but its identity.

    The order of the lines does not count, nor do a person's decisions (kind, invoice date), the
    department, whose number may become known later, the customer's name, and a customer number
    that is not the source's own word. Documents that landed before that was so have
    ``department`` in theirs.
    """
    content = [
        department,
        "" if CUSTOMER in document.unstated else document.customer_number,
        document.currency,
        str(document.invoice_date or ""),
        document.our_reference,
        document.project_number,
        document.project_name,
        sorted(map(_line, document.lines)),
    ]
    if document.particulars != Particulars():  # sources that state none came before those that do
        content.append([_plain(value) for value in astuple(document.particulars)])
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _line(line: SourceLine) -> list[str]:
    # every amount has its full scale here, so equal amounts have equal texts
    values = [
        line.product_number,
        line.product_name,
        line.text,
        str(line.quantity),
        str(line.unit_price),
        str(line.net),
        str(line.vat_rate),
        "" if line.vat is None else str(line.vat),
        "" if line.total is None else str(line.total),
        str(line.line_date or ""),
    ]
    return [*values, line.vat_category] if line.vat_category else values


def _plain(value: object) -> str:
    return "" if value is None else str(value)
