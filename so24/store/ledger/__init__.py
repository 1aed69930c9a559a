"""Reconciliations: what they have said, and what stands beside a SAF-T export.

::

    results.py   each reconciliation's result, kept: written, read, thinned
    booked.py    the documents that 24SevenOffice has booked as so24 knows it, with their numbers
"""
