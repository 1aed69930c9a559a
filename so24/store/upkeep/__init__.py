"""Back-up, restore, inspection and what is cleared away."""
