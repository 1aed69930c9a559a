"""Any history at all: random deeds of people, networks and processes, and the rules that hold."""
