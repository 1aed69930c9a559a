"""Tests of the gateway to 24SevenOffice."""
