"""Queries about keys, departments and the connection to RecMan."""
