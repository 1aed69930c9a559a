"""The tables of the store, and the types of their columns. All other parts stand on these."""
