"""Commands about what needs whom at this moment, and how the installation stands."""
