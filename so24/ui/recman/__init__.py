"""What the page *RecMan connection* draws."""
