"""One document in its drawer: the same from every list, for each role what it may see."""
