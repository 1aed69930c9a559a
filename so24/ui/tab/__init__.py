"""What belongs to one tab of a browser, on whatever page: what is ticked, what its address says."""
