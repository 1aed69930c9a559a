"""What the page *Marketplace* draws."""
