"""The help: its pages agree in both languages, lead somewhere, and say what is so."""
