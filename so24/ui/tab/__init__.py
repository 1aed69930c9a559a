"""What belongs to one tab of a browser, on any page: ticks, what its address says, language."""
