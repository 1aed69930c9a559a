"""The evidence pack: one ZIP that proves a company's documents of a month, without so24.

::

    month.py      the month and the company that a pack is of
    records.py    each document, order, event and anchor as a line of the pack
    pack.py       the ZIP: originals, lines, summaries, manifest, verifier; its seal
    archive.py    the ZIP while it is written, with hashes and counts
    summary.py    the readable page of the pack, in each language
    made.py       the packs that were made, with their seals
    verify.py     what whoever gets the pack runs: nothing but Python's own library
"""
