"""What the page *Credentials* draws."""
