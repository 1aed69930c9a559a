"""What 24SevenOffice holds: read back, and reconciled with what so24 has transferred."""
