"""The web app's own parts: frame, login, and what the pages share. Streamlit is at home here."""
