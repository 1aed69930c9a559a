"""People: users with roles and passwords, their logins, and what each role may do.

::

    users, logins                who they are, and how they come in
    roles, desk                  what each role may do; where a service works, and for whom
    audit_trail                  who did what, or was refused it
"""
