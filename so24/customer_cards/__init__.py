"""Customers' cards in 24SevenOffice, and products, beside ours: differences, updates, links."""
