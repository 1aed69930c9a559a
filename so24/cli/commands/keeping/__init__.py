"""Commands about what is kept: of whom and how long, key material, and the whole database."""
