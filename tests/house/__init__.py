"""How the house is built: figures that a person compares, not a test that passes or fails."""
