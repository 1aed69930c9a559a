"""Figures for analysts: charts, and beside each the table of what it shows."""
