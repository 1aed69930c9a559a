"""What ``so24 check`` looks at: what is around so24, and the store."""
