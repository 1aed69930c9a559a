"""What is kept, given out, and purged in time."""
