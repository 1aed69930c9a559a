"""Payments, as 24SevenOffice states them."""
