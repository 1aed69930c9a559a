"""What the page *Invoice overview* draws."""
