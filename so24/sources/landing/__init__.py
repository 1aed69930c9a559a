"""How documents land in the store: each once, changes seen, contradictions refused."""
