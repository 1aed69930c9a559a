"""People: users with roles and passwords, their logins, and what each role may do.

::

    passwords, second_factor     which may be chosen, how they are kept; codes of an app
    visitors, known_browsers     who asks, from where, in a browser that is known
    delays, attempts             when the next try may be made; few at once
    logins, half_logins, proof   how users come in, and prove again who they are
    own_logins, own_second_factor    what users see and end, set up and remove of their own
    users                        who they are
    roles, desk                  what each role may do; where a service works, and for whom
    audit_trail                  who did what, or was refused it
    lists/                       what they have chosen on lists: filters, views, ticks
    company_login/               how users come by their company's accounts
"""
