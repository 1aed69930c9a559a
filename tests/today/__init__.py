"""What needs whom now."""
