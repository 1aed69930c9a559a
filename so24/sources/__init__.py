"""How invoices come in: readers of files, and the one intake that all of them end in."""
