"""Who wants to be told of what, and where: each user for himself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from so24.alerts.delivery import send
from so24.alerts.message import compose_trial, language_of_message
from so24.alerts.webhook import check_address
from so24.errors import WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.alerts import choices as store
from so24.store.alerts.deliveries import failures_of
from so24.store.tables.alert_tables import AlertChoice, AlertKind, Channel
from so24.store.tables.ground import now

_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")
MOST_CHOICES = 10  # of one user


@dataclass(frozen=True)
class ChoiceView:
    """A choice as its user sees it; ``failure`` is why the newest message was not sent."""

    id: int
    channel: Channel
    shown: str
    kinds: tuple[AlertKind, ...]
    failure: str = ""


def channels_of(settings: Settings) -> list[Channel]:
    """The ways on which this installation can tell anything: e-mail needs a server set for it."""
    return [each for each in Channel if each is not Channel.EMAIL or settings.smtp_host]


def list_choices(desk: Desk, name: str = "") -> list[ChoiceView]:
    """What one has chosen oneself, or what another user has, for those who manage users."""
    with desk.reading(_needed(desk, name)) as session:
        rows = store.choices_of(session, name or desk.actor.name)
        failures = failures_of(session, [row.row_id for row in rows])
    return [_view(row, failures.get(row.row_id, "")) for row in rows]


def choose_mail(desk: Desk, address: str, kinds: Collection[AlertKind], name: str = "") -> int:
    """Tell of these kinds by e-mail; returns the choice's id. Raises :class:`WrongUse`."""
    desk.require(_needed(desk, name))
    if not _ADDRESS.fullmatch(address.strip()):
        raise WrongUse(say("{address} is no e-mail address.", address=address.strip() or "–"))
    if Channel.EMAIL not in channels_of(desk.installation.settings):
        raise WrongUse(
            say(
                "so24 sends no e-mail here. A System Administrator sets SO24_SMTP_HOST and "
                "SO24_MAIL_FROM."
            )
        )
    return _add(desk, Channel.EMAIL, address.strip(), address.strip(), kinds, name)


def choose_webhook(desk: Desk, address: str, kinds: Collection[AlertKind], name: str = "") -> int:
    """Tell of these kinds by a webhook, whose address is a secret. Raises :class:`WrongUse`."""
    desk.require(_needed(desk, name))
    checked = check_address(desk.installation.settings, address)
    host = checked.split("/")[2]
    return _add(desk, Channel.WEBHOOK, checked, f"{host}/…{checked[-4:]}", kinds, name)


def drop_choice(desk: Desk, choice_id: int, name: str = "") -> None:
    """Tell nothing there any more; :class:`WrongUse` where there is no such choice of the user."""
    with desk.writing(_needed(desk, name)) as session:
        row = _find(store.choices_of(session, name or desk.actor.name), choice_id)
        store.remove_choice(session, choice_id)
        desk.record(session, say("alert dropped"), name or desk.actor.name, row.shown)


def try_choice(desk: Desk, choice_id: int, name: str = "") -> str:
    """Send a message on trial; returns why it was not sent, or an empty text."""
    with desk.reading(_needed(desk, name)) as session:
        row = _find(store.choices_of(session, name or desk.actor.name), choice_id)
        chosen = store.language_of(session, name or desk.actor.name)
    language = language_of_message(chosen, desk.installation.settings)
    trial = compose_trial(choice_id, now(), language)
    return send(desk.installation, row.channel, row.address_sealed, trial)


def _needed(desk: Desk, name: str) -> Permission:
    own = name in ("", desk.actor.name)
    return Permission.SEE_RECEIPTS if own else Permission.MANAGE_USERS


def _add(
    desk: Desk, channel: Channel, address: str, shown: str, kinds: Collection[AlertKind], name: str
) -> int:
    if not kinds:
        raise WrongUse(say("Choose at least one thing to be told of."))
    sealed = desk.vault.seal(address)
    with desk.writing(_needed(desk, name)) as session:
        whose = name or desk.actor.name
        if len(store.choices_of(session, whose)) >= MOST_CHOICES:
            raise WrongUse(say("{count} addresses are the most.", count=MOST_CHOICES))
        made = store.add_choice(session, whose, channel, sealed, shown, kinds)
        desk.record(session, say("alert chosen"), whose, f"{shown}: {', '.join(sorted(kinds))}")
    return made


def _find(rows: Collection[AlertChoice], choice_id: int) -> AlertChoice:
    found = [row for row in rows if row.row_id == choice_id]
    if not found:
        raise WrongUse(say("There is no such choice any more."))
    return found[0]


def _view(row: AlertChoice, failure: str) -> ChoiceView:
    kinds = tuple(AlertKind(each) for each in row.kinds.split(",") if each)
    return ChoiceView(row.row_id, row.channel, row.shown, kinds, failure)
