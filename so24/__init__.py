"""so24 sends RecMan's invoices to 24SevenOffice, each one exactly once."""
