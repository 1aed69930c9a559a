"""The question before an export: preview, warnings, requests."""
