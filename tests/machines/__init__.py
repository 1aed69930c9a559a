"""Several machines: web replicas and workers as processes of their own on one PostgreSQL."""
