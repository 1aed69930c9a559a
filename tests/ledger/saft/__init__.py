"""SAF-T exports as a witness: the reader, the comparison, the service."""
