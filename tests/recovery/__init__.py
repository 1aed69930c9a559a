"""Processes that are killed in the middle of a run, and what is true when others have gone on."""
