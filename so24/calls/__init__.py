"""Calls over HTTP: to services that are not 24SevenOffice, and a tally of those to it.

``bounded`` makes one call: an address, a time and a size that are never exceeded, and no detours.
What RecMan answers is read in :mod:`so24.sources.recman`, what the company's login provider answers
in :mod:`so24.people.company_login`. ``tally`` counts the calls to 24SevenOffice.
"""
