"""What the pages *Invoice overview* and *Imports* draw."""
