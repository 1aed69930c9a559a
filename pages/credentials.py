import streamlit as st

from so24.people.roles import Permission
from so24.ui.session import require_page

require_page(Permission.MANAGE_KEYS)
st.title("Credentials")
