"""Views under names of one's own, and ticks that a reload of the page keeps."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp
from tests.pages.test_invoices import PAGE, address_of, numbers, open_by_link, press, texts, tick
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each

OVERVIEW = "../../../pages/invoices.py"


def open_views(at: AppTest, page: str = PAGE) -> AppTest:
    """Open what stands under the button of the views."""
    at.session_state[f"{page}_views"] = True
    return at.run()


def save_as(at: AppTest, name: str, page: str = PAGE) -> AppTest:
    """Save the filters under this name."""
    open_views(at, page).text_input(key=f"{page}_view_name").input(name)
    return press(at, "Save")


def test_filters_are_saved_under_a_name_and_applied_by_one_press(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@no=1002").run()
    at.segmented_control(key="invoices_status").set_value("All").run()
    save_as(at, "The second")
    assert address_of(at)["view"] == ["The second"]
    press(at, "Clear filters")
    assert "view" not in address_of(at)
    assert len(numbers(at)) == 5
    press(open_views(at), "The second")
    assert numbers(at) == ["1002"]
    assert address_of(at) == {"search": ["@no=1002"], "status": ["all"], "view": ["The second"]}
    at.text_input(key="invoices_search").input("@no=1003").run()
    assert "view" not in address_of(at), "it is another list by now"


def test_an_address_with_a_view_s_name_opens_it_for_its_user(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@no=1002").run()
    save_as(at, "The second")
    assert numbers(open_by_link(app, view="The second")) == ["1002"]
    assert len(numbers(open_by_link(app, view="no such"))) == 5
    others = app(Role.ADMIN, PAGE)
    assert not [each for each in open_views(others).button if each.label == "The second"]


def test_a_view_is_renamed_and_deleted_and_a_wrong_name_is_told_beside_the_field(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.text_input(key="invoices_search").input("@no=1002").run()
    press(open_views(at), "Save")
    assert "Give the view a name." in [each.value.replace("\\", "") for each in at.error]
    save_as(at, "The second")
    open_views(at).text_input(key="invoices_view_name").input("Kunde 2")
    press(at, "Rename")
    assert address_of(at)["view"] == ["Kunde 2"]
    press(open_views(at), "Delete")
    assert "view" not in address_of(at)
    assert numbers(at) == ["1002"], "the filters stay"


def test_a_view_and_an_address_keep_the_order_of_the_list(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.selectbox(key="invoices_order").select("Oldest first").run()
    assert numbers(at) == ["1001", "1002", "1003", "1004", "1005"]
    save_as(at, "To be sent first")
    assert address_of(at)["order"] == ["oldest-first"]
    press(at, "Clear filters")
    assert numbers(at)[0] == "1005"
    press(open_views(at), "To be sent first")
    assert numbers(at)[0] == "1001"
    assert numbers(open_by_link(app, order="oldest-first"))[0] == "1001"


def test_the_history_has_views_of_its_own(economy: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, "history")
    at.text_input(key="history_search").input("1002").run()
    save_as(at, "The second", page="history")
    assert address_of(at)["view"] == ["The second"]
    assert not at.exception


def reload(at: AppTest, app: OpenApp, role: Role = Role.FINANCE) -> AppTest:
    """What the browser shows after F5, or who else opens the address."""
    return app(role, address=PAGE, **first_values(at))


def first_values(at: AppTest) -> dict[str, str]:
    """What stands in the address, each name once."""
    return {name: each[0] for name, each in address_of(at).items()}


def test_a_reload_of_the_page_keeps_the_ticks(invoices: list[int], app: OpenApp) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    again = reload(at, app)
    assert "**2 of 5 selected** · 13 121,26 NOK" in texts(again)
    again = press(reload(again, app), "Clear")
    assert "ticks" not in address_of(again)
    assert "**2 of 5 selected**" in texts(reload(at, app)), "a copied address has ticks of its own"


def test_what_an_address_asks_for_in_vain_is_told(invoices: list[int], app: OpenApp) -> None:
    at = app(Role.FINANCE, address=PAGE, date="2026-99-99", status="all")
    [told, *_] = [each.value.replace("\\", "") for each in at.info]
    assert told.startswith("The address asks for the date “2026-99-99”, which there is not")
    assert not [each for each in at.run().info if "The address asks" in each.value]


def test_nobody_else_sees_the_ticks_of_an_address(invoices: list[int], app: OpenApp) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0)
    others = reload(at, app, Role.ADMIN)
    assert "**0 of 5 selected**" in texts(others)


def test_ticks_that_a_reload_hides_are_told(invoices: list[int], app: OpenApp) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    at.text_input(key="invoices_search").input("@no=1002").run()
    assert "1 more hidden by the filters" in texts(reload(at, app))


def test_what_was_sent_meanwhile_is_ticked_no_more_and_told(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    economy.start([invoices[4]])
    again = reload(at, app)
    assert "**1 of 4 selected**" in texts(again)
    words = "1 ticked document is in transfer or transferred by now: no longer ticked."
    assert words in texts(again)
    assert words not in texts(press(again, "Clear"))


def test_what_another_tab_has_sent_is_ticked_no_more_without_a_reload_too(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), 0, 3)
    economy.start([invoices[4]])
    at.run()
    assert "**1 of 4 selected** · 6 560,63 NOK" in texts(at)
    assert "hidden by the filters" not in texts(at)
    words = "1 ticked document is in transfer or transferred by now: no longer ticked."
    assert words in texts(at)
    assert words in texts(at.run()), "until the next tick"
    assert words not in texts(press(at, "Clear"))


@pytest.mark.parametrize("page", ["history", "customers"])
def test_a_reload_of_another_page_keeps_the_ticks_of_the_overview(
    invoices: list[int], app: OpenApp, page: str
) -> None:
    """The browser's tab then names the mark of the ticks; a test in a real one shows that."""
    mark = first_values(tick(app(Role.FINANCE, PAGE), 0, 3))["ticks"]
    again = app(Role.FINANCE, address=page, ticks=mark)
    assert not again.exception
    assert first_values(again)["ticks"] != mark, "who opens a copied address ticks for himself"
    assert "**2 of 5 selected** · 13 121,26 NOK" in texts(again.switch_page(OVERVIEW).run())


def test_what_has_been_sent_is_kept_no_more_though_the_list_is_not_opened_again(
    invoices: list[int], app: OpenApp
) -> None:
    at = press(tick(app(Role.FINANCE, PAGE), 0), "24SevenOffice")
    mark = first_values(at)["ticks"]
    at.button(key="export_yes").click().run()
    assert at.title[0].value == "Receipts"
    again = app(Role.FINANCE, address="receipt", ticks=mark)
    assert "ticks" not in address_of(again)
    assert "no longer ticked" not in texts(again.switch_page(OVERVIEW).run())


def test_who_may_not_see_the_list_has_no_ticks_either(invoices: list[int], app: OpenApp) -> None:
    mark = first_values(tick(app(Role.FINANCE, PAGE), 0))["ticks"]
    assert not app(Role.ANALYST, address="history", ticks=mark).exception
