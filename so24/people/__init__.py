"""People: roles, users, login sessions and the audit trail."""
