"""What every reader yields: documents with their lines, totals, signs and fingerprint."""
