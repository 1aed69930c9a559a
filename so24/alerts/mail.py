"""Messages by e-mail, through the SMTP server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from so24.alerts.message import Message
from so24.language.said import say
from so24.settings import Settings
from so24.store.tables.ground import now

_SECONDS = 20.0


def send_mail(settings: Settings, address: str, message: Message) -> str:
    """Send it; returns why it was not sent, without any secret, or an empty text."""
    if not settings.smtp_host:
        return say("No SMTP server is set (SO24_SMTP_HOST).")
    mail = _write(settings, address, message)
    try:
        with _connect(settings) as server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(mail)
    except smtplib.SMTPAuthenticationError:
        return say("The SMTP server refused user name or password.")
    except smtplib.SMTPRecipientsRefused:
        return say("The SMTP server refused the address.")
    except smtplib.SMTPResponseException as refusal:
        return say("The SMTP server refused it (code {code}).", code=refusal.smtp_code)
    except (smtplib.SMTPException, OSError) as error:
        return say("The SMTP server could not be reached ({why}).", why=type(error).__name__)
    return ""


def _connect(settings: Settings) -> smtplib.SMTP:
    if settings.smtp_tls == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=_SECONDS, context=context
        )
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)


def _write(settings: Settings, address: str, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.mail_from, address
    mail["Subject"] = f"so24: {message.title}"
    mail["Date"] = format_datetime(now())
    # the same for the same alert, so that one that is sent again can be known as that
    mail["Message-ID"] = f"<{message.id}@{settings.mail_from.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail
