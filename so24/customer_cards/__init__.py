"""Customers' cards in 24SevenOffice beside what RecMan says of them: differences and updates."""
