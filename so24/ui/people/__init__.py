"""What the page *Users* draws."""
