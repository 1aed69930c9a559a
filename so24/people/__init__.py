"""People: users with roles and passwords, their logins, and what each role may do.

::

    passwords                    which may be chosen, how they are kept
    visitors, delays, attempts   who asks, from where; when the next try may be made; few at once
    logins, own_logins           how users come in; which of their own logins are open
    users                        who they are
    roles, desk                  what each role may do; where a service works, and for whom
    audit_trail                  who did what, or was refused it
"""
