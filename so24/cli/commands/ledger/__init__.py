"""Proof that both sides hold the same: read from 24SevenOffice, or out of a SAF-T export."""
