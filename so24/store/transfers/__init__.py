"""Queries about runs, transfers, their history, and links to what 24SevenOffice holds."""
