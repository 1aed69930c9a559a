"""Cases that people who do this job have reported, each with its right outcome in the books."""
