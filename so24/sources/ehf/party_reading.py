"""Seller and buyer of a bill."""

from __future__ import annotations

from so24.sources.ehf.bill import Party
from so24.sources.ehf.node import Node


def read_party(node: Node, path: str, no_name: str, no_country: str) -> Party:
    party = node.find(f"{path}/cac:Party")
    if party is None:
        node.refuse(no_name, f"{path.removeprefix('cac:')} is missing")
        return Party("", "", "", "", "", "", "", "", "")
    lines = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    streets = [party.text(f"cac:PostalAddress/{line}") for line in lines]
    return Party(
        number=_read_number(party),
        name=party.text("cac:PartyLegalEntity/cbc:RegistrationName", no_name, longest=200),
        organization_number=_read_organization(party),
        address=", ".join(filter(None, streets))[:250],
        postal_code=party.text("cac:PostalAddress/cbc:PostalZone", longest=16),
        city=party.text("cac:PostalAddress/cbc:CityName", longest=100),
        country=party.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode", no_country),
        contact=party.text("cac:Contact/cbc:Name", longest=200),
        email=party.text("cac:Contact/cbc:ElectronicMail", longest=250),
    )


def _read_number(party: Node) -> str:
    """The identifier without a scheme, which is the seller's own: for a buyer the customer number.

    One with a scheme (a GLN, say) is a register's.
    """
    found = party.all("cac:PartyIdentification/cbc:ID")
    own = [each for each in found if "schemeID" not in each.element.attrib]
    if own and len(own[0].content) > 40:
        own[0].refuse("", "PartyIdentification/ID is longer than 40 characters")
    return own[0].content if own else ""


def _read_organization(party: Node) -> str:
    """The legal registration, else the VAT number, else a Norwegian electronic address."""
    if number := party.text("cac:PartyLegalEntity/cbc:CompanyID", longest=40):
        return number
    if number := vat_number(party):
        return number
    endpoint = party.find("cbc:EndpointID")
    norwegian = endpoint is not None and endpoint.element.get("schemeID") == "0192"
    return endpoint.content if endpoint is not None and norwegian else ""


def vat_number(party: Node) -> str:
    """The party's VAT identifier, or an empty text."""
    for scheme in party.all("cac:PartyTaxScheme"):
        if scheme.text("cac:TaxScheme/cbc:ID") == "VAT":
            return scheme.text("cbc:CompanyID")
    return ""
