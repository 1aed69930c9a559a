"""Every service asks who acts: each is called as every role, and as somebody who has none."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from so24.errors import NotAllowed, PasswordNeeded
from so24.installation import Installation
from so24.people import roles
from so24.people.desk import Desk
from so24.people.roles import DANGEROUS, PERMISSIONS, PROOF_LASTS, Actor, Permission
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from tests.test_architecture import PAGES, ROOT, SOURCES, module_name

NOBODY = cast(Role, "nobody")
AT_NO_DESK = {"ui", "cli"}
# what the services of each module need
NEEDS: dict[Permission, dict[str, str]] = {
    Permission.MANAGE_KEYS: {
        "customer_cards.update": "update_customers",
        "keys.account": "try_account",
        "keys.change": "change_key read_choices",
        "keys.credentials": "add_key check_new_key tell_alike try_key",
        "keys.departments": (
            "list_departments coverage find_departments add_department rename_department "
            "change_series deactivate_department reactivate_department "
        ),
        "keys.key_settings": "read_settings",
        "transfer.schedules.settings": "set_export stop_export",
        "keys.upkeep": (
            "list_keys key_named read_department_map disable_key enable_key delete_key "
            "rotate_secrets unreadable_keys "
        ),
    },
    Permission.EXPORT: {
        "invoices.declarations": "declare_same declare_other declare_credited",
        "transfer.plan.entered": "enter_credited",
        "customer_cards.update": "read_differences",
        "customer_cards.link": (
            "open_questions read_match link_customer create_new_card unlink_customer "
        ),
        "customer_cards.link_products": (
            "open_product_questions read_product_match link_product create_new_product "
            "unlink_product "
        ),
        "transfer.export_many": "plan_dispatch send_dispatch read_dispatch",
        "transfer.preview.confirmation": "keep_shown read_kept",
        "transfer.preview.look": "look_at_lane",
        "transfer.preview.preview": "preview_run look_up",
        "transfer.preview.request_view": "show_outgoing show_sent",
        "transfer.runs": (
            "start_run plan_selection tell_fault require_as_shown stop_run retry_run ready_to_retry"
        ),
        "transfer.retries": "stop_retries",
    },
    Permission.SEE_RECEIPTS: {
        "alerts.choices": "list_choices choose_mail choose_webhook drop_choice try_choice",
        "evidence.made": "list_packs",
        "invoices.declarations": "read_decisions",
        "invoices.decisions": "read_turns",
        "invoices.overview": "department_names",
        "transfer.export_many": "read_latest",
        "transfer.day_heads": "check_history",
        "transfer.figures": "read_figures",
        "transfer.history": ("read_history read_history_page read_events recent_runs run_starters"),
        "transfer.receipt": "read_receipt latest_run_id full_run_id read_standing",
        "transfer.under_way": "read_runs_under_way",
        "ledger.payments.schedule": "list_readings companies_with_invoices sum_unpaid",
        "transfer.schedules.standing": "read_schedules",
        "today.today": "read_today",
        "transfer.runs": "retryable",
    },
    Permission.IMPORT: {
        "invoices.decisions": "confirm_invoice_dates set_excluded release_held",
        "invoices.questions": (
            "answer_questions answer_whose take_back_whose answer_customer_question"
        ),
        "sources.intake": "import_files read_sources refuse_file land_sources",
        "sources.originals.keeping": "keep_files",
        "sources.recman.fetch": "offer_fetch fetch_documents",
    },
    Permission.SEE_INVOICES: {
        "sources.import_reports": "is_import",
        "invoices.overview": (
            "read_overview read_document proposed_dates list_documents list_ids sum_documents "
            "newest_change open_list list_proposed "
        ),
        "invoices.questions": "open_customer_questions list_asked",
        "people.lists.ticks": "keep_ticks recall_ticks review_ticks",
        "sources.originals.finding": "list_bringings",
        "today.lists": "list_pile",
        "transfer.circumstances": "causes_now problem_kinds",
        "transfer.schedules.standing": "read_left",
        "transfer.review": "read_findings read_all_findings find_warnings read_series",
    },
    Permission.ACTIVATE: {
        "keys.activation": "activate deactivate",
    },
    Permission.SEE_LEDGER: {
        "ledger.keeping": "past_results",
        "ledger.saft.witness": "saft_companies reconcile_saft",
        "ledger.read": "ledger_keys unread_companies reconcile_period tell_unknown_orders",
        "ledger.payments.schedule": "read_payments_now",
    },
    Permission.SEE_AUDIT: {
        "people.audit_trail": "read_trail trail_choices",
    },
    Permission.MANAGE_USERS: {
        "people.company_login.linking": (
            "link_by_email link_by_subject unlink turn_password_off turn_password_on "
        ),
        "people.languages": "set_language",
        "people.own_second_factor": "reset_second_factor",
        "people.users": "list_users add_user change_role deactivate reactivate reset_password",
    },
    Permission.SEE_IMPORTS: {
        "sources.import_reports": "list_imports read_report import_choices",
        "sources.originals.finding": "list_import_files",
        "sources.originals.retention": "list_last_days read_holdings",
    },
    Permission.GET_ORIGINALS: {
        "sources.originals.document_files": "read_own_file read_attachments",
        "sources.originals.finding": "read_original write_original",
    },
    Permission.GET_EVIDENCE: {
        "evidence.month": "choose_company list_companies read_orders",
        "evidence.pack": "make_pack",
    },
    Permission.PURGE_ORIGINALS: {
        "sources.originals.retention": "find_overdue purge_overdue",
    },
    Permission.SEE_KEPT: {
        "kept.about": "is_kept read_about_customer read_about_user",
        "kept.holdings": "list_holdings",
    },
    Permission.PURGE_DETAILS: {
        "kept.purge": "find_overdue_details purge_overdue_details forget_customer",
    },
    Permission.MANAGE_RECMAN: {
        "transfer.schedules.settings": "set_fetch stop_fetch",
        "sources.recman.connection": (
            "view_connection connect try_connection map_fields confirm_map leave_out_before "
            "disconnect "
        ),
    },
}
# of those that need a permission to change something dangerous, the ones that only look
LOOKING = {
    *("read_choices", "list_departments", "coverage", "find_departments"),
    *("read_settings", "list_keys", "key_named", "read_department_map", "unreadable_keys"),
    *("list_users", "view_connection", "find_overdue", "find_overdue_details", "tell_alike"),
}
GRAVE: dict[Permission, str] = {
    Permission.MANAGE_KEYS: "a key is a way into the books of a company",
    Permission.MANAGE_RECMAN: "its key opens all that RecMan has of people",
    Permission.MANAGE_USERS: "a new user, another role or a reset is a way in",
    Permission.PURGE_ORIGINALS: "what is purged does not come back",
    Permission.PURGE_DETAILS: "what is purged does not come back",
}
NOT_GRAVE: dict[Permission, str] = {
    Permission.SEE_INVOICES: "changes nothing but one's own ticks",
    Permission.SEE_IMPORTS: "changes nothing",
    Permission.SEE_RECEIPTS: "changes nothing",
    Permission.SEE_LEDGER: "changes nothing but what is known of 24SevenOffice",
    Permission.SEE_MARKETPLACE: "changes nothing",
    Permission.SEE_AUDIT: "changes nothing",
    Permission.SEE_METRICS: "changes nothing",
    Permission.SEE_KEPT: "gives out in one file what pages show, and says so in the trail",
    Permission.GET_ORIGINALS: "gives out what was brought, and says so in the trail",
    Permission.GET_EVIDENCE: "changes nothing; that a pack was made is in the trail, with its seal",
    Permission.IMPORT: "the daily work; what came in may be left out again, and is not sent by it",
    Permission.EXPORT: "the daily work; each press has its own question with what it will do",
    Permission.ACTIVATE: "the other button takes it back at once, and nothing is lost by it",
}
# what asks for the password, by name, so that none is left out by moving it
ASKING = {
    *("customer_cards.update.update_customers", "keys.account.try_account"),
    *("keys.change.change_key", "keys.credentials.add_key", "keys.credentials.check_new_key"),
    *("keys.credentials.try_key", "keys.departments.add_department"),
    *("keys.departments.rename_department", "keys.departments.change_series"),
    *("keys.departments.deactivate_department", "keys.departments.reactivate_department"),
    *("keys.upkeep.disable_key", "keys.upkeep.enable_key", "keys.upkeep.delete_key"),
    *("keys.upkeep.rotate_secrets", "people.own_second_factor.reset_second_factor"),
    "people.languages.set_language",
    *("people.users.add_user", "people.users.change_role", "people.users.deactivate"),
    *("people.users.reactivate", "people.users.reset_password"),
    *("sources.originals.retention.purge_overdue", "kept.purge.purge_overdue_details"),
    *("kept.purge.forget_customer", "sources.recman.connection.connect"),
    *("sources.recman.connection.try_connection", "sources.recman.connection.map_fields"),
    *("sources.recman.connection.confirm_map", "sources.recman.connection.leave_out_before"),
    "sources.recman.connection.disconnect",
    *("people.company_login.linking.link_by_email", "people.company_login.linking.unlink"),
    "people.company_login.linking.link_by_subject",
    "people.company_login.linking.turn_password_off",
    "people.company_login.linking.turn_password_on",
    *("transfer.schedules.settings.set_export", "transfer.schedules.settings.stop_export"),
    *("transfer.schedules.settings.set_fetch", "transfer.schedules.settings.stop_fetch"),
}
SERVICES = {
    permission: [
        f"so24.{module}.{name}" for module, names in modules.items() for name in names.split()
    ]
    for permission, modules in NEEDS.items()
}
ROLES = [*Role, NOBODY]


def test_every_service_is_named_here_with_what_it_needs() -> None:
    named = [name for names in SERVICES.values() for name in names]
    assert sorted(named) == sorted(find_services())


@pytest.mark.parametrize("permission", SERVICES)
def test_a_service_serves_the_roles_that_may_and_refuses_all_others(
    installation: Installation, permission: Permission
) -> None:
    may_not = {role for role in ROLES if permission not in PERMISSIONS.get(role, ())}
    for name in SERVICES[permission]:
        service = find_services()[name]
        refused = {role for role in ROLES if refuses(service, Desk(installation, Actor("x", role)))}
        assert (name, refused) == (name, may_not)


@pytest.mark.parametrize("permission", SERVICES)
def test_a_service_refuses_who_may_do_all_but_what_it_needs(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, permission: Permission
) -> None:
    all_but_one = {**PERMISSIONS, NOBODY: frozenset(Permission) - {permission}}
    monkeypatch.setattr(roles, "PERMISSIONS", all_but_one)
    desk = Desk(installation, Actor("x", NOBODY))
    served = [name for name in SERVICES[permission] if not refuses(find_services()[name], desk)]
    assert served == []


@pytest.mark.parametrize("permission", SERVICES)
def test_what_is_dangerous_is_refused_where_the_password_was_given_too_long_ago(
    installation: Installation, permission: Permission
) -> None:
    long_ago = Actor("x", Role.ADMIN, now() - PROOF_LASTS)
    asking = {
        name for name in SERVICES[permission] if asks_for_password(name, installation, long_ago)
    }
    dangerous = permission in DANGEROUS
    assert asking == {
        name
        for name in SERVICES[permission]
        if dangerous and name.rpartition(".")[2] not in LOOKING
    }
    just_now = Actor("x", Role.ADMIN, now())
    assert not any(asks_for_password(name, installation, just_now) for name in asking)


def test_of_each_permission_it_is_decided_whether_it_is_grave() -> None:
    assert sorted([*GRAVE, *NOT_GRAVE]) == sorted(Permission)
    assert set(GRAVE) == DANGEROUS


def test_these_services_and_no_others_ask_for_the_password(installation: Installation) -> None:
    long_ago = Actor("x", Role.ADMIN, now() - PROOF_LASTS)
    found = {name for name in find_services() if asks_for_password(name, installation, long_ago)}
    assert found == {f"so24.{name}" for name in ASKING}


def asks_for_password(name: str, installation: Installation, actor: Actor) -> bool:
    return refuses(find_services()[name], Desk(installation, actor), PasswordNeeded)


def test_no_service_opens_a_session_but_by_a_permission() -> None:
    around = [
        f"{path.stem}:{node.lineno}"
        for path in SOURCES
        if room_of(path) not in AT_NO_DESK and path.stem != "desk"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "desk.installation.db"
    ]
    assert around == []


def test_an_actor_with_a_login_is_made_only_where_the_login_is_read() -> None:
    """Whoever made one elsewhere, in a page say, could leave out when the password was given."""
    makers = {
        path.relative_to(ROOT).as_posix()
        for path in [*SOURCES, *PAGES]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Actor"
    }
    without_login = {
        "so24/demo.py",
        "so24/cli/terminal/opening.py",
        "so24/sources/inbox/watch.py",
        "so24/transfer/schedules/standing.py",
    }
    assert makers - without_login == {"so24/people/logins.py", "so24/people/own_second_factor.py"}


def room_of(path: Path) -> str:
    """The folder of so24 that the module is in, or its own name."""
    return path.relative_to(ROOT / "so24").parts[0]


@cache
def find_services() -> dict[str, Callable[..., Any]]:
    """The public functions of so24 that work at a desk, by their whole names."""
    return dict(_services())


def _services() -> Iterator[tuple[str, Callable[..., Any]]]:
    for path in SOURCES:
        if room_of(path) in AT_NO_DESK or "Desk" not in path.read_text():
            continue
        module = importlib.import_module(module_name(path))
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation == "Desk":
                yield f"{module.__name__}.{name}", function


def refuses(service: Callable[..., Any], desk: Desk, how: type[Exception] = NotAllowed) -> bool:
    """Whether the service refuses whoever is at the desk, before it looks at what it is given."""
    needed = [
        each
        for each in list(inspect.signature(service).parameters.values())[1:]
        if each.default is each.empty
    ]
    given = [object() for each in needed if each.kind is not each.KEYWORD_ONLY]
    named = {each.name: object() for each in needed if each.kind is each.KEYWORD_ONLY}
    try:
        service(desk, *given, **named)
    except how:
        return True
    except Exception:
        return False  # it was let in, and stumbled over what it was given
    return False
