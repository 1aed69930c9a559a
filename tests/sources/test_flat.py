"""A file of many lines takes no more memory than one of few, but for some bytes a document."""

from __future__ import annotations

import pytest

from tests.benchmarks.imports import LINES, make_lines, measure
from tests.sources.report_files import as_csv, as_grid

FEW, MANY = 4_000, 12_000  # documents
MOST_A_DOCUMENT = 900  # bytes, those of the file itself among them: it has 700 a document


@pytest.mark.long
def test_memory_grows_by_some_bytes_a_document_and_not_by_the_lines() -> None:
    peaks = []
    for documents in (FEW, MANY):
        content = as_csv(as_grid(make_lines(invoices=documents)), ";", "utf-8")
        first, again = measure(content)
        assert (first.taken, again.taken) == (documents, documents)
        peaks.append(again.peak * 2**20)
    assert (peaks[1] - peaks[0]) / (MANY - FEW) < MOST_A_DOCUMENT, f"{LINES} lines each"
