"""What the pages *Receipts*, *Transfer history* and *Inside 24SevenOffice* draw."""
