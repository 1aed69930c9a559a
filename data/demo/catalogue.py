"""What the demo data is made of: headings, departments, products and customers, all invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ORE = Decimal("0.01")
HEADINGS = (
    "Invoice no. / Credit note no.",
    "Date",
    "Invoice date",
    "Quantity",
    "Price",
    "Sum excl. VAT",
    "VAT %",
    "VAT",
    "Sum incl. VAT",
    "Currency",
    "Product",
    "Article",
    "Product group",
    "Product no.",
    "Customer no.",
    "Company",
    "Project no.",
    "Project",
    "Department no.",
    "Department",
    "Our invoice reference.",
    "Employment condition",
)
CUSTOMER_HEADINGS = (
    "Customer no.",
    "Company",
    "Organization number",
    "Address",
    "Postal code",
    "City",
    "Country",
    "Invoice e-mail",
    "Credit days",
)
CREDIT_HEADINGS = (
    "Credit note no.",
    "Credit note date",
    "Invoice no.",
    "Invoice date",
    "Customer no.",
    "Company",
    "Project no.",
    "Project",
    "Sum credit note",
    "Sum invoice",
    "Currency",
    "Credit note reason",
    "Comment",
)
# what each credit note credits; 0987 was issued before so24 came, so that a person has to say
CREDITED = {9001: "1016", 9002: "0987", 9101: "2004"}
DEPARTMENTS = {"10": "Oslo", "20": "Bergen", "30": "Tromsø", "40": "Stavanger"}
PRODUCTS = (  # number, name, price per hour or piece, what stands on the line
    ("1001", "Konsulenttimer", "745.00", "Prosjektstøtte"),
    ("1002", "Lagermedarbeider", "412.50", "Varemottak"),
    ("1003", "Helgevakt", "538.75", "Helgevakt"),
    ("1004", "Nattevakt", "561.20", "Nattevakt"),
    ("1005", "Sjåfør klasse C", "489.90", "Distribusjon"),
    ("1006", "Renhold", "376.40", "Kontorrenhold"),
    ("1007", "Kokk", "498.35", "Kantinedrift"),
    ("1008", "Resepsjonist", "428.15", "Resepsjon"),
    ("1009", "Regnskapsmedarbeider", "615.60", "Månedsavslutning"),
    ("1010", "Elektriker", "689.95", "Servicearbeid"),
    ("1011", "Sveiser", "702.30", "Verkstedtimer"),
    ("1012", "Formidlingshonorar", "18500.00", "Rekruttering"),
    ("1013", "Overtid 50 %", "618.75", "Overtid"),
    ("1014", "Kjøretillegg", "4.85", "Kjøring, km"),
)
EXEMPT = ("1090", "Kurs for vikarer", "2950.00", "Kursdag")
GOODS = {product[0]: product for product in (*PRODUCTS, EXEMPT)}
QUANTITIES = ("37.5", "7.5", "22.25", "30", "15.75", "41.5", "8", "112.5", "18.25", "26.75")
COMPANIES = (  # invented; the last one is missing in the customers list, on purpose
    ("Nordvik Logistikk AS", "Tollbugata 4", "0152", "Oslo"),
    ("Bjørkelund Bygg AS", "Industriveien 21", "0581", "Oslo"),
    ("Grønnfjell Handel AS", "Markveien 8", "0554", "Oslo"),
    ("Solvang Barnehager AS", "Ekebergveien 90", "1178", "Oslo"),
    ("Havørn Transport AS", "Alnabruveien 3", "0668", "Oslo"),
    ("Tindtopp Eiendom AS", "Drammensveien 130", "0277", "Oslo"),
    ("Kvitsand Kafé AS", "Thereses gate 17", "0354", "Oslo"),
    ("Fagerlia Helse AS", "Kirkeveien 62", "0364", "Oslo"),
    ("Strandheim Hotell AS", "Bryggen 11", "5003", "Bergen"),
    ("Vestlys Elektro AS", "Kanalveien 54", "5068", "Bergen"),
    ("Fjordgløtt Sjømat AS", "Strandgaten 200", "5004", "Bergen"),
    ("Ulriksbakken Renhold AS", "Haukelandsbakken 2", "5009", "Bergen"),
    ("Nygårdstangen Lager AS", "Lars Hilles gate 19", "5008", "Bergen"),
    ("Sandviken Verft AS", "Sandviksveien 88", "5035", "Bergen"),
    ("Løvstakken Kontor AS", "Michael Krohns gate 70", "5057", "Bergen"),
    ("Damsgård Teknikk AS", "Damsgårdsveien 163", "5160", "Bergen"),
    ("Polarlys Fisk AS", "Stakkevollvegen 51", "9010", "Tromsø"),
    ("Ishavet Drift AS", "Havnegata 2", "9008", "Tromsø"),
    ("Oljehavna Service AS", "Verksgata 1", "4013", "Stavanger"),
    ("Ufullstendig Kunde AS", "", "", ""),
)
CREDIT_DAYS = (14, 30, 10, 20)


@dataclass(frozen=True)
class Line:
    """One line of the report; ``quantity`` is negative on credit notes."""

    product: tuple[str, str, str, str]
    quantity: Decimal
    day: dt.date

    @property
    def net(self) -> Decimal:
        """Quantity times price, half-up to the øre."""
        return (self.quantity * Decimal(self.product[2])).quantize(ORE, ROUND_HALF_UP)


@dataclass(frozen=True)
class Paper:
    """An invoice or a credit note."""

    department: str
    number: int
    customer: int
    date: dt.date
    lines: tuple[Line, ...]


def organization_number(index: int) -> str:
    """A number that passes the modulus 11 check, in a range from which none are issued."""
    found = 0
    for base in range(10_000_000, 19_999_999, 1_357):
        weighted = zip(str(base), (3, 2, 7, 6, 5, 4, 3, 2), strict=True)
        check = -sum(int(digit) * weight for digit, weight in weighted) % 11
        if check < 10:
            found += 1
            if found > index:
                return f"{base}{check}"
    raise ValueError("the range has no more numbers")
