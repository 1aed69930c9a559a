"""Parts that several pages draw with: tables of documents, and the basket of ticks."""
