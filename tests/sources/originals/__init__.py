"""Files are kept as they came: with their imports and documents, for their time, bit by bit."""
