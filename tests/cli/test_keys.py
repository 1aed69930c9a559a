"""Keys by the command line: tested at once, and nothing kept that was not proven."""

from __future__ import annotations

import pytest

from so24.sandbox.books.seed import BERGEN, OSLO, STRAY
from tests.cli.conftest import KEY, PASSWORD, CommandLine


def test_adding_a_key_prints_the_company_reached_and_no_secret(so24: CommandLine) -> None:
    said = so24.add_key()
    assert said.out == f"Nordlys Bemanning AS ({OSLO})\n"
    [key] = so24.well("keys", "list", "--json").json
    assert (key["name"], key["client_id"], key["tolerance"]) == ("Oslo", OSLO, "0.05")
    assert key["category_name"] == "Services 25 %"
    assert not any("password_sealed" in name or "session" in name for name in key)
    shown = said.out + said.err + so24.well("keys", "list").out + str(key)
    assert PASSWORD not in shown


def test_the_password_is_nowhere_in_the_data_folder(so24: CommandLine) -> None:
    so24.add_key()
    files = [path for path in (so24.folder / "data").rglob("*") if path.is_file()]
    assert files
    assert not any(PASSWORD.encode() in path.read_bytes() for path in files)


def test_a_refused_login_saves_nothing(so24: CommandLine) -> None:
    sentence = so24.refused(
        "keys", "add", "--name", "Oslo", *KEY, "--all-departments", stdin="not-the-password"
    )
    assert "did not accept" in sentence
    assert "not-the-password" not in sentence
    assert so24.well("keys", "list", "--json").json == []


def test_an_account_of_another_company_saves_nothing_and_writes_nothing(so24: CommandLine) -> None:
    sentence = so24.refused(
        "keys", "add", "--name", "Oslo", "--organization-id", str(OSLO),
        "--username", "stray@sandbox.example", "--password-stdin", "--all-departments",
        stdin="sandbox-stray",
    )  # fmt: skip
    assert f"Andre Bøker AS ({STRAY})" in sentence
    assert so24.well("keys", "list", "--json").json == []
    assert not any(name.startswith("Save") for name in so24.office.calls()["operations"])


def test_another_company_is_reached_only_when_it_is_pinned(so24: CommandLine) -> None:
    said = so24.well(
        "keys", "add", "--name", "Oslo", "--organization-id", str(OSLO),
        "--username", "stray@sandbox.example", "--password-stdin", "--all-departments",
        "--pin", str(STRAY), stdin="sandbox-stray",
    )  # fmt: skip
    assert f"({STRAY})" in said.out
    [key] = so24.well("keys", "list", "--json").json
    assert (key["organization_id"], key["client_id"]) == (OSLO, STRAY)


@pytest.mark.parametrize("pin", [(), ("--pin", str(OSLO))])
def test_a_second_key_of_a_company_is_told_which_key_reaches_it_already(
    so24: CommandLine, pin: tuple[str, ...]
) -> None:
    first = so24.add_key("--department", "10")
    assert "already reached" not in first.err
    second = so24.add_key("--department", "20", *pin, name="Oslo 2")
    assert "This company is already reached by key “Oslo”:" in second.err


def test_an_account_whose_standard_company_is_another_is_switched_and_says_so(
    so24: CommandLine,
) -> None:
    said = so24.well(
        "keys", "add", "--name", "Bergen", "--organization-id", str(BERGEN),
        "--username", "bergen@sandbox.example", "--password-stdin", "--department", "20",
        stdin="sandbox-bergen",
    )  # fmt: skip
    assert f"({BERGEN})" in said.out
    assert "switches" in said.err


def test_a_password_is_never_an_argument(so24: CommandLine) -> None:
    assert so24("keys", "add", "--name", "A", "--password", "x").code == 2
    sentence = so24.refused(
        "keys", "add", "--name", "Oslo", *KEY[:-1], "--all-departments", stdin=PASSWORD
    )
    assert "--password-stdin" in sentence


def test_what_a_key_cannot_be_is_said_before_any_login(so24: CommandLine) -> None:
    base = ("keys", "add", "--name", "Oslo")
    assert "digits only" in so24.refused(
        *base, "--organization-id", "abc", *KEY[2:], "--all-departments", stdin=PASSWORD
    )
    assert "all departments" in so24.refused(*base, *KEY, stdin=PASSWORD)
    assert "not both" in so24.refused(
        *base, *KEY, "--all-departments", "--department", "10", stdin=PASSWORD
    )
    assert "no department" in so24.refused(*base, *KEY, "--department", "Narnia", stdin=PASSWORD)
    assert so24.office.calls()["requests"] == 0


def test_an_unknown_category_is_refused_with_those_there_are(so24: CommandLine) -> None:
    sentence = so24.refused(
        "keys", "add", "--name", "O", *KEY, "--all-departments", "--category", "Cars",
        stdin=PASSWORD,
    )  # fmt: skip
    assert "Food 15 %" in sentence
    assert so24.well("keys", "list", "--json").json == []


def test_a_key_is_tested_changed_disabled_enabled_and_deleted(so24: CommandLine) -> None:
    so24.add_key()
    assert str(OSLO) in so24.well("keys", "test", "oslo").out
    so24.well("keys", "set", "Oslo", "--tolerance", "0,10", "--mode", "approval",
              "--category", "Food 15 %", "--rename", "Main")  # fmt: skip
    so24.well("keys", "disable", "Main")
    [key] = so24.well("keys", "list", "--json").json
    changed = (key["name"], key["tolerance"], key["mode"], key["category_id"], key["state"])
    assert changed == ("Main", "0.10", "approval", 2, "disabled")
    so24.well("keys", "enable", "Main")
    so24.well("keys", "delete", "Main")
    assert so24.well("keys", "list", "--json").json == []


def test_categories_by_vat_and_the_product_for_bare_lines_are_set_and_shown(
    so24: CommandLine,
) -> None:
    so24.add_key()
    so24.office.edit("edit_product", OSLO, Name="Travel", No="900", CategoryId=1)
    said = so24.well("keys", "set", "Oslo", "--category-for", "15=food 15 %",
                     "--category-for", "ae=3", "--default-product", "900")  # fmt: skip
    assert "Product for lines without a number: 900." in said.err
    so24.well("keys", "set", "Oslo", "--category-for", "0=3")
    shown = so24.well("keys", "options", "Oslo", "--json").json
    assert {kind: each["id"] for kind, each in shown["categories"].items()} == {
        "15": 2, "0": 3, "AE": 3,
    }  # fmt: skip
    assert shown["default_product"] == "900"
    told = so24.well("keys", "options", "Oslo").out
    assert "Categories by VAT: 15 % = Food 15 % (2), 0 % = Exempt 0 % (3), " in told
    assert "Product for lines without a number: 900" in told
    so24.well("keys", "set", "Oslo", "--category-for", "15=", "--default-product", "")
    shown = so24.well("keys", "options", "Oslo", "--json").json
    assert (list(shown["categories"]), shown["default_product"]) == (["0", "AE"], "")
    assert "15=Food" in so24.refused("keys", "set", "Oslo", "--category-for", "Food")
    assert "neither a VAT rate" in so24.refused("keys", "set", "Oslo", "--category-for", "x=1")
    assert "no product 901" in so24.refused("keys", "set", "Oslo", "--default-product", "901")


def test_credit_notes_are_off_in_live_mode_until_switched_on(so24: CommandLine) -> None:
    so24.add_key()
    assert so24.well("keys", "list", "--json").json[0]["credit_notes"] is False
    said = so24.well("keys", "set", "Oslo", "--credit-notes")
    assert "not proven: have the accountant check the first one" in said.err
    assert so24.well("keys", "list", "--json").json[0]["credit_notes"] is True
    so24.well("keys", "set", "Oslo", "--no-credit-notes")
    assert so24.well("keys", "list", "--json").json[0]["credit_notes"] is False
    so24.well("keys", "delete", "Oslo")
    so24.add_key("--all-departments", "--credit-notes")
    assert so24.well("keys", "list", "--json").json[0]["credit_notes"] is True


def test_what_cannot_be_changed_is_one_sentence(so24: CommandLine) -> None:
    so24.add_key()
    assert "Say what to change" in so24.refused("keys", "set", "Oslo")
    assert "an amount" in so24.refused("keys", "set", "Oslo", "--tolerance", "much")
    assert "0,00 to 1,00" in so24.refused("keys", "set", "Oslo", "--tolerance", "5")
    assert "“Oslo”" in so24.refused("keys", "test", "Paris")
    assert "no department 77" in so24.refused("keys", "set", "Oslo", "--department", "77")


def test_what_is_set_together_is_set_as_a_whole_or_not_at_all(so24: CommandLine) -> None:
    so24.add_key()
    [before] = so24.well("keys", "list", "--json").json
    several = ("keys", "set", "Oslo", "--tolerance", "0,10", "--mode", "approval", "--rename", "M")
    for wrong in (("--category", "Cars"), ("--department", "77"), ("--tolerance", "5")):
        so24.refused(*several, *wrong)
    so24.refused(*several, "--password-stdin", stdin="not-the-password")
    [after] = so24.well("keys", "list", "--json").json
    assert after | {"last_used_at": before["last_used_at"]} == before
    said = so24.well(*several, "--category", "Food 15 %", "--password-stdin", stdin=PASSWORD).err
    assert said.splitlines() == [
        "Name: now M.",
        "Orders become: approval.",
        "Accepted difference of totals: 0.10.",
        "Password: replaced.",
        "Category for new products: Food 15 % (2).",
    ]


def test_recmans_numbers_are_set_shown_and_kept_by_an_export(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    assert so24.well("keys", "list", "--json").json[0]["numbers"] == "own"
    assert "need the next number" in so24.refused("keys", "set", "Oslo", "--numbers", "same")
    said = so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "1001")
    assert "Numbers: same." in said.err
    assert "Next number in 24SevenOffice: 1001." in said.err
    assert "Numbers: those of RecMan, next 1001" in so24.well("keys", "options", "Oslo").out
    so24.office.edit("set_invoice_series", OSLO, number=1001)
    assert [
        (line["number"], line["state"], line["invoice_id"])
        for line in so24.well("export", "--all", "--wait", "--json").json
    ] == [("1001", "transferred", 1001), ("1002", "transferred", 1002)]
    assert so24.well("keys", "options", "Oslo", "--json").json["next_number"] == "1003"


def test_a_key_that_disturbs_recmans_numbers_is_told_of_at_once_and_by_the_check(
    so24: CommandLine,
) -> None:
    so24.add_key()
    so24.add_key("--department", "20", name="Bergen")
    said = so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "1001")
    words = "Key “Bergen” invoices in the same company by own numbers"
    assert words in said.err
    found = [each for each in so24("check", "--json").json if words in each["words"]]
    assert [(each["subject"], each["standing"]) for each in found] == [("keys", "warning")]
