"""What the pages *Today* and *Marketplace* draw: tiles, the list of a pile, the card."""
