"""The table of cases. Numbers, names and dates are invented; the kinds are those of real reports.

A case that needs what only another test can make – a lost answer, a stopped office, a cell's number
format – is named in ``ELSEWHERE`` with the test that holds it.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

from tests.cli.cases.papers import ABSENT, Brought, Case, Outcome, blocked, firm, note, row, sent
from tests.sources.ehf.bills import Item, Sample, Whole
from tests.sources.report_files import NUMBER

MULLER = firm("6001", "Müller Maschinenbau GmbH", "DE123456785", "DE")
BYG = firm("6002", "Dansk Byg ApS", "999999999", "DK")
SUOMI = firm("6003", "Suomen Rakennus Oy", "1234567-8", "FI")
LYNGDAL = firm("6004", "Lyngdal Maskin AS", "100600005")
WARSAW, LONDON = (
    firm("6005", "Warszawa Budowa", "", "Polen"),
    firm("6006", "Jones Ltd", "", "England"),
)
WARSAW = firm("6005", "Warszawa Budowa", "", "Polen")
LONDON = firm("6006", "Jones Ltd", "", "England")
DRESDEN = firm("6007", "Dresden Bau GmbH", "", "DE", **{"Postal code": 1067})
MAILS = firm("6008", "Post & Pakke AS", **{"Invoice e-mail": "a@pakke.example; b@pakke.example"})
TERMS = firm("6009", "Vilkår AS", **{"Credit days": "14 dager netto"})
LAKE = firm("6010", "Vänern Verkstad AB", "556000-4615", "")
PERSON_NUMBER = firm("6011", "Ola Eksempel", "01017012345")
HOURS = firm("6012", "Timer AS")
LAPSED = firm("6022", "Flytting AS", "100600013")
MOVED = firm("16022", "Flytting AS", "100600013")
KARI = firm("6023", "Kari Privat", "")
CREDITED = firm("6024", "Kredit AS")
SHARED = firm("6021", "Sentrum Sykehjem AS", "100600102")
SHARING = firm("6121", "Sentrum Sykehjem AS avd. kjøkken", "100600102")
ORD = firm("6033", "Orden AS")
ALFA, BETA = firm("7301", "Alfa Renhold AS", "100600021"), firm("7301", "Beta Bygg AS", "100600048")
GAMMA, DELTA = (
    firm("7302", "Gamma Elektro AS", "100600056"),
    firm("7302", "Delta Rør AS", "100600064"),
)
MU = firm("6081", "Mu Norge AS")
EPSILON = firm("7303", "Epsilon AS")
ETA = firm("7304", "Eta Snekker AS", "100600080")
BLOCKED = firm("5003", "Grønnfjell Handel AS", "100027143")
NORDVIK = firm("5001", "Nordvik Logistikk AS", "100000008")
NEW_OSLO = {"Department no.": "11", "Department": "Oslo sentrum"}
HELD = "Is it the same document, or another one?"


def ehf(number: str, **more: object) -> bytes:
    return Sample(number=number, **more).content  # type: ignore[arg-type] # a sample's own fields


CASES = (
    Case(
        "a German number has the digits of a Norwegian card",
        Brought([MULLER], [row("77001", MULLER)]),
        {"77001": sent("Müller Maschinenbau GmbH")},
        cards=[{"Name": "Fjellheim Regnskap AS", "OrganizationNumber": "123456785"}],
    ),
    Case(
        "everybody's placeholder is nobody's number",
        Brought([BYG], [row("77002", BYG)]),
        {"77002": sent("Dansk Byg ApS")},
        cards=[{"Name": "Svenska Bygg AB", "OrganizationNumber": "999999999"}],
    ),
    Case(
        "eight digits of Finland and of Denmark",
        Brought([SUOMI], [row("77003", SUOMI)]),
        {"77003": sent("Suomen Rakennus Oy")},
        cards=[{"Name": "Jyllands Montage ApS", "OrganizationNumber": "DK12345678"}],
    ),
    Case(
        "a linked card has become inactive",
        Brought(lines=[row("77104", LYNGDAL)]),
        {"77004": sent("Lyngdal Maskin AS"), "77104": blocked("inactive")},
        before=Brought([LYNGDAL], [row("77004", LYNGDAL)]),
        edits={"Lyngdal Maskin AS": {"Active": False}},
    ),
    Case(
        "countries by name",
        Brought([WARSAW, LONDON], [row("77005", WARSAW), row("77105", LONDON)]),
        {"77005": sent("Warszawa Budowa"), "77105": sent("Jones Ltd")},
    ),
    Case(
        "a foreign postal code that has lost its zero",
        Brought([DRESDEN], [row("77006", DRESDEN)]),
        {"77006": sent("Dresden Bau GmbH")},
    ),
    Case(
        "several e-mail addresses in one cell",
        Brought([MAILS], [row("77007", MAILS)]),
        {"77007": sent("Post & Pakke AS")},
    ),
    Case(
        "terms of payment in words",
        Brought([TERMS], [row("77008", TERMS)]),
        {"77008": sent("Vilkår AS")},
    ),
    Case(
        "a Swedish number and no country",
        Brought([LAKE], [row("77009", LAKE)]),
        {"77009": blocked("ountry")},
    ),
    Case(
        "a person's number in the column of organization numbers",
        Brought([PERSON_NUMBER], [row("77109", PERSON_NUMBER)]),
        {"77109": sent("Ola Eksempel")},
    ),
    Case(
        "a product number that has become a date",
        Brought(lines=[row("77011", NORDVIK, **{"Product no.": dt.date(2026, 11, 10)})]),
        {"77011": Outcome(ABSENT)},
    ),
    Case(
        "a product number with a character that nobody sees",
        Brought(lines=[row("77032", NORDVIK, **{"Product no.": "10\u200b01"})]),
        {"77032": sent("Nordvik Logistikk AS")},
    ),
    Case(
        "7 h 20 min",
        Brought([HOURS], [row("77015", HOURS, "7.33333333333333", "450",
                              **{"Sum excl. VAT": Decimal(3300)})]),
        {"77015": sent("Timer AS")},
    ),
    Case(
        "a price of four decimals",
        Brought(lines=[row("77115", HOURS, "7.3333", "412.4567")]),
        {"77115": sent("Timer AS")},
    ),
    Case(
        "VAT rounded on each line",
        Brought(lines=[row("77016", HOURS, "1", "0.10", VAT=Decimal("0.03"),
                           **{"Sum incl. VAT": Decimal("0.13")})] * 20),
        {"77016": sent("Timer AS")},
    ),
    Case(
        "a line without amounts is a text",
        Brought(lines=[row("77019", HOURS), row("77019", HOURS, "0", "0")]),
        {"77019": sent("Timer AS")},
    ),
    Case(
        "a customer that has another number in RecMan now, with its credit note",
        Brought([MOVED], [row("77122", MOVED), row("97022", MOVED, "-1")],
                [note("97022", MOVED, "77022", "1250")]),
        {"77022": sent("Flytting AS"), "77122": blocked("100600013"),
         "97022": sent("Flytting AS")},
        before=Brought([LAPSED], [row("77022", LAPSED)]),
    ),
    Case(
        "a private person who has a card already",
        Brought([KARI], [row("77023", KARI)]),
        {"77023": blocked("the same name")},
        cards=[{"Name": "Kari Privat", "Type": "Consumer"}],
    ),
    Case(
        "credit notes: in part, too much, of nought, and one that two invoices are named for",
        Brought([CREDITED], [
            row("97025", CREDITED, "-1", "100"), row("97024", CREDITED, "-9", "1000"),
            row("97029", CREDITED, "-1", "100"),
        ], [
            note("97025", CREDITED, "77024", "125"), note("97024", CREDITED, "77124", "11250"),
            note("97029", CREDITED, "77024", "125"), note("97029", CREDITED, "77124", "125"),
        ]),
        {"77024": sent("Kredit AS"), "77124": sent("Kredit AS"), "97025": sent("Kredit AS"),
         "97024": blocked("does not fit the invoice"), "97029": blocked("not known")},
        before=Brought([CREDITED], [row("77024", CREDITED), row("77124", CREDITED)]),
    ),
    Case(
        "an invoice whose lines come to nothing",
        Brought([ORD], [row("77020", ORD), row("77020", ORD, "-1")]),
        {"77020": blocked("Held")},
    ),
    Case(
        "two customers of RecMan's with one organization number",
        Brought(
            [SHARED, SHARING],
            [row("77021", SHARED), row("77121", SHARING)],
        ),
        {"77021": sent("Sentrum Sykehjem AS"), "77121": blocked("is made just now")},
    ),
    Case(
        "a credit note of nought",
        Brought(
            [CREDITED],
            [row("97026", CREDITED, "1", "100"), row("97026", CREDITED, "-1", "100")],
            [note("97026", CREDITED, "77024", "0")],
        ),
        {"97026": blocked("Held")},
    ),
    Case(
        "a number written in capitals and in small letters",
        Brought([ORD], [row("F-77033", ORD), row("f-77033", ORD, "2")]),
        {"F-77033": sent("Orden AS"), "f-77033": blocked(HELD)},
    ),
    Case(
        "a number that is used again in the next year",
        Brought(lines=[row("77034", ORD, "3", **{"Invoice date": dt.date(2027, 11, 10)})]),
        {"77034": Outcome("transferred", "RecMan never changes an invoice's date")},
        before=Brought([ORD], [row("77034", ORD)]),
    ),
    Case(
        "two lines that are equal",
        Brought(lines=[row("77035", ORD, "1", "100"), row("77035", ORD, "1", "100")]),
        {"77035": sent("Orden AS")},
    ),
    Case(
        "a list that gives one number to two firms",
        Brought([ALFA, BETA], [row("77036", BETA)]),
        {"77036": blocked("lacks address")},
    ),
    Case(
        "another company's list",
        Brought([DELTA], [row("77137", GAMMA)]),
        {"77037": sent("Gamma Elektro AS"), "77137": blocked("Is that right?")},
        before=Brought([GAMMA], [row("77037", GAMMA)]),
    ),
    Case(
        "a report and a list that name two firms",
        Brought([EPSILON], [row("77038", firm("7303", "Zeta Transport AS"))]),
        {"77038": blocked("Is it the same firm?")},
    ),
    Case(
        "a linked card that is another firm's now",
        Brought(lines=[row("77139", ETA)]),
        {"77039": sent("Eta Maler AS"), "77139": blocked("Eta Maler AS")},
        before=Brought([ETA], [row("77039", ETA)]),
        edits={
            "Eta Snekker AS": {
                "Name": "Eta Maler AS", "OrganizationNumber": "100600099", "ExternalId": "M-1",
            }
        },
    ),
    Case(
        "a customer who is blocked there",
        Brought(lines=[row("77040", BLOCKED)]),
        {"77040": Outcome("refused")},
    ),
    Case(
        "EHF: an allowance of a line",
        Brought(bills=[ehf("77044", items=[Item("10", "100", off=10000)])]),
        {"77044": sent("Nordvik Logistikk AS")},
    ),
    Case(
        "EHF: rounded, with an allowance of the whole, and of another buyer",
        Brought(bills=[ehf("77045", rounding=19), ehf("77145", wholes=[Whole(-1000)]),
                       ehf("77046", customer="5002")]),
        {"77045": blocked("Held"), "77145": blocked("Held"), "77046": Outcome(ABSENT)},
    ),
    Case(
        "an e-mail address with mailto: and a country's VAT prefix",
        Brought([firm("6047", "Athína Ltd", "", "EL", **{"Invoice e-mail": "mailto:k@a.example"})],
                [row("77047", firm("6047", "Athína Ltd"))]),
        {"77047": sent("Athína Ltd")},
    ),
    Case(
        "transferred invoices that come again in another dress",
        Brought(lines=[row('="77051"', ORD), row("77052\u200b", ORD), row("77053.0", ORD),
                       row("#77054", ORD)]),
        {"77051": sent("Orden AS"), "77052": sent("Orden AS"), "77053": sent("Orden AS"),
         "77054": sent("Orden AS"), "#77054": blocked(HELD)},
        before=Brought([ORD], [row(each, ORD) for each in ("77051", "77052", "77053", "77054")]),
    ),
    Case(
        "transferred invoices that come again as they are shown, sent and called",
        Brought(lines=[row("10-77071", ORD), row("RM-10-77072", ORD, "2"), row("№77073", ORD),
                       row("Faktura nr. 77074", ORD), row("20-77075", ORD), row("NULL", ORD)]),
        {"10-77071": blocked(HELD), "RM-10-77072": blocked(HELD), "№77073": blocked(HELD),
         "Faktura nr. 77074": blocked(HELD), "20-77075": blocked(HELD), "NULL": Outcome(ABSENT),
         "77071": sent("Orden AS"), "77075": sent("Orden AS")},
        before=Brought([ORD], [row(f"7707{each}", ORD) for each in range(1, 6)]),
    ),
    Case(
        "two firms that share only a word of thousands",
        Brought([MU], [row("77081", firm("6081", "Lambda Norge AS"))]),
        {"77081": blocked("Is it the same firm?")},
    ),
    Case(
        "a firm's name that a program wrote",
        Brought([firm("6082", "NULL")], [row("77082", firm("6082", "NULL"))]),
        {"77082": blocked("lacks name")},
    ),
    Case(
        "a department that has another number in RecMan now",
        Brought(lines=[row("77061", ORD, **NEW_OSLO),
                       row("77062", ORD, **NEW_OSLO)]),
        {"10-77061": sent("Orden AS"), "11-77061": blocked(HELD),
         "10-77062": sent("Orden AS"), "11-77062": blocked(HELD)},
        before=Brought([ORD], [row("77061", ORD), row("77062", ORD)]),
    ),
    Case(
        "a row of sums below the lines",
        Brought(lines=[row("77030", ORD), {NUMBER: "Total", "Sum excl. VAT": Decimal(1000)}]),
        {"77030": sent("Orden AS")},
    ),
    Case(
        "names in letters that a Mac has taken apart",
        Brought([firm("6031", unicodedata.normalize("NFD", "Kjøreskolen Å"))],
                [row("77031", firm("6031", "Kjøreskolen Å"))]),
        {"77031": sent("reskolen")},
    ),
)  # fmt: skip

ELSEWHERE = {
    "a product number whose zeros only its number format shows": (
        "tests/sources/sheets/test_cells.py",
        "tests/sources/reports/test_invoice_lines.py",
    ),
    "a product that is like another one, expired, deleted": (
        "tests/transfer/lane/test_products.py",
    ),
    "a discount within a line": ("tests/transfer/checks/test_checks.py",),
    "an answer that is lost when a customer, a product or an order is created": (
        "tests/crash/matrix.py",
    ),
    "a formula, an error and a line break in a cell": ("tests/sources/sheets/test_hostile.py",),
    "every dress of every number from every source": ("tests/sources/recman/test_any_dress.py",),
    "two customers of two countries": ("tests/transfer/order/test_whose_card.py",),
}
