"""The company login: users come by their company's own accounts (OpenID Connect), too.

::

    words        what is told to people where it does not end well
    provider     what the company's provider says of itself, its keys, and what it gives for a code
    id_token     what the provider says of a person, and whether that may be believed
    trip         from the login page to the provider and back, sealed for one browser
    entering     who comes back: taken once, mapped to a user, let in or not
    linking      the administrator's part: which person of the company a user is
    look         whether the provider answers, for ``so24 check``

Streamlit has a login of this kind (``st.login``). Its cookie and its idea of who is signed in would
stand beside ours: the guard, the list of one's logins, idle limits, revocation and the proof after
five minutes would all be gone around. So the flow belongs to routes of ours, and ends in a login
session like any other.
"""
