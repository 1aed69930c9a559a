"""What is done by itself at its time."""
