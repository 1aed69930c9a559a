"""Queries about documents, customers and decisions about them."""
