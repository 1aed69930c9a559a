"""Queries about documents, customers, imports and decisions about them."""
