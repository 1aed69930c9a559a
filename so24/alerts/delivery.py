"""One message that is owed: claimed, sent, noted.

It is claimed in the store before it is sent, so that two processes never send it both. What a
process had claimed when it was killed is sent again after a while, under the same id: an alert that
is lost is worse than one that a mail program shows as the same message once more.
"""

from __future__ import annotations

import datetime as dt

from so24.alerts.mail import send_mail
from so24.alerts.message import Message, compose, language_of_message
from so24.alerts.webhook import send_webhook
from so24.installation import Installation
from so24.store.alerts.deliveries import claim, end_failed, end_sent
from so24.store.tables.alert_tables import Channel
from so24.store.tables.ground import now

_WAITS = (1, 2, 5, 10, 30, 60, 180, 360)  # minutes to the next attempt, by those made


def deliver(installation: Installation, delivery_id: int) -> bool:
    """Send the message, unless it was sent or somebody is at it; whether it was sent now."""
    owed = installation.db.insisting(lambda session: claim(session, delivery_id))
    if owed is None:
        return False
    settings = installation.settings
    message = compose(owed, settings, language_of_message(owed.language, settings))
    failure = send(installation, owed.channel, owed.address_sealed, message)
    if failure:
        again = now() + dt.timedelta(minutes=_WAITS[min(owed.attempts, len(_WAITS)) - 1])
        installation.db.insisting(lambda session: end_failed(session, owed, failure, again))
        return False
    installation.db.insisting(lambda session: end_sent(session, delivery_id))
    return True


def send(installation: Installation, channel: Channel, sealed: str, message: Message) -> str:
    """Send a message to a sealed address; returns why it was not sent, or an empty text."""
    address = installation.vault.unseal(sealed)
    by = send_mail if channel is Channel.EMAIL else send_webhook
    return by(installation.settings, address, message)
