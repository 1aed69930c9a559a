"""Who comes in by the company login: whom the provider knows and an administrator has linked."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.people import attempts, logins, own_second_factor, users
from so24.people.company_login import linking, trip
from so24.people.company_login.entering import come_back, set_out
from so24.people.company_login.trip import begin_trip, seal_trip
from so24.people.company_login.words import LoginWord
from so24.people.desk import Desk
from so24.people.logins import SignedIn
from so24.people.roles import PROOF_LASTS, is_proved
from so24.people.second_factor import new_enrolment
from so24.people.visitors import Visitor
from so24.store.people.company_identities import identity_of
from so24.store.people.people import known_user
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from tests.people.company_login.conftest import BACK, OFFICE, told, travel
from tests.people.company_login.standin import KARI, StandIn
from tests.people.conftest import PASSWORD, AddPerson, with_settings


def who(opened: Installation, secret: str) -> SignedIn:
    """Whoever is signed in by this secret."""
    user = logins.verify(opened, secret)
    assert user is not None
    return user


@pytest.mark.slow
@pytest.mark.both
def test_the_first_verified_e_mail_binds_the_subject_and_from_then_on_nothing_else_counts(
    company: Installation, provider: StandIn, kari: str
) -> None:
    first = travel(company, provider)
    assert who(company, first.entrance.secret).name == kari
    provider.person = {**KARI, "email": "kari.nordmann@example.com", "email_verified": False}
    assert who(company, travel(company, provider).entrance.secret).name == kari
    provider.person = {**KARI, "sub": "who-was-given-her-address-later"}
    another = travel(company, provider)
    assert (another.entrance.secret, another.word) == ("", LoginWord.UNKNOWN)
    with company.db.reading() as session:
        identity = identity_of(session, known_user(session, kari))
        assert identity is not None
        assert (identity.subject, identity.awaited) == (KARI["sub"], None)
    assert [line[:2] for line in told(company)] == [
        ("ada", "company identity linked"),
        ("kari", "company identity bound"),
        ("kari", "login"),
        ("kari", "login"),
        ("somebody", "company login refused"),
    ]
    assert "who-was-given-her-address-later" in told(company)[-1][2], "for an administrator to link"


CHANGED: tuple[dict[str, object], ...] = (
    {"email_verified": False},
    {"email_verified": None},
    {"email_verified": "true"},
    {"email_verified": 1},
    {"email": None},
    {"email": ["kari@example.com"]},
    {"email": "kari@example.com.evil.example"},
    {"email": "\u212aari@example.com"},  # the sign of Kelvin, which is a small k when folded
)


def test_no_other_e_mail_and_none_that_is_not_verified_maps_to_anybody(
    company: Installation, provider: StandIn, kari: str
) -> None:
    for changed in CHANGED:
        provider.person = {**KARI, **changed}
        arrival = travel(company, provider)
        assert (changed, arrival.word, bool(arrival.entrance)) == (
            changed,
            LoginWord.UNKNOWN,
            False,
        )
    with company.db.reading() as session:
        identity = identity_of(session, known_user(session, kari))
        assert identity is not None
        assert identity.subject is None


def test_nobody_gets_an_account_by_signing_in(company: Installation, provider: StandIn) -> None:
    arrival = travel(company, provider)
    assert arrival.word == LoginWord.UNKNOWN
    assert "System Administrator" in LoginWord.UNKNOWN
    assert "without a verified e-mail" not in told(company)[-1][2]


def test_a_subject_from_the_audit_trail_is_linked_where_there_is_no_verified_e_mail(
    company: Installation, provider: StandIn, desk: Desk, add_person: AddPerson
) -> None:
    provider.person = {"sub": "only-a-subject"}
    travel(company, provider)
    assert "only-a-subject" in told(company)[-1][2]
    linking.link_by_subject(desk, add_person("kari"), "only-a-subject")
    assert travel(company, provider).entrance


def test_a_deactivated_user_stays_out_and_is_not_bound(
    company: Installation, provider: StandIn, desk: Desk, kari: str
) -> None:
    users.deactivate(desk, kari)
    assert travel(company, provider).word == LoginWord.UNKNOWN
    assert told(company)[-1] == ("kari", "company login refused", "deactivated")
    users.reactivate(desk, kari)
    assert travel(company, provider).entrance


def test_the_role_is_so24s_whatever_the_provider_says(
    company: Installation, provider: StandIn, kari: str
) -> None:
    provider.person = {**KARI, "roles": ["admin"], "groups": ["System Administrator"]}
    secret = travel(company, provider).entrance.secret
    assert who(company, secret).role == Role.FINANCE


def enrol(opened: Installation, name: str) -> pyotp.TOTP:
    """Give the user a second factor; returns the app."""
    seed = new_enrolment(name).seed
    with opened.db.writing() as session:
        known_user(session, name).second_factor_sealed = opened.vault.seal(seed)
    return pyotp.TOTP(seed)


def test_a_second_factor_of_ones_own_is_asked_for_and_the_half_is_no_login(
    company: Installation, provider: StandIn, kari: str, desk: Desk
) -> None:
    app = enrol(company, kari)
    provider.bend = lambda claims: claims.update(amr=["pwd", "mfa"], acr="high")
    half = travel(company, provider).entrance.half
    assert half
    assert logins.verify(company, half) is None
    assert logins.give_code(company, half, "000000", OFFICE) == ""
    linking.unlink(desk, kari)
    linking.link_by_subject(desk, kari, "of-another")
    assert logins.give_code(company, half, app.now(), OFFICE) == "", "it was of another identity"


def test_a_code_completes_what_the_company_login_has_begun(
    company: Installation, provider: StandIn, kari: str
) -> None:
    app = enrol(company, kari)
    half = travel(company, provider).entrance.half
    secret = logins.give_code(company, half, app.now(), OFFICE)
    assert who(company, secret).by_company
    assert told(company)[-1][2] == "by the company login with a code"


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}], ids=str)
def test_the_providers_second_factor_stands_for_ours_where_the_settings_name_it(
    company: Installation, provider: StandIn, kari: str, claims: dict[str, object]
) -> None:
    enrol(company, kari)
    named = with_settings(company, oidc_second_factor="mfa, phr", second_factor="finance")
    assert travel(named, provider).entrance.half, "the provider has not said so"
    provider.bend = lambda token: token.update(claims)
    assert not who(named, travel(named, provider).entrance.secret).must_enrol
    provider.bend = lambda token: token.update(amr="mfa", acr=["mfa"])  # of another form
    assert travel(named, provider).entrance.half


def test_a_role_that_needs_a_second_factor_sets_it_up_where_the_provider_has_asked_for_none(
    company: Installation, provider: StandIn, kari: str
) -> None:
    named = with_settings(company, oidc_second_factor="mfa", second_factor="finance")
    assert who(named, travel(named, provider).entrance.secret).must_enrol


def test_whoever_comes_by_the_company_need_not_change_a_one_time_password(
    company: Installation, provider: StandIn, desk: Desk
) -> None:
    users.add_user(desk, "kari", Role.FINANCE)
    linking.link_by_email(desk, "kari", "kari@example.com")
    assert not who(company, travel(company, provider).entrance.secret).is_held


def test_a_login_counts_as_proved_when_the_provider_asked_and_not_when_it_was_opened(
    company: Installation, provider: StandIn, kari: str
) -> None:
    proved = []
    for seconds in (1, 400):
        provider.signed_in_at = now().timestamp() - seconds
        proved.append(
            is_proved(who(company, travel(company, provider).entrance.secret).actor, now())
        )
    provider.bend = lambda claims: claims.pop("auth_time")
    proved.append(is_proved(who(company, travel(company, provider).entrance.secret).actor, now()))
    assert proved == [True, False, False]


def test_a_login_is_proved_again_by_the_company_and_only_when_it_has_asked_again(
    company: Installation, provider: StandIn, kari: str
) -> None:
    provider.signed_in_at = now().timestamp() - 3600
    secret = travel(company, provider).entrance.secret
    assert not is_proved(who(company, secret).actor, now())
    provider.bend = lambda claims: claims.update(auth_time=claims["auth_time"] - 3600)
    assert travel(company, provider, login=secret).word == LoginWord.NOT_ASKED_AGAIN
    provider.bend = lambda claims: claims.pop("auth_time")
    assert travel(company, provider, login=secret).word == LoginWord.NOT_ASKED_AGAIN
    assert not is_proved(who(company, secret).actor, now())
    provider.bend = lambda claims: None
    arrival = travel(company, provider, login=secret)
    assert (arrival.is_proved, arrival.entrance.secret) == (True, "")
    assert is_proved(who(company, secret).actor, now())
    assert told(company)[-1][1] == "confirmed by the company login"


def test_nobody_else_proves_ones_login(
    company: Installation, provider: StandIn, kari: str, desk: Desk, add_person: AddPerson
) -> None:
    secret = travel(company, provider).entrance.secret
    linking.link_by_subject(desk, add_person("ola"), "subject-of-ola")
    provider.person = {"sub": "subject-of-ola"}
    arrival = travel(company, provider, login=secret)
    assert (arrival.word, arrival.is_proved) == (LoginWord.OTHER_PERSON, False)
    logins.close_session(company, secret)
    provider.person = dict(KARI)
    assert travel(company, provider, login=secret).word == LoginWord.LOGIN_ENDED


def test_a_link_ends_logins_when_it_comes_and_when_it_goes(
    company: Installation, provider: StandIn, desk: Desk, add_person: AddPerson
) -> None:
    before = logins.sign_in(company, add_person("kari"), PASSWORD).secret
    linking.link_by_email(desk, "kari", "kari@example.com")
    assert logins.verify(company, before) is None
    secret = travel(company, provider).entrance.secret
    linking.unlink(desk, "kari")
    assert logins.verify(company, secret) is None
    assert travel(company, provider).word == LoginWord.UNKNOWN


def test_with_the_password_turned_off_only_the_company_lets_in(
    company: Installation, provider: StandIn, desk: Desk, kari: str
) -> None:
    with pytest.raises(WrongUse, match="locked out"):
        linking.turn_password_off(desk, kari)
    secret = travel(company, provider).entrance.secret
    linking.turn_password_off(desk, kari)
    assert logins.verify(company, secret) is None
    assert not logins.sign_in(company, kari, PASSWORD)
    with pytest.raises(WrongUse, match="turned off"):
        users.reset_password(desk, kari)
    with pytest.raises(WrongUse, match="turned off"):
        users.change_password(company, kari, PASSWORD, "another-horse-battery")
    assert travel(company, provider).entrance
    linking.turn_password_on(desk, kari)
    assert logins.sign_in(company, kari, PASSWORD)
    travel(company, provider)
    linking.turn_password_off(desk, kari)
    linking.unlink(desk, kari)
    assert logins.sign_in(company, kari, PASSWORD), "nobody is left without a way in"


def test_in_a_login_by_the_company_the_second_factor_goes_by_a_fresh_proof_and_a_code(
    company: Installation, provider: StandIn, kari: str
) -> None:
    app = enrol(company, kari)
    named = with_settings(company, oidc_second_factor="mfa")
    provider.bend = lambda claims: claims.update(amr=["mfa"])
    provider.signed_in_at = now().timestamp() - PROOF_LASTS.total_seconds()
    secret = travel(named, provider).entrance.secret
    with pytest.raises(WrongUse, match="Confirm it on this page"):
        own_second_factor.remove_second_factor(named, secret, "", app.now())
    assert travel(named, provider, login=secret).is_proved
    own_second_factor.remove_second_factor(named, secret, "", app.now())
    assert not who(named, secret).second_factor


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("kari", "kari", "no e-mail"),
        ("kari", "kari@example.com, ola@example.com", "no e-mail"),
        ("kari", "kåri@example.com", "no e-mail"),
        ("nobody", "kari@example.com", "no user named"),
        ("kari", "taken@example.com", "entered for ola already"),
    ],
)
def test_what_cannot_be_linked_is_refused_in_words(
    desk: Desk, add_person: AddPerson, name: str, given: str, words: str
) -> None:
    add_person("kari")
    linking.link_by_email(desk, add_person("ola"), "taken@example.com")
    with pytest.raises(WrongUse, match=words):
        linking.link_by_email(desk, name, given)
    with pytest.raises(WrongUse, match="already; unlink it first"):
        linking.link_by_email(desk, "ola", "ola@example.com")


def test_without_a_company_login_nobody_is_linked_and_nobody_comes_in(
    installation: Installation, provider: StandIn, desk: Desk, kari: str
) -> None:
    assert travel(installation, provider).word == LoginWord.OFF
    with pytest.raises(WrongUse, match="SO24_OIDC_ISSUER"):
        linking.link_by_email(Desk(installation, desk.actor), kari, "kari@example.com")


def test_an_answer_is_taken_once_in_its_own_browser_and_in_time(
    company: Installation, provider: StandIn, kari: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = begin_trip(BACK), begin_trip(BACK)
    sealed = seal_trip(company.vault, mine)
    there = set_out(company, mine, OFFICE)
    assert isinstance(there, str)
    answer = provider.authorize(there)

    def bring(cookie: str, given: dict[str, str], where: str = BACK) -> LoginWord | None:
        return come_back(company, cookie, given, where, OFFICE).word

    assert bring(seal_trip(company.vault, others), answer) == LoginWord.NOT_BEGUN_HERE
    assert bring("", answer) == LoginWord.NOT_BEGUN_HERE
    assert bring("made up", answer) == LoginWord.NOT_BEGUN_HERE
    of_another_kind = company.vault.unseal(sealed).replace("trip", "half", 1)
    assert bring(company.vault.seal(of_another_kind), answer) == LoginWord.NOT_BEGUN_HERE
    assert bring(sealed, {**answer, "state": ""}) == LoginWord.NOT_BEGUN_HERE
    assert (
        bring(sealed, answer, "http://localhost:8501/so24/company/back") == LoginWord.NOT_BEGUN_HERE
    )
    later = now() + trip.LASTS
    with monkeypatch.context() as patch:
        patch.setattr(trip, "now", lambda: later)
        assert bring(sealed, answer) == LoginWord.NOT_BEGUN_HERE
    assert bring(sealed, answer) is None
    provider.codes[answer["code"]] = {"redirect_uri": BACK}  # a provider that gives a code twice
    assert bring(sealed, answer) == LoginWord.NOT_BEGUN_HERE
    assert "used already" in told(company)[-1][2]


def test_places_that_fail_again_and_again_wait_and_nobody_else_does(
    company: Installation, provider: StandIn, kari: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(22):
        arrival = come_back(company, "", {}, BACK, OFFICE)
    assert arrival.word == LoginWord.WAIT
    lines = len(told(company))
    assert travel(company, provider).word == LoginWord.WAIT, "even who would be let in"
    assert len(told(company)) == lines, "what came too early is not recorded"
    assert travel(company, provider, visitor=Visitor("198.51.100.1")).entrance
    assert logins.sign_in(company, kari, PASSWORD, OFFICE), "nor do passwords wait"
    later = now() + dt.timedelta(minutes=1)
    monkeypatch.setattr(attempts, "now", lambda: later)
    assert travel(company, provider).entrance
    assert travel(company, provider).entrance, "a success ends the waiting"


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("users", "users"),
        ("receipt?run=12", "receipt?run=12"),
        ("//evil.example", ""),
        ("/evil", ""),
        ("\\\\evil.example", ""),
        ("https://evil.example", ""),
        ("users\r\nSet-Cookie: a=b", ""),
        ("users#@evil.example", ""),
        ("javascript:alert(1)", ""),
        ("..%2f..", ""),
    ],
)
def test_only_a_page_of_ours_is_led_to(page: str, kept: str) -> None:
    assert begin_trip(BACK, page).page == kept
