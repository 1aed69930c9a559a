"""Alerts: people are told when something has gone wrong, and when it is well again.

::

    conditions.py   what is wrong at this moment
    watching.py     a look every half minute: raised once, recovered once, messages owed
    delivery.py     one message that is owed: claimed, sent, noted
    message.py      what it says, in the language of who gets it
    mail.py         by e-mail (SMTP)
    webhook.py      to an address of Teams, Slack or the like (JSON)
    choices.py      who wants to be told of what, and where
"""
