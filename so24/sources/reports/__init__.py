"""RecMan's reports: invoice lines, credit notes, customers. Tables become documents."""
