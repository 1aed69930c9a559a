"""All settings of an installation, read once from ``SO24_…`` variables or a ``.env`` file."""

from __future__ import annotations

import datetime as dt
import os
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from so24.addresses import (
    RECMAN_LIVE,
    Network,
    check_database_address,
    check_office_address,
    check_provider_address,
    check_recman_address,
    read_networks,
)
from so24.errors import ConfigurationError
from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.identifiers import read_identifier
from so24.language.said import say
from so24.vault import own_secret

OFFICE_LIVE = "https://api.24sevenoffice.com"
SANDBOX_APPLICATION = "00000000-0000-4000-8000-000000000024"
CHECKOUT = Path(__file__).resolve().parents[1]
LOOPBACK_HOSTS = "localhost, 127.0.0.1, [::1]"
ANY_HOST = "*"
SHORTEST_TOKEN = 24  # characters, of what a program reads the figures with
SHORTEST_COOKIE_KEY = 32  # bytes, of HMAC-SHA256's own length
LEASE_MARGIN_SECONDS = 5.0  # for a heartbeat that comes late
_ROLES = {"admin", "finance", "analyst"}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_OF_THE_TESTS = re.compile(r"SO24_(TEST_.*|LONG|VENDOR_WSDL)")


class Settings(BaseSettings):
    """The settings of one installation; every field is ``SO24_`` + its name in the environment.

    Raises :class:`pydantic.ValidationError` on bad values; use :func:`read_settings` to get the
    sentence for the user instead. Secrets never appear in its ``repr``.
    """

    model_config = SettingsConfigDict(
        env_prefix="SO24_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    mode: Literal["sandbox", "live"] = "sandbox"
    data_dir: Path = CHECKOUT / "data"
    database_url: str = ""
    office_url: str = ""
    recman_url: str = RECMAN_LIVE
    application_id: str = SANDBOX_APPLICATION
    secret_keys: SecretStr = SecretStr("")
    cookie_key: SecretStr = SecretStr("")
    tenant: str = "recman"
    demo: bool = True
    worker: Literal["auto", "off"] = "auto"
    lanes: int | None = Field(default=None, ge=1, le=64)

    language: Literal["", "en", "nb"] = ""  # "": that of each browser

    price: str = say("NOK 990 per month")
    card_text: str = say(
        "Sends the invoices you tick in RecMan's invoice overview to 24SevenOffice, each one "
        "exactly once, and shows a receipt for every one of them."
    )

    batch_size: int = Field(default=50, ge=1, le=100)
    chunk_size: int = Field(default=100, ge=1, le=1000)
    connect_seconds: float = Field(default=5, gt=0)
    read_seconds: float | None = Field(default=None, gt=0)
    settle_seconds: float | None = Field(default=None, ge=0)
    login_pause_seconds: float = Field(default=60, ge=0)
    patience_seconds: float | None = Field(default=None, ge=0)
    retry_by_itself: bool = True
    pace_per_second: float = Field(default=0, ge=0)  # 0: by mode, see _choose_pace
    pace_burst: int = Field(default=20, ge=1)
    lease_seconds: float | None = Field(default=None, gt=0)

    closed_until: dt.date | None = None
    vat_rates: str = "25, 15, 12, 11.11, 0"

    hosts: str = LOOPBACK_HOSTS
    tls_cookie: bool | None = None
    proxies: str = ""
    second_factor: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = Field(default=say("company account"), min_length=1, max_length=60)
    oidc_second_factor: str = ""
    idle_minutes: int = Field(default=60, ge=1)
    session_hours: int = Field(default=12, ge=1)
    upload_megabytes: int = Field(default=20, ge=1)
    ehf_allowance_product: str = Field(default="", max_length=100)
    ehf_charge_product: str = Field(default="", max_length=100)
    ehf_rules: str = ""
    sellers: str = ""
    keep_years: int = Field(default=5, ge=1, le=100)
    keep_refused_days: int = Field(default=90, ge=1)
    metrics_token: SecretStr = SecretStr("")
    log: Literal["text", "json"] = "text"
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = ""
    webhook_hosts: str = ""
    public_url: str = ""
    alert_minutes: int = Field(default=60, ge=1)
    payments_hours: float = Field(default=4, ge=0, le=168)  # 0: only when somebody asks
    inbox: Path | None = None
    inbox_seconds: float = Field(default=2.0, ge=0.05, le=3600)

    @field_validator("office_url")
    @classmethod
    def _check_office_url(cls, value: str) -> str:
        return check_office_address(value) if value else value

    @field_validator("ehf_allowance_product", "ehf_charge_product")
    @classmethod
    def _read_product(cls, value: str) -> str:
        return read_identifier(value)

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        return check_database_address(value) if value else value

    @field_validator("closed_until", "inbox", mode="before")
    @classmethod
    def _read_nothing(cls, value: object) -> object:
        """An empty variable closes nothing, and names no folder."""
        return None if value == "" else value

    @field_validator("vat_rates")
    @classmethod
    def _check_vat_rates(cls, value: str) -> str:
        try:
            fitting = all(0 <= rate <= 100 for rate in _read_rates(value))
        except InvalidOperation:
            fitting = False
        if not fitting:
            raise ValueError(
                say("must be per cents with commas between them, such as 25, 15, 11.11")
            )
        return value

    @field_validator("sellers")
    @classmethod
    def _check_sellers(cls, value: str) -> str:
        if not all(map(is_norwegian_number, _read_list(value))):
            raise ValueError(say("must be organization numbers with commas between them"))
        return value

    @field_validator("second_factor")
    @classmethod
    def _check_second_factor(cls, value: str) -> str:
        if not set(_read_list(value)) <= _ROLES:
            raise ValueError(say("must be roles with commas between them: admin, finance, analyst"))
        return value

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics_token(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters, or be empty")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str) -> str:
        return check_provider_address(value) if value else value

    @field_validator("proxies")
    @classmethod
    def _check_proxies(cls, value: str) -> str:
        read_networks(value)
        return value

    @field_validator("hosts")
    @classmethod
    def _check_hosts(cls, value: str) -> str:
        hosts = [each.lower() for each in _read_list(value)]
        if not hosts or any(each != ANY_HOST and not _HOST.fullmatch(each) for each in hosts):
            raise ValueError(
                say(
                    "must be names of hosts with commas between them and without ports, such as "
                    "localhost, so24.example.com"
                )
            )
        return value

    @field_validator("recman_url")
    @classmethod
    def _check_recman_url(cls, value: str) -> str:
        return check_recman_address(value)

    @model_validator(mode="after")
    def _check_live(self) -> Settings:
        if self.mode == "live":
            if not self.secret_keys.get_secret_value() or not self.cookie_key.get_secret_value():
                raise ValueError(
                    say(
                        "live mode needs SO24_SECRET_KEYS and SO24_COOKIE_KEY; "
                        "`so24 secrets new` prints both"
                    )
                )
            if self.application_id == SANDBOX_APPLICATION:
                raise ValueError(say("live mode needs SO24_APPLICATION_ID, given by 24SevenOffice"))
            if not _GUID.fullmatch(self.application_id):
                raise ValueError(
                    say("SO24_APPLICATION_ID must be a GUID, as 24SevenOffice gave it")
                )
            if len(self.cookie_key.get_secret_value().encode()) < SHORTEST_COOKIE_KEY:
                raise ValueError(
                    say(
                        "SO24_COOKIE_KEY is too short: at least {shortest} characters; "
                        "`so24 secrets new` prints one",
                        shortest=SHORTEST_COOKIE_KEY,
                    )
                )
        return self

    @model_validator(mode="after")
    def _check_mail(self) -> Settings:
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError("e-mail needs SO24_MAIL_FROM, the address that alerts come from")
        if self.smtp_user and self.smtp_tls == "none" and self.live:
            raise ValueError("SO24_SMTP_TLS: a password is not sent without TLS")
        return self

    @model_validator(mode="after")
    def _check_company_login(self) -> Settings:
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret.get_secret_value())
        if any(given) and not all(given):
            raise ValueError(
                say(
                    "the company login needs SO24_OIDC_ISSUER, SO24_OIDC_CLIENT_ID and "
                    "SO24_OIDC_CLIENT_SECRET, all three"
                )
            )
        return self

    @model_validator(mode="after")
    def _choose_pace(self) -> Settings:
        """24SevenOffice allows 7,200 requests an hour (its FAQ); the sandbox only mimics bursts."""
        if not self.pace_per_second:
            self.pace_per_second = 2.0 if self.live else 25.0
        return self

    @model_validator(mode="after")
    def _check_lease(self) -> Settings:
        """A worker's lanes must not be taken over while a call of its own is under way."""
        margin = LEASE_MARGIN_SECONDS if self.live else 0.0
        if self.lease <= self.longest_call or self.lease < self.longest_call + margin:
            raise ValueError(self._say_shortest_lease(margin))
        return self

    def _say_shortest_lease(self, margin: float) -> str:
        longest = f"{self.longest_call:g}"
        if not margin:
            return say(
                "SO24_LEASE_SECONDS must be longer than the longest call, {longest} "
                "(SO24_CONNECT_SECONDS and SO24_READ_SECONDS together)",
                longest=longest,
            )
        return say(
            "SO24_LEASE_SECONDS must be at least {margin} seconds longer than the longest call, "
            "{longest} (SO24_CONNECT_SECONDS and SO24_READ_SECONDS together)",
            margin=f"{margin:g}",
            longest=longest,
        )

    @property
    def live(self) -> bool:
        """Whether the installation talks to 24SevenOffice itself and not to the sandbox."""
        return self.mode == "live"

    @property
    def practice(self) -> str:
        """What people are told of the sandbox, as a sentence; empty in live mode."""
        if self.live:
            return ""
        return say("A practice 24SevenOffice: nothing here reaches real books.")

    @property
    def own_sandbox(self) -> bool:
        """Whether this installation runs its own sandbox, rather than one at an address."""
        return not self.live and not self.office_url

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the store; a SQLite file in the data folder by default."""
        return self.database_url or f"sqlite:///{self.data_dir / 'so24.db'}"

    @property
    def hosts_of_webhooks(self) -> frozenset[str]:
        """The hosts, in small letters, that alerts may be sent to; theirs below them as well."""
        return frozenset(each.lower().lstrip(".") for each in _read_list(self.webhook_hosts))

    @property
    def known_vat_rates(self) -> frozenset[Decimal]:
        """The VAT rates that need no second look, in per cent."""
        return _read_rates(self.vat_rates)

    @property
    def own_sellers(self) -> frozenset[str]:
        """The organization numbers whose EHF files may come in; empty where any may."""
        return frozenset(map(bare_number, _read_list(self.sellers)))

    @property
    def ehf_rule_files(self) -> tuple[Path, ...]:
        """The compiled rule files that give a second opinion on EHF."""
        return tuple(Path(each) for each in self.ehf_rules.split(os.pathsep) if each.strip())

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """The roles that sign in with a second factor only; the others may have one."""
        return frozenset(_read_list(self.second_factor))

    @property
    def company_login(self) -> bool:
        """Whether people may sign in by their company's accounts, too."""
        return bool(self.oidc_issuer)

    @property
    def company_second_factors(self) -> frozenset[str]:
        """What the company's provider says (``amr``, ``acr``) where it has asked for a second one.

        By default nothing: then a second factor of so24 is asked for as with a password.
        """
        return frozenset(_read_list(self.oidc_second_factor))

    @property
    def trusted_proxies(self) -> tuple[Network, ...]:
        """The proxies whose word is taken for where a visitor is; none by default."""
        return read_networks(self.proxies)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The names, in small letters, at which the dashboard answers; `ANY_HOST` is any."""
        return frozenset(each.lower() for each in _read_list(self.hosts))

    @property
    def secure_cookie(self) -> bool:
        """Whether cookies are sent over https only, and by a name that says so."""
        return self.live if self.tls_cookie is None else self.tls_cookie

    @property
    def deadline(self) -> float:
        """Seconds until a call to the office is given up as unknown."""
        return self.read_seconds or (120.0 if self.live else 10.0)

    @property
    def longest_call(self) -> float:
        """Seconds that no call can outlast, connection included."""
        return self.connect_seconds + self.deadline

    @property
    def lease(self) -> float:
        """Seconds of silence after which other workers take over a worker's lanes (PostgreSQL)."""
        return self.lease_seconds or self.longest_call + 30

    @property
    def lanes_at_once(self) -> int:
        """Lanes that one process works at the same time.

        A lane mostly waits for 24SevenOffice, so one process can work many; where there may be
        several workers, each takes few, so that the lanes spread over all of them.
        """
        return self.lanes or (8 if self.database.startswith("sqlite") else 2)

    @property
    def settle(self) -> float:
        """Seconds after a lost answer before anybody looks: the call's own deadline."""
        return self.deadline if self.settle_seconds is None else self.settle_seconds

    @property
    def patience(self) -> float:
        """Seconds a lane keeps trying when 24SevenOffice cannot be reached."""
        if self.patience_seconds is not None:
            return self.patience_seconds
        return 120.0 if self.live else 6.0

    @property
    def default_tolerance(self) -> Decimal:
        """Accepted difference of totals of a new key, in the invoice's currency."""
        return Decimal("0.05") if self.live else Decimal("0.00")


def read_settings(*, keep: bool = True) -> Settings:
    """Read and check the settings; raises :class:`ConfigurationError` with one sentence.

    ``keep``: sandbox mode keeps the key material that it makes for itself in the data folder; else
    nothing is written, and what was not there yet is forgotten again.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError(_tell_trouble(error)) from None
    return settings if settings.live else _with_own_secrets(settings, keep)


def _tell_trouble(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    own = first.get("ctx", {}).get("error")  # a rule of ours; others are told in pydantic's words
    reason = own.args[0] if isinstance(own, ValueError) else first["msg"]
    if not first["loc"]:
        return say("The settings are not usable: {why}.", why=reason)
    name = f"SO24_{str(first['loc'][0]).upper()}"
    return say("The settings are not usable: {name}: {why}.", name=name, why=reason)


def unknown_settings() -> list[str]:
    """Names in the environment or the ``.env`` file that begin like a setting and are none."""
    given = {*os.environ, *dotenv_values(".env")}
    known = {f"SO24_{name.upper()}" for name in Settings.model_fields}
    ours = {name for name in given if name.upper().startswith("SO24_")}
    return sorted(
        name for name in ours if name.upper() not in known and not _OF_THE_TESTS.fullmatch(name)
    )


def _read_list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _read_rates(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(part.strip()) for part in text.split(",") if part.strip())


def _with_own_secrets(settings: Settings, keep: bool) -> Settings:
    """In sandbox mode what is not set is made once and kept."""
    missing = [
        name
        for name, given in (
            ("secret_keys", settings.secret_keys),
            ("cookie_key", settings.cookie_key),
        )
        if not given.get_secret_value()
    ]
    own = {name: own_secret(settings.data_dir, name, keep=keep) for name in missing}
    return settings.model_copy(update=own)
