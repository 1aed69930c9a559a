"""What the sandbox holds, and the operations on it: companies, products, orders, identities."""
