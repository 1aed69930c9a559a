"""The product against what it did not bring along: the vendor's interface files, a foreign peer."""
