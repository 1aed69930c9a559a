"""The invoice overview: documents in the store, searched, decided upon and counted."""
