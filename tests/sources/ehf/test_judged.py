"""3,876 variants of four official examples, each with the verdict of the official schema and rules.

They are read where the folder ``../shared/ehf`` is beside the project, or from the file that
``SO24_TEST_JUDGED`` names. No valid one may be refused
but by a limit of ours that says so; none that the rules refuse may come in with another amount,
sign, VAT rate, number, date or party than it states. The rest is counted by rule and printed.
"""

from __future__ import annotations

import json
import lzma
import os
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from so24.sources.documents.documents import SourceCustomer, SourceDocument
from so24.sources.documents.totals import add_up
from so24.sources.ehf.markup import PREFIXES
from so24.sources.ehf.rule_table import Does, find_rule
from so24.sources.reading import read_files
from so24.store.tables.document_tables import DocumentKind
from tests.sources.ehf.bills import OSLO

_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "ehf" / "judged.tar.xz"
JUDGED = Path(os.environ.get("SO24_TEST_JUDGED") or _BESIDE)
OURS = ("so24's own limit: ", "it is ", "its buyer ")
# what the table refuses, and the import reads all the same because its value is certain: a further
# line of an address that is not the buyer's
CERTAIN = {"UBL-SR-51"}
BLANK = "blank "

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not JUDGED.exists(), reason="the official verdicts are not at hand here"),
]


def read_verdicts() -> Iterator[tuple[dict[str, Any], bytes]]:
    """Each verdict with its file."""
    with lzma.open(JUDGED) as packed, tarfile.open(fileobj=packed) as archive:
        files = {
            member.name.removeprefix("./"): opened.read()
            for member in archive
            if (opened := archive.extractfile(member))
        }
    for line in files.pop("verdicts.jsonl").splitlines():
        verdict = json.loads(line)
        yield verdict, files[verdict["file"]]


def find_falsehoods(
    content: bytes, document: SourceDocument, customer: SourceCustomer
) -> list[str]:
    """What the document says otherwise than its file, read once more by plain paths."""
    root = etree.fromstring(content)
    if etree.QName(root).localname not in ("Invoice", "CreditNote"):
        root = root[-1]

    def text(path: str) -> str:
        return " ".join((root.findtext(path, "", PREFIXES) or "").split())

    party = "cac:AccountingCustomerParty/cac:Party"
    totals, more = add_up(document.lines), document.particulars
    sign = -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
    stated = abs(Decimal(text("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")))
    net = abs(Decimal(text("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")))
    rates = {
        Decimal(each.text or "0")
        for each in root.iterfind(".//cac:ClassifiedTaxCategory/cbc:Percent", PREFIXES)
    } | {
        Decimal(each.text or "0")
        for each in root.iterfind("cac:AllowanceCharge/cac:TaxCategory/cbc:Percent", PREFIXES)
    }
    pairs = {
        "number": (document.number, text("cbc:ID")),
        "date": (str(document.invoice_date), text("cbc:IssueDate")[:10]),
        "currency": (document.currency, text("cbc:DocumentCurrencyCode")),
        "name": (
            document.customer_name,
            text(f"{party}/cac:PartyLegalEntity/cbc:RegistrationName"),
        ),
        "country": (
            customer.country,
            text(f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
        ),
        "total": (more.total, sign * stated),
        "net": (totals.net, sign * net),
        "rates": ({line.vat_rate for line in document.lines}, rates),
    }
    if not document.held:
        pairs["reckoned"] = (totals.total, sign * stated)
    return [name for name, (ours, theirs) in pairs.items() if ours != theirs]


def test_our_verdicts_are_held_against_the_official_ones() -> None:
    taken: Counter[str] = Counter()
    wrong, counted = [], Counter[tuple[str, str]]()
    for verdict, content in read_verdicts():
        (source,) = read_files([(verdict["file"], content)], megabytes=20, supplement=OSLO)
        valid = verdict["verdict"] == "valid"
        if not source.documents:
            counted[verdict["verdict"], "refused"] += 1
            reasons = [row.reason.split(": ", 1)[1] for row in source.refused]
            if valid and not all(reason.startswith(OURS) for reason in reasons):
                wrong.append(f"{verdict['file']} is valid, and refused: {reasons}")
            continue
        (document,), (customer,) = source.documents, source.customers
        counted[verdict["verdict"], "held" if document.held else "taken"] += 1
        if found := find_falsehoods(content, document, customer):
            wrong.append(f"{verdict['file']} ({verdict['change']}): {found}")
        if valid:
            continue
        for code in verdict["fatal"] or ["the schema"]:
            taken[code] += 1
            rule = find_rule(code)
            certain = verdict["change"].startswith(BLANK) or code in CERTAIN
            if code != "the schema" and not certain and (rule is None or rule.does is Does.REFUSE):
                wrong.append(f"{verdict['file']} ({verdict['change']}) breaks {code}, and came in")
    lines = [str(dict(counted))]
    for code, count in taken.most_common():
        rule = find_rule(code)
        lines.append(f"{count:5} {code}: {f'{rule.does.value}, {rule.says}' if rule else ''}")
    sys.stdout.write("\n".join(["", *lines, ""]))
    assert wrong == []
    assert sum(counted.values()) == 3876
