"""Queries about users, their logins, and the audit trail."""
